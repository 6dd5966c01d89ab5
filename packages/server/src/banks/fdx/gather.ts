import type { OfferedAccount } from '../bank-connector.ts'
import type { Api, ApiCall, ApiRefusal } from './api.ts'
import { type PagesAnswer, readPages } from './pages.ts'
import type { FdxBank } from './settings.ts'
import { hindrances, toAccount, toHolderNames, toNumbers } from './transform.ts'

const mostAccounts = 50
/** Calls to one bank at a time for one customer. */
const width = 4

/** A bank, a token, and how long there is. */
export type Reader = Readonly<{
  bank: FdxBank
  accessToken: string
  actor: ApiCall['actor']
  signal: AbortSignal
}>

type Offer = Readonly<{ kind: 'ok'; holderNames: readonly string[]; accounts: readonly OfferedAccount[] }>

/** Accounts with balances, which may be debited, and whose they are. A bank that answers in part still works. */
export async function readOffer(api: Api, reader: Reader): Promise<Offer | ApiRefusal> {
  const { bank } = reader
  const listed = await readPages(
    (cursor) => ask(api, reader, 'accounts', ['accounts'], { resultType: 'details', ...cursor }),
    'accounts',
  )
  if (listed.kind !== 'ok') return listed
  const found = listed.items.flatMap((element) => toAccount(element, bank.fdxVersion) ?? [])
  const distinct = [...new Map(found.map((account) => [account.ref, account])).values()].slice(0, mostAccounts)
  const accounts = await inTurns(distinct, (account) => judge(api, reader, account))
  const payer = accounts.find(({ eligible }) => eligible)
  return { kind: 'ok', accounts, holderNames: payer ? await readHolderNames(api, reader, payer.ref) : [] }
}

/** Whether the bank lets an account be debited, as far as it tells. */
async function judge(api: Api, reader: Reader, account: OfferedAccount): Promise<OfferedAccount> {
  if (!account.eligible) return account
  const networks = await readNetworks(api, reader, account.ref)
  if (networks.kind === 'ok' && toNumbers(networks.items)) return account
  const isKnown = networks.kind === 'ok' || networks.kind === 'account_unusable'
  return { ...account, eligible: false, reason: isKnown ? hindrances.noDebits : hindrances.unknown }
}

/** A restricted account may answer with no body at all: no networks. */
export const readNetworks = (api: Api, reader: Reader, ref: string): Promise<PagesAnswer> =>
  readPages(
    (cursor) => ask(api, reader, 'payment-networks', ['accounts', ref, 'payment-networks'], cursor),
    'paymentNetworks',
  )

async function readHolderNames(api: Api, reader: Reader, ref: string): Promise<readonly string[]> {
  const contact = await ask(api, reader, 'contact', ['accounts', ref, 'contact'])
  return contact.kind === 'ok' && contact.body ? toHolderNames(contact.body) : []
}

export const ask = (api: Api, reader: Reader, name: string, path: readonly string[], query?: ApiCall['query']) =>
  api.call(reader.bank, reader.accessToken, {
    name,
    path,
    actor: reader.actor,
    signal: reader.signal,
    ...(query ? { query } : {}),
  })

/** Every item's answer in the items' order, a few at a time. */
async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = []
  const queue = items.entries()
  const worker = async () => {
    for (const [at, item] of queue) answers[at] = await work(item)
  }
  await Promise.all(Array.from({ length: width }, worker))
  return answers
}
