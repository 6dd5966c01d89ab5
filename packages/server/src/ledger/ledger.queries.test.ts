import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { transact } from '../db/connect.ts'
import { easternDay } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { createMerchant } from '../merchants/merchant.commands.ts'
import { type BookAccount, books, type Posting } from './books.ts'
import { listEntries, readBalances, readJournal } from './ledger.queries.ts'
import { post } from './ledger.store.ts'

let t: TestHouse
let m: MerchantId
const subjectId = '019b8eac-1180-7fec-ab66-ffc86f38d952'
const entry = (debit: BookAccount, credit: BookAccount, cents: bigint, subjectSeq?: number): Posting => ({
  ...{ debit, credit, amount: Money.of(cents) },
  ...(subjectSeq === undefined ? {} : { subjectId, subjectSeq }),
})
const posts = (id: string, reason: string, ...postings: Posting[]) =>
  transact(t.house.sql, (tx) => post(tx, [{ id, reason, day: easternDay(t.clock.now), postings }], t.clock.now))

beforeAll(async () => {
  t = await openTestHouse()
  m = (await createMerchant(t.house, { name: 'Reader' })).merchant.id
  await createMerchant(t.house, { name: 'Bystander' })
  await posts('a', 'payment initiated', entry(books.debitsInTransit, books.pending(m), 1_000n, 3))
  await posts(
    'b',
    'payment settled',
    entry(books.bank, books.debitsInTransit, 1_000n, 4),
    entry(books.pending(m), books.held(m), 992n, 4),
    entry(books.pending(m), books.fees, 8n, 4),
  )
  t.clock.forward(86_400_000)
  await posts('c', 'hold released', entry(books.held(m), books.available(m), 992n, 5))
  await posts('d', 'returned', entry(books.available(m), books.bank, 1_000n, 6))
})
afterAll(() => t.close())

it('reads what a merchant has, in each of its accounts', async () => {
  const balances = await readBalances(t.house, m)
  expect(balances.map(({ account, balance }) => [account, balance.minor])).toEqual([
    [books.available(m), -8n],
    [books.pending(m), 0n],
    [books.held(m), 0n],
    [books.outgoing(m), 0n],
    [books.reserve(m), 0n],
  ])
  expect(balances[0]).toMatchObject({
    normal: 'credit',
    floor: null,
    debits: Money.of(1_000n),
    credits: Money.of(992n),
  })
  expect(balances[1]).toMatchObject({ floor: Money.zero })
})

it('reads what the platform has, and all merchants together', async () => {
  const balances = await readBalances(t.house)
  expect(Object.fromEntries(balances.map(({ account, balance }) => [account, balance.minor]))).toEqual({
    'bank:settlement': 0n,
    'ach:debits_in_transit': 0n,
    'ach:credits_in_transit': 0n,
    'ach:suspense': 0n,
    'platform:fees': 8n,
    'platform:losses': 0n,
    'platform:verification': 0n,
    'merchant:*:available': -8n,
    'merchant:*:pending': 0n,
    'merchant:*:held': 0n,
    'merchant:*:outgoing': 0n,
    'merchant:*:reserve': 0n,
  })
})

it('tells an account’s entries newest first, each with the balance it left', async () => {
  const { account, lines, next } = await listEntries(t.house, books.held(m))
  expect(account.balance.minor).toBe(0n)
  expect(next).toBeNull()
  expect(lines).toMatchObject([
    { journal: 'c', reason: 'hold released', day: '2026-01-06', side: 'debit', other: books.available(m) },
    { journal: 'b', reason: 'payment settled', day: '2026-01-05', side: 'credit', other: books.pending(m) },
  ])
  expect(lines.map(({ balance }) => balance.minor)).toEqual([0n, 992n])
  expect(lines[0]?.subject).toEqual({ id: subjectId, seq: 5 })
  const bank = await listEntries(t.house, books.bank)
  expect(bank.lines.map(({ side, amount, balance }) => [side, amount.minor, balance.minor])).toEqual([
    ['credit', 1_000n, 0n],
    ['debit', 1_000n, 1_000n],
  ])
})

it('pages through a statement without losing the balance, even while entries are added', async () => {
  const account = books.suspense
  for (let n = 1; n <= 7; n++) await posts(`page ${n}`, 'test', entry(books.bank, account, BigInt(n)))
  const first = await listEntries(t.house, account, { limit: 3 })
  await posts('page 8', 'test', entry(account, books.bank, 5n))
  const second = await listEntries(t.house, account, { limit: 3, after: first.next ?? '' })
  const third = await listEntries(t.house, account, { limit: 3, after: second.next ?? '' })
  const pages = [first, second, third].map(({ lines }) => lines.map(({ balance }) => Number(balance.minor)))
  expect(pages).toEqual([[28, 21, 15], [10, 6, 3], [1]])
  expect(third.next).toBeNull()
  expect((await listEntries(t.house, account, { limit: 1 })).lines[0]?.balance.minor).toBe(23n)
})

it('tells a journal whole: what it moved in all, and its entries in order', async () => {
  const journal = await readJournal(t.house, 'b')
  expect(journal).toMatchObject({ id: 'b', reason: 'payment settled', day: '2026-01-05', next: null })
  expect(journal.moved).toEqual([
    { debit: books.bank, credit: books.debitsInTransit, amount: Money.of(1_000n), entries: 1 },
    { debit: books.pending(m), credit: books.held(m), amount: Money.of(992n), entries: 1 },
    { debit: books.pending(m), credit: books.fees, amount: Money.of(8n), entries: 1 },
  ])
  const first = await readJournal(t.house, 'b', { limit: 2 })
  const rest = await readJournal(t.house, 'b', { limit: 2, after: first.next ?? '' })
  expect([...first.entries, ...rest.entries]).toEqual(journal.entries)
  expect(rest.next).toBeNull()
})

it('says what there is not', async () => {
  const nobody = t.house.newId<'merchant'>()
  await expect(readBalances(t.house, nobody)).rejects.toMatchObject({ code: 'merchant_not_found' })
  await expect(listEntries(t.house, 'bank:vault' as BookAccount)).rejects.toMatchObject({
    code: 'book_account_not_found',
  })
  await expect(readJournal(t.house, 'z')).rejects.toMatchObject({ code: 'journal_not_found' })
  for (const after of ['', 'x', '1', '1.2.3', '1; select'])
    await expect(listEntries(t.house, books.bank, { after })).rejects.toMatchObject({ code: 'invalid_request' })
  const empty = await listEntries(t.house, books.losses)
  expect(empty).toMatchObject({ lines: [], next: null, account: { balance: Money.zero } })
})
