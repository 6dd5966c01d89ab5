import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { type Tx, transact } from '../db/connect.ts'
import { easternDay } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { createMerchant } from '../merchants/merchant.commands.ts'
import { type BookAccount, books, type Journal, merchantParts, type Posting } from './books.ts'
import { openMerchantAccounts, post, takeBalance } from './ledger.store.ts'

let t: TestHouse
beforeAll(async () => {
  t = await openTestHouse()
})
afterAll(() => t.close())

const merchant = async (name = 'Books'): Promise<MerchantId> => (await createMerchant(t.house, { name })).merchant.id
const entry = (debit: BookAccount, credit: BookAccount, cents: bigint): Posting => ({
  debit,
  credit,
  amount: Money.of(cents),
})
const journal = (id: string, ...postings: Posting[]): Journal => ({
  ...{ id, reason: 'a test', day: easternDay(t.clock.now), postings },
})
const posts = (...journals: Journal[]) => transact(t.house.sql, (tx) => post(tx, journals, t.clock.now))
const balanceOf = (account: BookAccount) => transact(t.house.sql, (tx) => takeBalance(tx, account))

/** Every account whose balance or whose sides are not the sum of its entries. */
const unlikeTheirEntries = () => t.house.sql`
  with told as (
    select number, sum(debits) as debits, sum(credits) as credits
    from (select debit_account as number, amount as debits, 0 as credits from ledger_entry
          union all select credit_account, 0, amount from ledger_entry) as sides
    group by number)
  select id, debits, credits from (
    select id, account.debits, account.credits, balance, normal,
      coalesce(told.debits, 0) as told_debits, coalesce(told.credits, 0) as told_credits
    from ledger_account as account left join told using (number)) as both_sums
  where debits <> told_debits or credits <> told_credits
    or balance <> case normal when 'debit' then told_debits - told_credits else told_credits - told_debits end`
const sides = async () => {
  const [row] = await t.house.sql<{ debits: bigint; credits: bigint }[]>`
    select sum(debits)::int8 as debits, sum(credits)::int8 as credits from ledger_account`
  return row
}

it('moves both sides of every entry, and keeps what it was for', async () => {
  const m = await merchant()
  const subjectId = t.house.newId<'payment'>()
  const amount = Money.of(1_000n)
  const sent = { debit: books.debitsInTransit, credit: books.pending(m), amount, subjectId, subjectSeq: 3 }
  expect(await posts(journal('sent', sent))).toEqual({ posted: 1, already: 0 })
  const settled = [
    entry(books.bank, books.debitsInTransit, 1_000n),
    entry(books.pending(m), books.held(m), 992n),
    entry(books.pending(m), books.fees, 8n),
  ]
  await posts(journal('settled', ...settled))
  expect(await balanceOf(books.bank)).toBe(1_000n)
  expect(await balanceOf(books.debitsInTransit)).toBe(0n)
  expect(await balanceOf(books.pending(m))).toBe(0n)
  expect(await balanceOf(books.held(m))).toBe(992n)
  expect(await balanceOf(books.fees)).toBe(8n)
  const rows = await t.house.sql`select subject_id, subject_seq from ledger_entry order by id`
  expect(rows[0]).toEqual({ subject_id: subjectId, subject_seq: 3 })
  expect(rows[1]).toEqual({ subject_id: null, subject_seq: null })
})

it('leaves a journal that was posted before as it is, whatever it says now', async () => {
  const m = await merchant()
  await posts(journal('once', entry(books.debitsInTransit, books.pending(m), 5n)))
  const again = await posts(
    journal('once', entry(books.debitsInTransit, books.pending(m), 7n)),
    journal('new', entry(books.debitsInTransit, books.pending(m), 11n)),
    journal('new', entry(books.debitsInTransit, books.pending(m), 13n)),
  )
  expect(again).toEqual({ posted: 1, already: 2 })
  expect(await balanceOf(books.pending(m))).toBe(16n)
  expect(await posts(journal('once', entry(books.bank, books.pending(m), 5n)))).toEqual({ posted: 0, already: 1 })
  expect(await posts()).toEqual({ posted: 0, already: 0 })
})

it('posts a journal once, however many tell it at the same time', async () => {
  const m = await merchant()
  const told = await Promise.all(
    Array.from({ length: 50 }, () => posts(journal('told', entry(books.debitsInTransit, books.pending(m), 100n)))),
  )
  expect(told.filter(({ posted }) => posted === 1)).toHaveLength(1)
  expect(told.filter(({ already }) => already === 1)).toHaveLength(49)
  expect(await balanceOf(books.pending(m))).toBe(100n)
})

it('gives a balance to one of twenty who want all of it', async () => {
  const m = await merchant()
  await posts(journal('reserve', entry(books.available(m), books.reserve(m), 1_000n)))
  const takers = Array.from({ length: 20 }, (_, n) =>
    posts(journal(`take ${n}`, entry(books.reserve(m), books.available(m), 1_000n))).then(
      () => 'got it',
      (error) => `${error.code} ${error.facts.account}`,
    ),
  )
  const outcomes = await Promise.all(takers)
  expect(outcomes.filter((outcome) => outcome === 'got it')).toHaveLength(1)
  expect(outcomes.filter((o) => o === `insufficient_balance ${books.reserve(m)}`)).toHaveLength(19)
  expect(await balanceOf(books.reserve(m))).toBe(0n)
})

it('lets a wish look at what is available and take it, one wish at a time', async () => {
  const m = await merchant()
  await posts(journal('released', entry(books.bank, books.available(m), 1_000n)))
  const wish = (tx: Tx, n: number) =>
    takeBalance(tx, books.available(m)).then((balance) => {
      if (balance < 600n) throw new Error('too little')
      return post(tx, [journal(`wish ${n}`, entry(books.available(m), books.outgoing(m), 600n))], t.clock.now)
    })
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) => transact(t.house.sql, (tx) => wish(tx, n))),
  )
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await balanceOf(books.available(m))).toBe(400n)
})

it('takes a returned debit back even into the red, since a return is a fact', async () => {
  const m = await merchant()
  await posts(journal('returned', entry(books.available(m), books.bank, 250n)))
  expect(await balanceOf(books.available(m))).toBe(-250n)
})

it('writes nothing of a call in which one journal passes a floor', async () => {
  const m = await merchant()
  const good = journal('fine', entry(books.debitsInTransit, books.pending(m), 5n))
  const bad = journal('not fine', entry(books.held(m), books.available(m), 5n))
  await expect(posts(good, bad)).rejects.toMatchObject({ code: 'insufficient_balance' })
  expect(await balanceOf(books.pending(m))).toBe(0n)
  expect(await posts(good)).toEqual({ posted: 1, already: 0 })
})

it('never lets two callers wait for each other, in whatever order they name accounts and journals', async () => {
  const merchants = await Promise.all(['A', 'B', 'C', 'D'].map(merchant))
  const ofHouse = [books.bank, books.fees, books.suspense]
  const ofMerchant = (m: MerchantId) => [books.available(m), books.pending(m), books.outgoing(m)]
  const shuffled = <T>(items: readonly T[], seed: number): T[] =>
    items
      .map((item, index) => ({ item, key: Math.sin(seed * 1_000 + index) }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item)
  /** So that each account is debited and credited the same. */
  const aroundOnce = (accounts: readonly BookAccount[]) =>
    accounts.map((account, index) => entry(account, accounts[(index + 1) % accounts.length] as BookAccount, 1n))
  const round = (n: number) => {
    const told = (ids: string[], accounts: readonly BookAccount[]) =>
      shuffled(ids, n).map((id) => journal(id, ...aroundOnce(shuffled([...ofHouse, ...accounts], n))))
    return transact(t.house.sql, async (tx) => {
      // A fact may be about many merchants, and be told by several at once.
      const ids = [`mine ${n}`, `ours ${n >> 2}`, `ours ${(n >> 2) + 1}`]
      if (n % 3 > 0) return post(tx, told(ids, merchants.flatMap(ofMerchant)), t.clock.now)
      // A wish is one merchant's, and told once.
      const m = merchants[n % 4] as MerchantId
      await takeBalance(tx, books.available(m))
      return post(tx, told([`mine ${n}`, `mine too ${n}`], ofMerchant(m)), t.clock.now)
    })
  }
  const outcomes = await Promise.all(Array.from({ length: 120 }, (_, n) => round(n)))
  expect(outcomes.reduce((sum, { posted }) => sum + posted, 0)).toBe(120 + 40 + 31)
  const after = await sides()
  expect(after?.debits).toBe(after?.credits)
  expect(await unlikeTheirEntries()).toEqual([])
})

it('keeps debits and credits equal, and each account the sum of its entries, whatever is posted', async () => {
  const m = await merchant()
  const accounts = [books.bank, books.debitsInTransit, books.fees, ...merchantParts.map((part) => books[part](m))]
  const arbitraryEntry = fc
    .tuple(fc.constantFrom(...accounts), fc.constantFrom(...accounts), fc.bigInt({ min: 1n, max: 1_000_000n }))
    .filter(([debit, credit]) => debit !== credit)
    .map(([debit, credit, cents]) => entry(debit, credit, cents))
  const arbitraryJournal = fc.record({
    id: fc.integer({ min: 0, max: 40 }),
    postings: fc.array(arbitraryEntry, { minLength: 1, maxLength: 12 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(arbitraryJournal, { minLength: 1, maxLength: 6 }), async (told) => {
      const before = await t.house.sql`select id, balance from ledger_account order by id`
      const outcome = await posts(...told.map(({ id, postings }) => journal(`random ${id}`, ...postings))).catch(
        (error) => error.code,
      )
      const after = await t.house.sql`select id, balance from ledger_account order by id`
      if (outcome === 'insufficient_balance') expect(after).toEqual(before)
      else expect(outcome.posted + outcome.already).toBe(told.length)
      const both = await sides()
      expect(both?.debits).toBe(both?.credits)
      expect(await unlikeTheirEntries()).toEqual([])
    }),
    { numRuns: 60, seed: 1 },
  )
})

it('numbers the entries of an account in the order in which its balance moved', async () => {
  const m = await merchant()
  const steps = await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      transact(t.house.sql, async (tx) => {
        await post(tx, [journal(`step ${n}`, entry(books.bank, books.available(m), 1n))], t.clock.now)
        const [row] = await tx<{ id: bigint }[]>`select id from ledger_entry order by id desc limit 1`
        return { id: row?.id ?? 0n, balance: await takeBalance(tx, books.available(m)) }
      }),
    ),
  )
  const inOrder = steps.sort((a, b) => (a.id < b.id ? -1 : 1))
  expect(inOrder.map(({ balance }) => Number(balance))).toEqual(inOrder.map((_, n) => n + 1))
})

it('opens a merchant’s accounts once, the available one first', async () => {
  const m = await merchant()
  await transact(t.house.sql, (tx) => openMerchantAccounts(tx, m))
  const rows = await t.house.sql<{ id: string; floor: bigint | null }[]>`
    select id, floor from ledger_account where merchant_id = ${m} order by number`
  expect(rows.map(({ id }) => id.split(':')[2])).toEqual(['available', 'pending', 'held', 'outgoing', 'reserve'])
  expect(rows.map(({ floor }) => floor)).toEqual([null, 0n, 0n, 0n, 0n])
})

it('breaks at a journal without entries, without money, or about an account that is not open', async () => {
  const m = await merchant()
  const nobody = books.pending(t.house.newId<'merchant'>())
  await expect(posts(journal('empty'))).rejects.toThrow('journal empty has at least one entry')
  await expect(posts(journal('zero', entry(books.bank, books.fees, 0n)))).rejects.toThrow('about money')
  await expect(posts(journal('stray', entry(books.bank, nobody, 1n)))).rejects.toThrow(`account ${nobody} is open`)
  await expect(posts(journal('itself', entry(books.bank, books.bank, 1n)))).rejects.toThrow('two_sides')
  await expect(posts(journal('half', { ...entry(books.bank, books.pending(m), 1n), subjectSeq: 1 }))).rejects.toThrow(
    'a_subject_has_a_line',
  )
})

it('refuses, in the database, to change what was posted or to write what belongs nowhere', async () => {
  const { sql } = t.house
  await posts(journal('kept', entry(books.bank, books.fees, 1n)))
  await expect(sql`update ledger_entry set amount = 2`).rejects.toThrow('append-only')
  await expect(sql`delete from ledger_entry`).rejects.toThrow('append-only')
  await expect(sql`update ledger_journal set reason = ''`).rejects.toThrow('append-only')
  await expect(sql`delete from ledger_account where id = 'bank:settlement'`).rejects.toThrow('never deleted')
  await expect(sql`update ledger_account set debits = 0 where id = 'bank:settlement'`).rejects.toThrow(
    'account bank:settlement of the books changes by posting only',
  )
  await expect(sql`
    insert into ledger_entry (journal, debit_account, credit_account, amount)
    select min(number), 1, 2000000000, 1 from ledger_journal`).rejects.toThrow('an account that is not in the books')
  await expect(sql`
    insert into ledger_entry (journal, debit_account, credit_account, amount)
    values (2000000000, 1, 2, 1)`).rejects.toThrow('a journal that does not exist')
})
