import { createHash } from 'node:crypto'
import { buildAuthorizationUrl, buildAuthorizationUrlWithPAR } from 'openid-client'
import type { Logger } from 'pino'
import { assert } from '../../kernel/assert.ts'
import type { Sites } from './discovery.ts'
import { oauthProblem } from './oauth-problem.ts'
import type { FdxBank } from './settings.ts'

/** The longest consent the US rule on personal financial data allows. */
const consentDays = 365

/** What one sign-in must show again at its end. Sealed by the caller in between. */
export type Proof = Readonly<{ state: string | null; nonce: string | null; verifier: string }>

/** `nonce` only where the bank will issue an ID token to carry it back. */
export function newProof(bank: FdxBank, random: (bytes: number) => Buffer, state: string | null): Proof {
  const fresh = () => random(32).toString('base64url')
  return { state, nonce: bank.scopes.includes('openid') ? fresh() : null, verifier: fresh() }
}

/** Reads back what `JSON.stringify` of a proof gave. It was sealed: anything else is our own mistake. */
export function readProof(secret: string): Proof {
  const { state, nonce, verifier } = JSON.parse(secret) as Record<string, unknown>
  const isProof = isTextOrNull(state) && isTextOrNull(nonce) && typeof verifier === 'string'
  assert(isProof, 'the secret is the one this connector gave')
  return { state, nonce, verifier }
}

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string'

/** What both ways of signing in ask for: the scopes, the clusters, and the challenge whose answer we keep. */
export function authorizationRequest(bank: FdxBank, redirectUri: string, proof: Proof): Record<string, string> {
  return {
    redirect_uri: redirectUri,
    scope: bank.scopes.join(' '),
    code_challenge: createHash('sha256').update(proof.verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(proof.nonce === null ? {} : { nonce: proof.nonce }),
    ...(bank.audience === undefined ? {} : { resource: bank.audience }),
    ...(bank.dataClusters === undefined ? {} : { authorization_details: consentRequest(bank.dataClusters) }),
  }
}

const consentRequest = (dataClusters: readonly string[]): string =>
  JSON.stringify([
    {
      type: 'fdx_v1.0',
      consentRequest: {
        durationType: 'TIME_BOUND',
        durationPeriod: consentDays,
        lookbackPeriod: 0,
        resources: [{ resourceType: 'ACCOUNT', dataClusters }],
      },
    },
  ])

type Authorize = (
  bank: FdxBank,
  state: string,
) => Promise<{ kind: 'redirect'; redirectTo: string; secret: string } | { kind: 'bank_unavailable' }>

/** Prepares the way to a bank's own sign-in page. */
export const openAuthorize =
  (deps: Readonly<{ sites: Sites; redirectUri: string; random: (bytes: number) => Buffer; log: Logger }>): Authorize =>
  async (bank, state) => {
    const site = await deps.sites.find(bank)
    if (!site) return { kind: 'bank_unavailable' }
    const proof = newProof(bank, deps.random, state)
    const request = {
      ...authorizationRequest(bank, deps.redirectUri, proof),
      response_type: 'code',
      state,
      // Without it many servers give no refresh token for offline_access.
      ...(bank.scopes.includes('offline_access') ? { prompt: 'consent' } : {}),
    }
    try {
      const url = bank.par
        ? await buildAuthorizationUrlWithPAR(site.configuration, request)
        : buildAuthorizationUrl(site.configuration, request)
      return { kind: 'redirect', redirectTo: url.href, secret: JSON.stringify(proof) }
    } catch (error) {
      const problem = oauthProblem(error)
      deps.log.warn({ bank: bank.id, call: 'authorize', problem: problem.word }, 'bank refused the request')
      return { kind: 'bank_unavailable' }
    }
  }
