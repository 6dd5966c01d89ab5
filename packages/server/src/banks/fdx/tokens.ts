import { createHash } from 'node:crypto'
import { decodeJwt } from 'jose'
import { authorizationCodeGrant, refreshTokenGrant, type TokenEndpointResponse, tokenRevocation } from 'openid-client'
import type { Logger } from 'pino'
import type { Grant, KeepGrant } from '../bank-connector.ts'
import type { Proof } from './authorize.ts'
import type { Sites } from './discovery.ts'
import { oauthProblem } from './oauth-problem.ts'
import type { FdxBank } from './settings.ts'

/** A token that ends within this time is renewed first, so that it does not end on its way. */
const marginMs = 60_000
/** Assumed where a bank does not say how long its token lives. */
const silentLifeSeconds = 300
const mostSessions = 10_000

/** A grant and the access token it gave last. Lives in memory only. */
export type Session = Readonly<{ grant: Grant; accessToken: string; renewAt: number }>

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

export function openTokens(deps: Readonly<{ sites: Sites; now: () => Date; log: Logger }>): Tokens {
  /** By hash of a refresh token, spent ones too: who comes with a spent one is led to the one it was traded for. */
  const sessions = new Map<string, Session>()
  const renewing = new Map<string, Promise<SessionAnswer>>()

  const warn = (bank: FdxBank, call: string, problem: string) =>
    deps.log.warn({ bank: bank.id, call, problem }, 'bank gave no token')

  function remember(key: string, session: Session): void {
    sessions.delete(key)
    sessions.set(key, session)
    const [oldest] = sessions.keys()
    if (sessions.size > mostSessions && oldest !== undefined) sessions.delete(oldest)
  }

  function latest(bank: FdxBank, grant: Grant): Session | undefined {
    const found = sessions.get(keyOf(bank, grant))
    if (!found || found.grant.refreshToken === grant.refreshToken) return found
    return latest(bank, found.grant) ?? found
  }

  function toSession(bank: FdxBank, answer: TokenEndpointResponse, before: Grant | undefined): Session | undefined {
    const refreshToken = answer.refresh_token ?? before?.refreshToken
    if (refreshToken === undefined) return undefined
    const consentId = consentIdOf(answer) ?? before?.consentId ?? null
    const lifeMs = (answer.expires_in ?? silentLifeSeconds) * 1_000
    const grant = { consentId, refreshToken }
    const session = { grant, accessToken: answer.access_token, renewAt: deps.now().getTime() + lifeMs - marginMs }
    if (before) remember(keyOf(bank, before), session)
    remember(keyOf(bank, grant), session)
    return session
  }

  async function renew(bank: FdxBank, grant: Grant): Promise<SessionAnswer> {
    const site = await deps.sites.find(bank)
    if (!site) return { kind: 'bank_unavailable' }
    try {
      // Never tried twice: a bank that rotated and whose answer was lost takes the second try for theft.
      const answer = await refreshTokenGrant(site.configuration, grant.refreshToken, resourceOf(bank))
      const session = toSession(bank, answer, grant)
      return session ? { kind: 'ok', session } : { kind: 'bank_unavailable' }
    } catch (error) {
      const problem = oauthProblem(error)
      if (problem.word !== 'invalid_grant') {
        warn(bank, 'token', problem.word)
        return { kind: 'bank_unavailable' }
      }
      sessions.delete(keyOf(bank, grant))
      return { kind: 'relink', why: 'the bank no longer takes the refresh token' }
    }
  }

  /** Parallel calls of one link share one refresh. */
  function renewOnce(bank: FdxBank, grant: Grant): Promise<SessionAnswer> {
    const key = keyOf(bank, grant)
    const running = renewing.get(key) ?? renew(bank, grant).finally(() => renewing.delete(key))
    renewing.set(key, running)
    return running
  }

  return {
    async exchange(bank, returned, { state, nonce, verifier }) {
      const site = await deps.sites.find(bank)
      if (!site) return { kind: 'bank_unavailable' }
      const checks = {
        pkceCodeVerifier: verifier,
        ...(state === null ? {} : { expectedState: state }),
        ...(nonce === null ? {} : { expectedNonce: nonce }),
      }
      try {
        const answer = await authorizationCodeGrant(site.configuration, returned, checks, resourceOf(bank))
        const session = toSession(bank, answer, undefined)
        if (session) return { kind: 'ok', session }
        warn(bank, 'token', 'no_refresh_token')
        return { kind: 'bank_unavailable' }
      } catch (error) {
        const problem = oauthProblem(error)
        warn(bank, 'token', problem.word)
        if (problem.kind === 'forged') return { kind: 'not_ours', why: 'the ID token does not answer this sign-in' }
        if (problem.word === 'invalid_grant') return { kind: 'not_ours', why: 'the bank does not take the code' }
        return { kind: 'bank_unavailable' }
      }
    },

    async present(bank, grant, keep, rejected) {
      const known = latest(bank, grant)
      const isGood = known && known.accessToken !== rejected && known.renewAt > deps.now().getTime()
      const answer: SessionAnswer = isGood
        ? { kind: 'ok', session: known }
        : await renewOnce(bank, known?.grant ?? grant)
      if (answer.kind === 'ok' && !isSame(answer.session.grant, grant)) await keep(answer.session.grant)
      return answer
    },

    async end(bank, grant) {
      const site = await deps.sites.find(bank)
      if (!site) return false
      try {
        await tokenRevocation(site.configuration, grant.refreshToken, { token_type_hint: 'refresh_token' })
        sessions.delete(keyOf(bank, grant))
        return true
      } catch (error) {
        warn(bank, 'token-revocation', oauthProblem(error).word)
        return false
      }
    },
  }
}

const keyOf = (bank: FdxBank, grant: Grant): string =>
  createHash('sha256').update(`${bank.id}\n${grant.refreshToken}`).digest('base64url')

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
