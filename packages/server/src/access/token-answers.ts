import type { KoaContextWithOIDC } from 'oidc-provider'
import type { House } from '../house.ts'
import { type RefusalCode, refusals } from '../kernel/refusal.ts'
import { revokeToken } from './access.commands.ts'
import { type AccessToken, readAccessToken } from './access-token.ts'
import { scopes } from './caller.ts'
import type { KeySet } from './key-ring.ts'
import { objection, type Standings } from './standings.ts'

type AnswerHouse = Pick<House, 'sql' | 'realNow' | 'settings'>
type Next = () => Promise<unknown>

/**
 * Goes around oidc-provider's own handling and completes its answers.
 *
 * Introspection and revocation: oidc-provider does not store tokens that are JWTs, so it declines them as its last
 * step, with `unsupported_token_type`, after it has read the form, refused repeated parameters and authenticated the
 * client. That is where we answer in its place. So these two endpoints authenticate clients by exactly the code that
 * the token endpoint uses, in all three ways and with the same memory of used assertions, and nothing of it is ours.
 */
export const completeAnswers =
  (house: AnswerHouse, keys: KeySet, standings: Standings) =>
  async (ctx: KoaContextWithOIDC, next: Next): Promise<void> => {
    await next()
    const route = ctx.oidc?.route
    if (ctx.method === 'POST') keepPrivate(ctx)
    if (errorOf(ctx) === 'unsupported_token_type') await answerForJwt(house, keys, standings, ctx)
    if (route === 'discovery' && ctx.status === 200) ctx.body = metadata(ctx.body as Record<string, unknown>)
    // A key is published ten minutes before it signs, so five are safe to keep.
    if (route === 'jwks') ctx.set('Cache-Control', 'public, max-age=300')
    if (errorOf(ctx) !== undefined) completeError(ctx)
  }

const errorOf = (ctx: KoaContextWithOIDC): string | undefined =>
  (ctx.body as { error?: string } | null | undefined)?.error

function keepPrivate(ctx: KoaContextWithOIDC): void {
  ctx.set('Cache-Control', 'no-store')
  ctx.remove('Access-Control-Allow-Origin')
  ctx.remove('Access-Control-Expose-Headers')
}

async function answerForJwt(
  house: AnswerHouse,
  keys: KeySet,
  standings: Standings,
  ctx: KoaContextWithOIDC,
): Promise<void> {
  const read = await readAccessToken(house, keys, String(ctx.oidc.params?.token))
  // Another merchant's token does not exist: it is inactive, and there is nothing to revoke.
  const token = typeof read === 'string' || read.merchantId !== ctx.oidc.client?.merchant_id ? undefined : read
  ctx.status = 200
  if (ctx.oidc.route === 'revocation') {
    ctx.body = ''
    if (!token) return
    await revokeToken(house, token)
    // The notification comes back to this process, too, but perhaps after the caller's next question.
    standings.changed({ kind: 'token', id: token.jti })
    return
  }
  const active = token !== undefined && objection(await standings.of(token)) === undefined
  ctx.body = active ? describe(house, token) : { active: false }
}

/** RFC 7662. */
const describe = (house: AnswerHouse, token: AccessToken) => ({
  active: true,
  scope: [...token.scopes].join(' '),
  client_id: token.clientId,
  sub: token.clientId,
  merchant_id: token.merchantId,
  token_type: 'Bearer',
  exp: token.expiresAt.getTime() / 1_000,
  iat: token.issuedAt.getTime() / 1_000,
  iss: house.settings.apiUrl,
  aud: house.settings.apiUrl,
  jti: token.jti,
})

/** RFC 8414, without what oidc-provider says about sign-in, of which there is none here. */
const metadata = (all: Record<string, unknown>) => ({
  issuer: all.issuer,
  token_endpoint: all.token_endpoint,
  jwks_uri: all.jwks_uri,
  introspection_endpoint: all.introspection_endpoint,
  revocation_endpoint: all.revocation_endpoint,
  scopes_supported: scopes,
  response_types_supported: [],
  grant_types_supported: ['client_credentials'],
  token_endpoint_auth_methods_supported: all.token_endpoint_auth_methods_supported,
  token_endpoint_auth_signing_alg_values_supported: all.token_endpoint_auth_signing_alg_values_supported,
  introspection_endpoint_auth_methods_supported: all.token_endpoint_auth_methods_supported,
  introspection_endpoint_auth_signing_alg_values_supported: all.token_endpoint_auth_signing_alg_values_supported,
  revocation_endpoint_auth_methods_supported: all.token_endpoint_auth_methods_supported,
  revocation_endpoint_auth_signing_alg_values_supported: all.token_endpoint_auth_signing_alg_values_supported,
})

/** oidc-provider calls a body beyond its limit unreadable; only the cause says more. */
export function noteTooLarge(ctx: KoaContextWithOIDC, error: Error): void {
  if ((error.cause as Error | undefined)?.message !== 'request entity too large') return
  ctx.status = 413
  ctx.set('Connection', 'close')
  ctx.body = { error: 'invalid_request', error_description: refusals.payload_too_large[3] }
}

/** OAuth's words stay as they are; the house's own stand beside them, as in every other error. */
function completeError(ctx: KoaContextWithOIDC): void {
  const out = ctx.body as { error: string; error_description?: string }
  const code = houseCode(ctx.status, out.error)
  const errorCode = code ? refusals[code][1] : out.error.toUpperCase()
  ctx.body = { ...out, errorCode, errorMessage: sentence(out.error_description ?? out.error) }
}

function houseCode(status: number, error: string): RefusalCode | undefined {
  if (status === 413) return 'payload_too_large'
  if (error === 'invalid_client') return 'unauthorized'
  if (error === 'server_error') return 'internal'
  return undefined
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`
