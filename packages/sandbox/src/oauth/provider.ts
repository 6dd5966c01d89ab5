import { setTimeout as wait } from 'node:timers/promises'
import { type Configuration, errors, Provider } from 'oidc-provider'
import { apiOf, type Bank, issuerOf } from '../banks/bank.ts'
import { findCustomer } from '../banks/customer.store.ts'
import { apiScope } from '../consents/consent.ts'
import { DETAIL_TYPE, readConsentRequest } from '../consents/consent-request.ts'
import { showProviderError } from '../pages/error.page.ts'
import type { World } from '../world.ts'
import { PostgresAdapter } from './adapter.ts'
import { SIGNING_ALG, signingKey } from './keys.ts'

const CODE_LIVES_SECONDS = 60
const ACCESS_TOKEN_LIVES_SECONDS = 900
const DAY_SECONDS = 86_400

function rightsFeatures(world: World, bank: Bank): Configuration['features'] {
  const api = apiOf(world.url, bank)
  return {
    devInteractions: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    userinfo: { enabled: false },
    // The data interface takes Bearer tokens only, so none is bound to a key.
    dPoP: { enabled: false },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: bank.signIn === 'redirect' },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => api,
      useGrantedResource: () => true,
      getResourceServerInfo(_ctx, resource) {
        if (resource !== api) throw new errors.InvalidTarget()
        return {
          scope: apiScope,
          audience: api,
          accessTokenTTL: ACCESS_TOKEN_LIVES_SECONDS,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: SIGNING_ALG } },
        }
      },
    },
    richAuthorizationRequests: {
      enabled: true,
      types: {
        [DETAIL_TYPE]: {
          validate(_ctx, detail) {
            const read = readConsentRequest(detail)
            if (typeof read === 'string') throw new errors.InvalidAuthorizationDetails(read)
          },
        },
      },
      // What the customer allowed is written on the grant; tokens say exactly that, however much was asked.
      authorizationDetailsForGrantSource: (ctx) => ctx.oidc.entities.Grant?.rar,
      authorizationDetailsForAccessToken: (_ctx, _token, source) => source?.rar,
      authorizationDetailsForIntrospection: (_ctx, token) => token.rar,
    },
  }
}

function configuration(world: World, bank: Bank): Configuration {
  const issuer = issuerOf(world.url, bank)
  const cookie = { signed: true, httpOnly: true, sameSite: 'lax', path: `/${bank.slug}` } as const
  return {
    adapter: (model) => new PostgresAdapter(world, bank, model),
    clients: world.clients.map((client) => ({
      client_id: client.clientId,
      client_name: client.name,
      jwks_uri: client.jwksUri,
      redirect_uris: [...client.redirectUris],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: SIGNING_ALG,
      id_token_signed_response_alg: SIGNING_ALG,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      authorization_details_types: [DETAIL_TYPE],
    })),
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: { idTokenSigningAlgValues: [SIGNING_ALG], clientAuthSigningAlgValues: [SIGNING_ALG] },
    jwks: { keys: [signingKey(world.keys, bank.slug)] },
    cookies: { keys: [world.keys.cookies], long: cookie, short: { ...cookie, path: undefined } },
    responseTypes: ['code'],
    scopes: ['openid', 'offline_access'],
    claims: { openid: ['sub'] },
    pkce: { required: () => true },
    features: rightsFeatures(world, bank),
    discovery: {
      authorization_details_types_supported: [DETAIL_TYPE],
      ...(bank.signIn === 'challenge' ? { authorization_challenge_endpoint: `${issuer}/authorization-challenge` } : {}),
    },
    // The library refuses loopback addresses; on this pretend internet every client lives on one.
    fetch: (url, options) => {
      const { dispatcher: _guard, ...rest } = options as RequestInit & { dispatcher?: unknown }
      return fetch(url, rest)
    },
    findAccount: async (_ctx, id) =>
      (await findCustomer(world.sql, bank.slug, id)) && { accountId: id, claims: () => ({ sub: id }) },
    expiresWithSession: () => false,
    issueRefreshToken: (_ctx, _client, source) => source.scopes.has('offline_access'),
    rotateRefreshToken: true,
    extraTokenClaims: (_ctx, token) => ('grantId' in token ? { fdxConsentId: token.grantId } : undefined),
    interactions: { url: (_ctx, interaction) => `/${bank.slug}/interaction/${interaction.uid}` },
    renderError: (ctx, out) => showProviderError(ctx, bank, out),
    ttl: {
      AccessToken: ACCESS_TOKEN_LIVES_SECONDS,
      AuthorizationCode: CODE_LIVES_SECONDS,
      Grant: 365 * DAY_SECONDS,
      IdToken: ACCESS_TOKEN_LIVES_SECONDS,
      Interaction: 15 * 60,
      RefreshToken: 30 * DAY_SECONDS,
      Session: 15 * 60,
    },
  }
}

/** A slow bank is slow at its token endpoint too, once it knows whom it is being slow for. */
async function takeTime(world: World, bank: Bank, accountId: string | undefined): Promise<void> {
  const customer = accountId && (await findCustomer(world.sql, bank.slug, accountId))
  if (customer && customer.temper === 'slow') await wait(world.slowMs)
}

/** The authorization server of one bank. */
export function openProvider(world: World, bank: Bank): Provider {
  const provider = new Provider(issuerOf(world.url, bank), configuration(world, bank))
  // The sandbox itself sets the forwarding headers (see mount.ts), so published addresses follow SANDBOX_URL.
  provider.proxy = true
  provider.use(async (ctx, next) => {
    await next()
    if (ctx.oidc?.route !== 'token' || ctx.status !== 200) return
    const grantId = ctx.oidc.entities.Grant?.jti
    if (grantId) ctx.body = { ...(ctx.body as object), grant_id: grantId }
    await takeTime(world, bank, ctx.oidc.entities.Account?.accountId)
  })
  listen(world, bank, provider)
  return provider
}

/** One line for each refusal, so that a client's developer sees the reason without guessing; never a token. */
function listen(world: World, bank: Bank, provider: Provider): void {
  const refused = (_ctx: unknown, error: errors.OIDCProviderError) => {
    const reason = error.error_detail ?? (error.cause instanceof Error ? error.cause.message : undefined)
    world.log.info({ bank: bank.slug, error: error.error, says: error.error_description, reason }, 'client refused')
  }
  provider.on('authorization.error', refused)
  provider.on('pushed_authorization_request.error', refused)
  provider.on('grant.error', refused)
  provider.on('revocation.error', refused)
  provider.on('server_error', (_ctx, error) =>
    world.log.error({ bank: bank.slug, error: error.message }, 'bank failed'),
  )
}
