import type { Logger } from 'pino'
import { assertOutsideTransaction } from '../../db/connect.ts'
import { assert } from '../../kernel/assert.ts'
import type { BankConnector, Institution, ReturnAnswer, SignedIn, SignInAnswer } from '../bank-connector.ts'
import { openDirectory } from '../directory.ts'
import { openApi } from './api.ts'
import { openAuthorize, readProof } from './authorize.ts'
import { type ChallengeAnswer, type CodeGiven, openChallenge } from './challenge.ts'
import { within } from './deadline.ts'
import { openSites, type SigningKey } from './discovery.ts'
import { readOffer } from './gather.ts'
import { openLinkCalls } from './link-calls.ts'
import { errorWord } from './oauth-problem.ts'
import { openOutside } from './outside.ts'
import type { Session } from './sessions.ts'
import { type FdxBank, toInstitution } from './settings.ts'
import { openTokens } from './tokens.ts'

/** For everything one call of the port does at a bank, retries included. */
const budgetMs = 45_000

export type FdxConnectorDeps = Readonly<{
  banks: readonly FdxBank[]
  /** Where banks send the browser back to. Registered at each of them, letter for letter. */
  redirectUri: string
  signingKey: SigningKey
  now: () => Date
  random: (bytes: number) => Buffer
  log: Logger
  fetch?: typeof fetch
  /** Banks without TLS: on a laptop only. */
  allowInsecure: boolean
  /** The longest one HTTP call may take. */
  callTimeoutMs?: number
}>

/** Banks that speak OAuth and an FDX-style API, each in its dialect. Nothing a bank does is thrown. */
export function openFdxConnector(deps: FdxConnectorDeps): BankConnector {
  for (const { id, issuer, fdxBase } of deps.banks)
    assert(deps.allowInsecure || [issuer, fdxBase].every(isHttps), `bank '${id}' is spoken to over https`)
  const { log, redirectUri, random } = deps
  const banks = new Map(deps.banks.map((bank) => [bank.id, bank]))
  const institutions: readonly Institution[] = deps.banks.map(toInstitution)
  const directory = openDirectory(institutions)
  const outside = openOutside({
    fetch: deps.fetch ?? fetch,
    log,
    ...(deps.callTimeoutMs === undefined ? {} : { timeoutMs: deps.callTimeoutMs }),
  })
  const sites = openSites({ ...deps, outside })
  const tokens = openTokens({ ...deps, sites })
  const api = openApi({ outside, random, log })
  const authorize = openAuthorize({ sites, redirectUri, random, log })
  const challenge = openChallenge({ ...deps, sites, outside })

  /** A bank may leave the settings while its customers are still here: for them it is not available. */
  async function at<T>(institutionId: string, work: (bank: FdxBank) => Promise<T>) {
    assertOutsideTransaction('the bank connector')
    const bank = banks.get(institutionId)
    if (bank) return work(bank)
    log.warn({ bank: institutionId.slice(0, 64) }, 'no such bank in the settings')
    return { kind: 'bank_unavailable' } as const
  }

  async function welcome(bank: FdxBank, session: Session): Promise<SignedIn | { kind: 'bank_unavailable' }> {
    const { accessToken, grant } = session
    const offer = await within(budgetMs, [], (signal) => readOffer(api, { bank, accessToken, actor: 'USER', signal }))
    if (offer.kind === 'ok') {
      return { kind: 'signed_in', grant, holderNames: offer.holderNames, accounts: offer.accounts }
    }
    log.warn({ bank: bank.id, problem: offer.kind }, 'signed in, but the accounts cannot be read')
    // Nobody will ever use this consent, so it should not stay behind at the bank.
    await tokens.end(bank, grant)
    return { kind: 'bank_unavailable' }
  }

  async function trade(bank: FdxBank, { code, proof }: CodeGiven): Promise<SignInAnswer> {
    const answer = await tokens.exchange(bank, directReturn(bank, redirectUri, code), proof)
    return answer.kind === 'ok' ? welcome(bank, answer.session) : { kind: 'bank_unavailable' }
  }

  const enter = (bank: FdxBank, answer: ChallengeAnswer): SignInAnswer | Promise<SignInAnswer> =>
    answer.kind === 'code_given' ? trade(bank, answer) : answer

  async function finish(bank: FdxBank, secret: string, query: Readonly<Record<string, string>>): Promise<ReturnAnswer> {
    const proof = readProof(secret)
    const no = refusedReturn(bank, proof.state, query)
    if (no) {
      if (query.error) log.info({ bank: bank.id, call: 'authorize', problem: errorWord(query.error) }, 'bank sent back')
      return no
    }
    const answer = await tokens.exchange(bank, returnAddress(redirectUri, query), proof)
    return answer.kind === 'ok' ? welcome(bank, answer.session) : answer
  }

  return {
    institutions: () => institutions,
    search: (words, limit) => directory.search(words, limit),
    begin: (id, state) =>
      at(id, (bank) => {
        assert(bank.signIn === 'redirect', `bank '${bank.id}' signs in on its own site`)
        return authorize(bank, state)
      }),
    finish: (id, secret, query) => at(id, (bank) => finish(bank, secret, query)),
    signIn: (id, login) =>
      at(id, async (bank) => {
        assert(bank.signIn === 'credentials', `bank '${bank.id}' signs in inside the flow`)
        return enter(bank, await challenge.signIn(bank, login))
      }),
    answerCode: (id, secret, code) =>
      at(id, async (bank) => enter(bank, await challenge.answerCode(bank, secret, code))),
    ...openLinkCalls({ at, api, tokens, log, budgetMs }),
  }
}

const isHttps = (url: string): boolean => new URL(url).protocol === 'https:'

/** The query as the bank put it on our address. */
function returnAddress(redirectUri: string, query: Readonly<Record<string, string>>): URL {
  const address = new URL(redirectUri)
  for (const [key, value] of Object.entries(query)) address.searchParams.set(key, value)
  return address
}

/** A code that came in the answer to our own call: there is no stranger who could have sent it. */
const directReturn = (bank: FdxBank, redirectUri: string, code: string): URL =>
  returnAddress(redirectUri, { code, iss: bank.issuer })

/** What ends a return before anything is traded. `iss` may be missing; present, it must be right (RFC 9207). */
function refusedReturn(
  bank: FdxBank,
  state: string | null,
  query: Readonly<Record<string, string>>,
): Exclude<ReturnAnswer, SignedIn> | undefined {
  if (state === null || query.state !== state) return { kind: 'not_ours', why: 'the state is not the one we sent' }
  if (query.iss !== undefined && query.iss !== bank.issuer)
    return { kind: 'not_ours', why: 'the answer is from another bank' }
  if (query.error === 'access_denied') return { kind: 'customer_left' }
  if (query.error !== undefined) return { kind: 'bank_unavailable' }
  return query.code ? undefined : { kind: 'not_ours', why: 'there is no code' }
}
