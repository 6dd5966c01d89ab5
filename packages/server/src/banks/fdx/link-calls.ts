import type { Logger } from 'pino'
import type { Money } from '../../kernel/money.ts'
import type { BankConnector, Grant, KeepGrant, LinkAnswer, PaymentNumbers } from '../bank-connector.ts'
import type { Api, ApiRefusal } from './api.ts'
import { within } from './deadline.ts'
import { ask, type Reader, readNetworks } from './gather.ts'
import type { FdxBank } from './settings.ts'
import type { Tokens } from './tokens.ts'
import { toAccount, toNumbers } from './transform.ts'

type LinkCalls = Pick<BankConnector, 'balance' | 'numbers' | 'revoke'>
type Found<T> = Readonly<{ kind: 'ok'; value: T }> | Omit<ApiRefusal, 'status'>

/** What can be asked about a link once it stands. */
export function openLinkCalls(
  deps: Readonly<{
    at: <T>(id: string, work: (bank: FdxBank) => Promise<T>) => Promise<T | { kind: 'bank_unavailable' }>
    api: Api
    tokens: Tokens
    log: Logger
    budgetMs: number
  }>,
): LinkCalls {
  const { at, api, tokens, log, budgetMs } = deps

  /**
   * Gets a token, does the work, and once more with a new token if the bank did not take the first. A refresh under way
   * is never cut off, whatever `given` says: its answer holds the only refresh token the bank will take next time.
   */
  async function withToken<T>(
    link: Readonly<{ bank: FdxBank; grant: Grant; keep: KeepGrant; given?: AbortSignal | undefined }>,
    work: (reader: Reader) => Promise<Found<T>>,
  ): Promise<LinkAnswer<T>> {
    const { bank, keep } = link
    return within(budgetMs, [link.given], async (signal) => {
      let grant = link.grant
      let rejected: string | undefined
      for (const isLast of [false, true]) {
        if (signal.aborted) return { kind: 'bank_unavailable' }
        const answer = await tokens.present(bank, grant, keep, rejected)
        if (answer.kind !== 'ok') return answer
        grant = answer.session.grant
        rejected = answer.session.accessToken
        const found = await work({ bank, accessToken: rejected, actor: 'BATCH', signal })
        if (found.kind === 'ok') return { kind: 'ok', value: found.value, grant }
        if (found.kind !== 'unauthorized') return toLinkAnswer(found)
        if (isLast) return { kind: 'relink', why: found.why }
      }
      return { kind: 'bank_unavailable' }
    })
  }

  return {
    balance: (id, grant, accountRef, keep, given) =>
      at(id, (bank) => withToken({ bank, grant, keep, given }, (reader) => readBalance(api, reader, accountRef, log))),

    numbers: (id, grant, accountRef, keep) =>
      at(id, (bank) => withToken({ bank, grant, keep }, (reader) => readNumbers(api, reader, accountRef))),

    revoke: (id, grant, keep) =>
      at(id, async (bank) => {
        let latest = grant
        const follow: KeepGrant = async (next) => {
          await keep(next)
          latest = next
        }
        const { consentId } = grant
        const ended =
          consentId === null
            ? null
            : await withToken({ bank, grant, keep: follow }, (reader) => endConsent(api, reader, consentId))
        if (ended?.kind === 'bank_unavailable') return ended
        const isTokenDead = await tokens.end(bank, latest)
        // A consent that ended took its tokens along; where there is none to end, ending the token is all there is.
        const isOver = ended?.kind === 'ok' || ended?.kind === 'relink' || isTokenDead
        if (!isOver) return { kind: 'bank_unavailable' }
        return { kind: 'ok', value: null, grant: latest }
      }),
  }
}

function toLinkAnswer(refusal: Omit<ApiRefusal, 'status'>): LinkAnswer<never> {
  const { kind, why } = refusal
  return kind === 'relink' || kind === 'account_unusable' ? { kind, why } : { kind: 'bank_unavailable' }
}

async function readBalance(api: Api, reader: Reader, ref: string, log: Logger): Promise<Found<Money>> {
  const answer = await ask(api, reader, 'account', ['accounts', ref])
  if (answer.kind !== 'ok') return answer
  const account = answer.body ? toAccount(answer.body, reader.bank.fdxVersion) : undefined
  if (account && !account.eligible) return { kind: 'account_unusable', why: account.reason ?? 'not eligible' }
  if (account?.balance) return { kind: 'ok', value: account.balance }
  log.warn({ bank: reader.bank.id, call: 'account' }, 'the bank sent no balance')
  return { kind: 'bank_unavailable', why: 'the bank sent no balance' }
}

async function readNumbers(api: Api, reader: Reader, ref: string): Promise<Found<PaymentNumbers>> {
  const networks = await readNetworks(api, reader, ref)
  if (networks.kind !== 'ok') return networks
  const numbers = toNumbers(networks.items)
  if (numbers) return { kind: 'ok', value: numbers }
  // Half an answer is no proof that there are no numbers in the other half.
  return networks.isPartial
    ? { kind: 'bank_unavailable', why: 'the bank sent half an answer' }
    : { kind: 'account_unusable', why: 'the bank does not allow debits from the account' }
}

/** Unknown to the bank, or in conflict with its end: the consent is over, which is what was wanted. */
async function endConsent(api: Api, reader: Reader, consentId: string): Promise<Found<null>> {
  const answer = await api.call(reader.bank, reader.accessToken, {
    name: 'consent-revocation',
    path: ['consents', consentId, 'revocation'],
    put: { reason: 'USER_ACTION', initiator: 'INDIVIDUAL' },
    actor: reader.actor,
    signal: reader.signal,
  })
  if (answer.kind === 'ok') return { kind: 'ok', value: null }
  return answer.status === 404 || answer.status === 409 ? { kind: 'ok', value: null } : answer
}
