import { afterEach, beforeEach, expect, it } from 'vitest'
import { transact } from '../../src/db/connect.ts'
import { Money } from '../../src/kernel/money.ts'
import { books } from '../../src/ledger/books.ts'
import { post } from '../../src/ledger/ledger.store.ts'
import { createMerchant, suspendMerchant } from '../../src/merchants/merchant.commands.ts'
import { makePayout } from '../../src/payouts/payout.commands.ts'
import { runPayouts, runPayoutsOfDay } from '../../src/payouts/payout.jobs.ts'
import { listPayoutItems, type PayoutWithLines } from '../../src/payouts/payout.queries.ts'
import { pausePayouts, setPayoutMinimum } from '../../src/payouts/payout-account.commands.ts'
import { openPayoutStory, type PayoutStory } from '../payout-story.ts'
import { openTestHouse, type TestHouse } from '../test-house.ts'

let t: TestHouse
let story: PayoutStory
beforeEach(async () => {
  t = await openTestHouse()
  story = await openPayoutStory(t)
  await t.house.sql`update merchant set fee_fixed = 25, fee_bps = 80, return_fee = 500`
})
afterEach(async () => {
  const wrong = await story.wrong()
  await t.close()
  expect(wrong).toEqual([])
})

const days = (many: number) => {
  for (let left = many; left > 0; left--) story.nextDay()
}
const newest = async (): Promise<PayoutWithLines> => {
  const [found] = await story.payouts()
  if (!found) throw new Error('there is no payout')
  return found
}
const alerts = async () =>
  (await t.house.sql<{ says: string }[]>`select says from alert where cleared_at is null order by id`).map(
    ({ says }) => says,
  )

it('carries a negative balance from day to day, and pays out again when it has been made up for', async () => {
  const [first] = await story.settled(10_000)
  days(2)
  expect(await story.run()).toEqual({ made: 1, failed: 0 })
  await story.reaches((await newest()).payout.id)
  if (first) await story.comesBack(first)
  expect(await story.has()).toEqual({ available: -10_500 })
  await story.settled(6_000, 5_000)
  story.nextDay()
  expect(await story.run()).toEqual({ made: 0, failed: 0 })
  story.nextDay()
  // 59.27 and 49.35 have been released: 3.62 is left.
  expect(await story.run()).toEqual({ made: 1, failed: 0 })
  expect(await story.lines()).toEqual({ gross: 11_000, fees: -138, returns: -10_000, return_fees: -500 })
  const [latest, before] = await story.payouts()
  expect(latest?.payout.amount.minor).toBe(362n)
  expect(latest?.payout.periodFrom).toEqual(before?.payout.createdAt)
})

it('makes one payout a day, however often and by however many it is run', async () => {
  await story.settled(10_000, 20_000, 30_000)
  days(2)
  const runs = await Promise.all(Array.from({ length: 50 }, () => story.run()))
  expect(runs.reduce((sum, { made }) => sum + made, 0)).toBe(1)
  expect(runs.every(({ failed }) => failed === 0)).toBe(true)
  await story.settled(10_000)
  const [released] = await t.house.sql`select id from payment where status = 'settled'`
  await story.tell([released?.id], { kind: 'funds_released' })
  expect(await story.run()).toEqual({ made: 0, failed: 0 })
  expect(await story.payouts()).toHaveLength(1)
  story.nextDay()
  expect(await story.run()).toEqual({ made: 1, failed: 0 })
})

it('never waits in a circle, and misses no payment, while payments are released, returned and refunded around it', async () => {
  const ids = await story.settled(...Array.from({ length: 24 }, (_, n) => 1_000 + n))
  const release = (id: never) => story.tell([id], { kind: 'funds_released' })
  await Promise.all([
    ...ids.slice(0, 16).map((id) => release(id as never)),
    ...ids.slice(16).map((id) => story.comesBack(id)),
    ...ids.slice(0, 8).map((id) => story.accepted(id, 10)),
    ...Array.from({ length: 8 }, () => makePayout(t.house, story.merchantId, story.today())),
  ])
  story.nextDay()
  await makePayout(t.house, story.merchantId, story.today())
  const [outside] = await t.house.sql<{ many: number }[]>`
    select count(*)::int as many from payment where status = 'available' and payout_id is null`
  // Only where nothing was left to pay out.
  if (((await story.has()).available ?? 0) === 0) expect(outside?.many).toBe(0)
})

it('pays nobody who is paused, suspended, without an account or below the minimum, and all of it later', async () => {
  await story.settled(10_000)
  days(2)
  await pausePayouts(t.house, story.merchantId, true)
  expect(await story.run()).toEqual({ made: 0, failed: 0 })
  await pausePayouts(t.house, story.merchantId, false)
  await setPayoutMinimum(t.house, story.merchantId, Money.of(9_896n))
  expect(await story.run()).toEqual({ made: 0, failed: 0 })
  expect(await makePayout(t.house, story.merchantId, story.today())).toBeUndefined()
  const [marked] = await t.house.sql`select id from payment where payout_id is not null`
  expect(marked).toBeUndefined()
  await setPayoutMinimum(t.house, story.merchantId, Money.of(9_895n))
  await suspendMerchant(t.house, story.merchantId)
  expect(await story.run()).toEqual({ made: 0, failed: 0 })
  await t.house.sql`update merchant set status = 'active', payout_routing_number = null, payout_number_sealed = null,
    payout_last_four = null, payout_account_type = null`
  expect(await makePayout(t.house, story.merchantId, story.today())).toBeUndefined()
})

it('pays the others out when one merchant’s books are odd, tells an operator, and tries again', async () => {
  await story.settled(10_000)
  const { merchant } = await createMerchant(t.house, { name: 'Odd' })
  await t.house.sql`update merchant set payout_routing_number = '044444444', payout_number_sealed = 'x',
    payout_last_four = '1234', payout_account_type = 'checking' where id = ${merchant.id}`
  const posting = { debit: books.reserve(merchant.id), credit: books.available(merchant.id), amount: Money.of(500n) }
  await t.house.sql`update ledger_account set floor = null where id = ${books.reserve(merchant.id)}`
  await transact(t.house.sql, (tx) =>
    post(tx, [{ id: 'odd', reason: 'reserve released', day: story.today(), postings: [posting] }], t.clock.now),
  )
  await t.house.sql`alter table payout_line add constraint no_reserve check (kind <> 'reserve')`
  days(2)
  await expect(runPayoutsOfDay(t.house, story.today())).rejects.toThrow('the payouts of 1 merchants failed')
  expect(await story.payouts()).toHaveLength(1)
  expect(await alerts()).toEqual([expect.stringContaining(`Merchant ${merchant.id} could not be paid out`)])
  const [due] = await t.house.sql`select due_at from agenda where key = 'payouts:run'`
  expect(due?.due_at.toISOString()).toBe('2026-01-08T22:00:00.000Z')
  await t.house.sql`alter table payout_line drop constraint no_reserve`
  await runPayoutsOfDay(t.house, story.today())
  expect(await alerts()).toEqual([])
  const [reserve] = await t.house.sql`select kind, amount from payout_line where kind = 'reserve'`
  expect(reserve).toEqual({ kind: 'reserve', amount: 500n })
})

it('carries on what is too much for one entry', async () => {
  await t.house.sql`update merchant set fee_fixed = 0, fee_bps = 0`
  await story.settled(9_999_999_999, 9_999_999_999, 5_000_000)
  days(2)
  await story.run()
  expect(await story.lines()).toEqual({ gross: 20_004_999_998, carried_to: -10_004_999_999 })
  story.nextDay()
  await story.run()
  expect(await story.lines()).toEqual({ carried_from: 10_004_999_999, carried_to: -5_000_000 })
  story.nextDay()
  await story.run()
  expect(await story.lines()).toEqual({ carried_from: 5_000_000 })
})

it('lists what a statement is made of, one by one', async () => {
  const [first = '' as never, second = '' as never] = await story.settled(10_000, 2_000)
  days(2)
  await runPayouts(t.house, story.today())
  await story.comesBack(second)
  await story.accepted(first, 300)
  await story.settled(50_000)
  days(2)
  await story.run()
  const { payout, lines } = await newest()
  const items = await listPayoutItems(t.house, payout, { after: null, limit: 10 })
  expect(items.map(({ kind, amount, fee, net }) => [kind, amount, fee, net])).toEqual([
    ['returns', -2_000n, 0n, -2_000n],
    ['return_fees', -500n, 0n, -500n],
    ['refunds', -300n, 0n, -300n],
    ['gross', 50_000n, 425n, 49_575n],
  ])
  expect(items.reduce((sum, { net }) => sum + net, 0n)).toBe(payout.amount.minor)
  const page = await listPayoutItems(t.house, payout, { after: items[1]?.entry ?? 0n, limit: 1 })
  expect(page).toEqual([items[2]])
  expect(lines.map(({ kind }) => kind)).toEqual(['gross', 'fees', 'returns', 'return_fees', 'refunds'])
})

it('refuses, in the database, a payout whose lines do not add up, and any change of what was written', async () => {
  await story.settled(10_000)
  days(2)
  await story.run()
  const { sql } = t.house
  const { payout } = await newest()
  await expect(
    sql`insert into payout_line (payout_id, kind, many, amount) values (${payout.id}, 'adjustments', 1, 1)`,
  ).rejects.toThrow(`the lines of payout ${payout.id} do not add up to its amount`)
  await expect(sql`update payout_line set amount = 2`).rejects.toThrow('append-only')
  await expect(sql`delete from payout_move`).rejects.toThrow('append-only')
  const copy = sql`insert into payout (id, merchant_id, status, amount, day, after_entry, last_entry, routing_number,
      number_sealed, last_four, account_type, created_at)
    select gen_random_uuid(), merchant_id, 'accepted', amount, day + 1, after_entry, last_entry, routing_number,
      number_sealed, last_four, account_type, created_at from payout`
  await expect(copy).rejects.toThrow('no_entry_in_two_statements')
})
