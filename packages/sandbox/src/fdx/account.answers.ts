import { randomInt } from 'node:crypto'
import { listConsentedAccounts, listTransactions, tokenFor } from '../banks/account.store.ts'
import { type Account, isDeposit } from '../banks/account.ts'
import type { Bank } from '../banks/bank.ts'
import type { World } from '../world.ts'
import { type Call, covers } from './call.ts'
import { FdxError } from './errors.ts'
import { readPage, toPage } from './paging.ts'
import type { Answer, Asked, Resource } from './resource.ts'
import { type Detail, toAccount, toContact, toPaymentNetworks, toTransaction, wrapTransaction } from './wire.ts'

const DAY_MS = 86_400_000

const mayShowBalances = (call: Call): boolean => covers(call, 'BALANCES') || covers(call, 'ACCOUNT_DETAILED')

const detailOf = (call: Call, wanted: boolean): Detail => ({
  balances: wanted && mayShowBalances(call) && !call.faults.has('no_balances') && !call.faults.has('partial'),
  restricted: call.faults.has('restricted'),
})

async function chosenAccount(world: World, call: Call, id: string): Promise<Account> {
  const accounts = await listConsentedAccounts(world.sql, call.consent.id)
  const account = accounts.find((one) => one.id === id)
  if (!account) throw new FdxError('account_not_found', 'no such account under this consent')
  if (account.status === 'CLOSED') throw new FdxError('account_closed', '')
  return account
}

async function listed(world: World, bank: Bank, call: Call, { query }: Asked): Promise<Answer> {
  const wanted = query.resultType ?? 'lightweight'
  if (wanted !== 'lightweight' && wanted !== 'details')
    throw new FdxError('invalid_input', 'resultType must be lightweight or details')
  if (wanted === 'details' && !mayShowBalances(call)) throw new FdxError('not_authorized', 'details are not covered')
  const page = readPage(bank.dialect, query)
  const only = query.accountIds?.split(',')
  const all = await listConsentedAccounts(world.sql, call.consent.id)
  const matching = all.filter((account) => !only || only.includes(account.id))
  const detail = detailOf(call, wanted === 'details')
  const shown = matching.slice(page.offset, page.offset + page.limit)
  const hasMore = matching.length > page.offset + page.limit
  return {
    body: {
      page: toPage(bank.dialect, page, hasMore, call.faults.has('repeated_cursor')),
      accounts: shown.map((account) => toAccount(bank.dialect, account, detail)),
    },
  }
}

/** Ten random digits behind a 9, so that a stand-in shares nothing with the number it stands for. */
const freshToken = (): string => `9${Array.from({ length: 10 }, () => randomInt(10)).join('')}`

async function networks(world: World, bank: Bank, call: Call, { id }: Asked): Promise<Answer> {
  const account = await chosenAccount(world, call, id)
  if (!isDeposit(account)) throw new FdxError('type_not_supported', 'no payments from this kind of account')
  if (account.status === 'RESTRICTED' || call.faults.has('empty_networks')) return {}
  const isToken = bank.tokenRoutingNumber !== undefined
  const number = isToken ? await tokenFor(world.sql, call.consent.id, account.id, freshToken()) : account.number
  const hasAch = !call.faults.has('no_ach')
  const canDebit = !call.faults.has('no_debits')
  return { body: { page: {}, paymentNetworks: toPaymentNetworks(bank, { number, isToken, hasAch, canDebit }) } }
}

function readDay(text: string): Date {
  const day = /^\d{4}-\d{2}-\d{2}/.test(text) ? new Date(`${text.slice(0, 10)}T00:00:00Z`) : undefined
  if (!day || Number.isNaN(day.getTime())) throw new FdxError('invalid_date', 'dates look like 2026-01-31')
  return day
}

/** Days, both named, the last one included; or neither. Newer versions say Date where older ones say Time. */
function readDays(query: Asked['query']): { from: Date; before: Date } | undefined {
  const start = query.startDate ?? query.startTime
  const end = query.endDate ?? query.endTime
  if (start === undefined && end === undefined) return undefined
  if (start === undefined || end === undefined) throw new FdxError('invalid_date_range', 'name both days or neither')
  const from = readDay(start)
  const before = new Date(readDay(end).getTime() + DAY_MS)
  if (before <= from) throw new FdxError('invalid_date_range', 'the first day comes after the last')
  return { from, before }
}

/** No further back than the consent looks; a consent that names no lookback sets no limit. */
function withinLookback(call: Call, from: Date | undefined): { from?: Date } {
  const { lookbackDays, createdAt } = call.consent
  const earliest = lookbackDays > 0 ? new Date(createdAt.getTime() - lookbackDays * DAY_MS) : undefined
  const start = from && earliest ? (from > earliest ? from : earliest) : (from ?? earliest)
  return start ? { from: start } : {}
}

async function transactions(world: World, bank: Bank, call: Call, { id, query }: Asked): Promise<Answer> {
  const account = await chosenAccount(world, call, id)
  const days = readDays(query)
  const page = readPage(bank.dialect, query)
  // One more than the page tells whether there is a next one.
  const range = { ...days, ...withinLookback(call, days?.from), offset: page.offset, limit: page.limit + 1 }
  const found = await listTransactions(world.sql, account.id, range)
  if (days && found.length === 0) throw new FdxError('no_data', 'nothing happened on those days')
  const shown = found.slice(0, page.limit)
  return {
    body: {
      page: toPage(bank.dialect, page, found.length > page.limit, call.faults.has('repeated_cursor')),
      transactions: shown.map((one) => wrapTransaction(bank.dialect, toTransaction(one))),
    },
  }
}

/** The calls about accounts and their holder. */
export function accountAnswers(world: World, bank: Bank): Resource[] {
  const get = (path: string, rule: Resource['rule'], answer: Resource['answer']): Resource => ({
    method: 'GET',
    path,
    rule,
    answer,
  })
  return [
    get('/customers/current', { resource: 'customer', needs: [] }, async (call) => ({
      body: { customerId: call.customer.id },
    })),
    get('/accounts', { resource: 'accounts', needs: ['ACCOUNT_BASIC'] }, (call, asked) =>
      listed(world, bank, call, asked),
    ),
    get('/accounts/:id', { resource: 'account', needs: ['ACCOUNT_DETAILED', 'BALANCES'] }, async (call, { id }) => ({
      body: toAccount(bank.dialect, await chosenAccount(world, call, id), detailOf(call, true)),
    })),
    get('/accounts/:id/payment-networks', { resource: 'payment-networks', needs: ['PAYMENT_SUPPORT'] }, (call, asked) =>
      networks(world, bank, call, asked),
    ),
    get('/accounts/:id/contact', { resource: 'contact', needs: ['CUSTOMER_CONTACT'] }, async (call, { id }) => {
      await chosenAccount(world, call, id)
      return { body: toContact(bank.dialect, call.customer) }
    }),
    get('/accounts/:id/transactions', { resource: 'transactions', needs: ['TRANSACTIONS'] }, (call, asked) =>
      transactions(world, bank, call, asked),
    ),
  ]
}
