import { decodeJwt } from 'jose'
import { authorizationCodeGrant, refreshTokenGrant, type TokenEndpointResponse, tokenRevocation } from 'openid-client'
import type { Logger } from 'pino'
import type { Grant, KeepGrant } from '../bank-connector.ts'
import type { Proof } from './authorize.ts'
import type { Sites } from './discovery.ts'
import { oauthProblem } from './oauth-problem.ts'
import { keyOf, openSessions, type Session, type Sessions } from './sessions.ts'
import type { FdxBank } from './settings.ts'

/** A token that ends within this time is renewed first, so that it does not end on its way. */
const marginMs = 60_000
/** Assumed where a bank does not say how long its token lives. */
const silentLifeSeconds = 300

type SessionAnswer =
  | Readonly<{ kind: 'ok'; session: Session }>
  | Readonly<{ kind: 'relink'; why: string }>
  | Readonly<{ kind: 'bank_unavailable' }>

type ExchangeAnswer =
  | Readonly<{ kind: 'ok'; session: Session }>
  | Readonly<{ kind: 'not_ours'; why: string }>
  | Readonly<{ kind: 'bank_unavailable' }>

export type Tokens = Readonly<{
  /** `returned` is our redirect address with all that the bank added to it. */
  exchange(bank: FdxBank, returned: URL, proof: Proof): Promise<ExchangeAnswer>
  /**
   * An access token for a link: the one in memory, else a new one. When the grant is no longer the caller's, `keep` is
   * awaited before the token is given out; when `keep` fails, the rotated grant stays in memory for the next call.
   * `rejected` is an access token the bank no longer takes.
   */
  present(bank: FdxBank, grant: Grant, keep: KeepGrant, rejected?: string): Promise<SessionAnswer>
  /** RFC 7009, then forgets. Whether the bank confirmed it. */
  end(bank: FdxBank, grant: Grant): Promise<boolean>
}>

type Desk = Readonly<{
  sites: Sites
  sessions: Sessions
  now: () => Date
  warn(bank: FdxBank, call: string, problem: string): void
}>

/** Trades refresh tokens. Parallel calls of one link share one refresh. */
function openRenewal({ sites, sessions, now, warn }: Desk) {
  const renewing = new Map<string, Promise<SessionAnswer>>()

  async function renew(bank: FdxBank, grant: Grant): Promise<SessionAnswer> {
    const site = await sites.find(bank)
    if (!site) return { kind: 'bank_unavailable' }
    try {
      // Never tried twice: a bank that rotated and whose answer was lost takes the second try for theft.
      const answer = await refreshTokenGrant(site.configuration, grant.refreshToken, resourceOf(bank))
      const refreshToken = answer.refresh_token ?? grant.refreshToken
      const consentId = consentIdOf(answer) ?? grant.consentId
      const session = toSession(answer, { consentId, refreshToken }, now())
      sessions.remember(bank.id, session, grant)
      return { kind: 'ok', session }
    } catch (error) {
      const problem = oauthProblem(error)
      if (problem.word !== 'invalid_grant') {
        warn(bank, 'token', problem.word)
        return { kind: 'bank_unavailable' }
      }
      sessions.forget(bank.id, grant)
      return { kind: 'relink', why: 'the bank no longer takes the refresh token' }
    }
  }

  return (bank: FdxBank, grant: Grant): Promise<SessionAnswer> => {
    const key = keyOf(bank.id, grant)
    const running = renewing.get(key) ?? renew(bank, grant).finally(() => renewing.delete(key))
    renewing.set(key, running)
    return running
  }
}

export function openTokens(deps: Readonly<{ sites: Sites; now: () => Date; log: Logger }>): Tokens {
  const { sites, now, log } = deps
  const sessions = openSessions()
  const warn = (bank: FdxBank, call: string, problem: string) =>
    log.warn({ bank: bank.id, call, problem }, 'bank gave no token')
  const renewOnce = openRenewal({ sites, sessions, now, warn })

  return {
    async exchange(bank, returned, { state, nonce, verifier }) {
      const site = await sites.find(bank)
      if (!site) return { kind: 'bank_unavailable' }
      const checks = {
        pkceCodeVerifier: verifier,
        ...(state === null ? {} : { expectedState: state }),
        ...(nonce === null ? {} : { expectedNonce: nonce }),
      }
      try {
        const answer = await authorizationCodeGrant(site.configuration, returned, checks, resourceOf(bank))
        if (answer.refresh_token === undefined) {
          warn(bank, 'token', 'no_refresh_token')
          return { kind: 'bank_unavailable' }
        }
        const grant = { consentId: consentIdOf(answer) ?? null, refreshToken: answer.refresh_token }
        const session = toSession(answer, grant, now())
        sessions.remember(bank.id, session)
        return { kind: 'ok', session }
      } catch (error) {
        const problem = oauthProblem(error)
        warn(bank, 'token', problem.word)
        if (problem.kind === 'forged') return { kind: 'not_ours', why: 'the ID token does not answer this sign-in' }
        if (problem.word === 'invalid_grant') return { kind: 'not_ours', why: 'the bank does not take the code' }
        return { kind: 'bank_unavailable' }
      }
    },

    async present(bank, grant, keep, rejected) {
      const known = sessions.find(bank.id, grant)
      const isGood = known && known.accessToken !== rejected && known.renewAt > now().getTime()
      const answer: SessionAnswer = isGood
        ? { kind: 'ok', session: known }
        : await renewOnce(bank, known?.grant ?? grant)
      if (answer.kind === 'ok' && !isSame(answer.session.grant, grant)) await keep(answer.session.grant)
      return answer
    },

    async end(bank, grant) {
      const site = await sites.find(bank)
      if (!site) return false
      try {
        await tokenRevocation(site.configuration, grant.refreshToken, { token_type_hint: 'refresh_token' })
        sessions.forget(bank.id, grant)
        return true
      } catch (error) {
        warn(bank, 'token-revocation', oauthProblem(error).word)
        return false
      }
    },
  }
}

const toSession = (answer: TokenEndpointResponse, grant: Grant, now: Date): Session => ({
  grant,
  accessToken: answer.access_token,
  renewAt: now.getTime() + (answer.expires_in ?? silentLifeSeconds) * 1_000 - marginMs,
})

const isSame = (a: Grant, b: Grant): boolean => a.refreshToken === b.refreshToken && a.consentId === b.consentId

const resourceOf = (bank: FdxBank): Record<string, string> =>
  bank.audience === undefined ? {} : { resource: bank.audience }

/** `grant_id` beside the tokens, or the private claim in the access token where that can be read. */
function consentIdOf(answer: TokenEndpointResponse): string | undefined {
  const { grant_id: grantId } = answer
  if (typeof grantId === 'string' && grantId !== '') return grantId
  try {
    const { fdxConsentId } = decodeJwt(answer.access_token)
    return typeof fdxConsentId === 'string' && fdxConsentId !== '' ? fdxConsentId : undefined
  } catch {
    return undefined
  }
}
