import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { transact } from '../../src/db/connect.ts'
import { addDays, asDay, atEastern, type Day, easternDay } from '../../src/kernel/banking-day.ts'
import type { PaymentId } from '../../src/kernel/id.ts'
import { canMove, type Payment, type PaymentFact } from '../../src/payments/payment.ts'
import { applyFacts, type FactOf } from '../../src/payments/payment-fact.commands.ts'
import { returnedFact, settledFact } from '../../src/payments/terms.ts'
import { returnCode } from '../../src/rails/ach/return-code.ts'
import { countReturns, holdWhenExceeded, liftHold } from '../../src/risk/return-rate.commands.ts'
import { watchReturnRates } from '../../src/risk/return-rate.jobs.ts'
import { readReturnRates } from '../../src/risk/return-rate.queries.ts'
import { factsOf, fileId, kinds, model, steps } from '../return-rate-model.ts'
import { type Payer, seedPayer, seedPayments } from '../seed-payments.ts'
import { openTestHouse, type TestHouse } from '../test-house.ts'

let t: TestHouse
let payer: Payer
beforeEach(async () => {
  t = await openTestHouse()
  payer = await seedPayer(t.house)
})
afterEach(() => t.close())

const noon = (day: string) => {
  t.clock.now = atEastern(asDay(day), '12:00')
}
const tell = (ids: readonly PaymentId[], factOf: FactOf) =>
  transact(t.house.sql, (tx) => applyFacts(t.house, tx, ids, factOf))
/** Sent today, for today. */
async function send(ids: readonly PaymentId[], effectiveOn = easternDay(t.clock.now)) {
  await tell(ids, () => ({ kind: 'scheduled', fileId, effectiveOn }))
  await tell(ids, () => ({ kind: 'initiated', traceNumber: '044444440000001' }))
}
const settle = (ids: readonly PaymentId[]) =>
  tell(ids, (payment, terms) => settledFact(payment, terms, easternDay(t.clock.now)))
const comeBack = (ids: readonly PaymentId[], code: string) =>
  tell(ids, (payment, terms) => returnedFact(payment, terms, code, easternDay(t.clock.now)))
const dishonor = (ids: readonly PaymentId[]) => tell(ids, () => ({ kind: 'return_reversed', code: 'R68' }))

/** Debits of today that have settled. */
async function debits(many: number, by = payer): Promise<PaymentId[]> {
  const ids = await seedPayments(t.house, by, many)
  await send(ids)
  await settle(ids)
  return ids
}
const days = async (by = payer) => {
  t.clock.forward(11 * 60_000)
  await countReturns(t.house)
  const rows = await t.house.sql<{ day: Day; counts: number[] }[]>`
    select day, array[debits, unauthorized, administrative, returned] as counts from return_rate_day
    where merchant_id = ${by.merchantId} order by day`
  return Object.fromEntries(rows.map(({ day, counts }) => [day, counts]))
}
const standings = async (merchantId: Payer['merchantId'] | null = payer.merchantId) => {
  const { spans } = await readReturnRates(t.house, merchantId)
  return spans.map(({ judged }) => judged.map(({ standing }) => standing).join(' '))
}
const alerts = async () =>
  (await t.house.sql<{ says: string }[]>`select says from alert where cleared_at is null order by key`).map(
    ({ says }) => says,
  )

it('counts a return on the day on which its debit settled, however late it comes', async () => {
  const monday = await debits(3)
  noon('2026-01-06')
  const tuesday = await debits(4)
  noon('2026-03-06')
  await comeBack(monday.slice(0, 1), 'R10')
  await comeBack(tuesday.slice(0, 1), 'R03')
  await comeBack(tuesday.slice(1, 2), 'R01')
  await comeBack(tuesday.slice(2, 3), 'R99')
  expect(await days()).toEqual({ '2026-01-05': [3, 1, 0, 1], '2026-01-06': [4, 0, 1, 3] })
  expect(await days()).toEqual({ '2026-01-05': [3, 1, 0, 1], '2026-01-06': [4, 0, 1, 3] })
})

it('counts each presentment as a debit of its own, and each return', async () => {
  const ids = await debits(2)
  noon('2026-01-07')
  await comeBack(ids, 'R01')
  noon('2026-01-12')
  await tell(ids, () => ({ kind: 'retried' }))
  await send(ids)
  await settle(ids)
  await comeBack(ids.slice(0, 1), 'R02')
  expect(await days()).toEqual({ '2026-01-05': [2, 0, 0, 2], '2026-01-12': [2, 0, 1, 1] })
})

it('counts a debit that came back before it had settled, on the day for which it was sent', async () => {
  const ids = await seedPayments(t.house, payer, 2)
  await send(ids, asDay('2026-01-06'))
  noon('2026-01-06')
  await comeBack(ids.slice(0, 1), 'R04')
  expect(await days()).toEqual({ '2026-01-06': [1, 0, 1, 1] })
  await settle(ids.slice(1))
  expect(await days()).toEqual({ '2026-01-06': [2, 0, 1, 1] })
})

it('takes a dishonored return back, and the debit with it if that had not settled', async () => {
  const ids = await debits(2)
  const unsettled = await seedPayments(t.house, payer, 1)
  await send(unsettled)
  await comeBack([...ids, ...unsettled], 'R10')
  expect(await days()).toEqual({ '2026-01-05': [3, 3, 0, 3] })
  noon('2026-01-08')
  await dishonor([...ids.slice(0, 1), ...unsettled])
  expect(await days()).toEqual({ '2026-01-05': [2, 1, 0, 1] })
  noon('2026-01-09')
  await settle(unsettled)
  await comeBack(ids.slice(0, 1), 'R10')
  expect(await days()).toEqual({ '2026-01-05': [2, 2, 0, 2], '2026-01-09': [1, 0, 0, 0] })
})

it('counts no credits, no refunds, nothing that a bank refused, and no other merchant', async () => {
  const other = await seedPayer(t.house, 'Other Store')
  const ids = await seedPayments(t.house, payer, 1)
  await send(ids)
  await tell(ids, () => ({ kind: 'refused', reason: 'the file was refused' }))
  await debits(1, other)
  const [credit] = await seedPayments(t.house, other, 1)
  await t.house.sql`update payment set type = 'credit' where id = ${credit ?? ''}`
  expect(await days()).toEqual({})
  expect(await days(other)).toEqual({ '2026-01-05': [1, 0, 0, 0] })
})

it('looks at sixty calendar days, the first and the last of them included', async () => {
  await debits(100)
  const [last] = await debits(1)
  await comeBack([last as PaymentId], 'R10')
  noon('2026-03-05')
  await days()
  expect(addDays(asDay('2026-03-05'), -59)).toBe('2026-01-05')
  const read = await readReturnRates(t.house, payer.merchantId)
  expect(read.spans[0]).toMatchObject({ span: 'sixty_days', from: '2026-01-05', to: '2026-03-05', debits: 101 })
  noon('2026-03-06')
  const later = await readReturnRates(t.house, payer.merchantId)
  expect(later.spans[0]).toMatchObject({ from: '2026-01-06', debits: 0 })
  expect(later.spans[1]).toMatchObject({ span: 'two_months', from: '2026-01-01', to: '2026-02-28', debits: 101 })
  expect(await standings()).toEqual(['too_few too_few too_few', 'exceeded ok ok'])
})

it('judges at the thresholds exactly: 0.5 % is a warning, one return more is too much', async () => {
  const ids = await debits(400)
  await comeBack(ids.slice(0, 1), 'R10')
  await days()
  expect(await standings()).toEqual(['warning ok ok', 'too_few too_few too_few'])
  await comeBack(ids.slice(1, 2), 'R07')
  await comeBack(ids.slice(2, 14), 'R02')
  await days()
  expect(await standings()).toEqual(['warning warning ok', 'too_few too_few too_few'])
  await comeBack(ids.slice(14, 15), 'R29')
  await comeBack(ids.slice(15, 16), 'R03')
  await comeBack(ids.slice(16, 60), 'R01')
  await days()
  expect(await standings()).toEqual(['exceeded exceeded warning', 'too_few too_few too_few'])
  await comeBack(ids.slice(60, 61), 'R09')
  await days()
  expect(await standings()).toEqual(['exceeded exceeded exceeded', 'too_few too_few too_few'])
  expect(await standings(null)).toEqual(await standings())
})

it('says of few debits that they are too few, and alarms nobody', async () => {
  const ids = await debits(99)
  await comeBack(ids.slice(0, 50), 'R10')
  t.clock.forward(11 * 60_000)
  await watchReturnRates(t.house)
  expect(await standings()).toEqual(['too_few too_few too_few', 'too_few too_few too_few'])
  expect(await alerts()).toEqual([])
})

it('tells an operator of a warning and of an excess, once each, and when it is over', async () => {
  const ids = await debits(1_000)
  const watch = async () => {
    t.clock.forward(11 * 60_000)
    await watchReturnRates(t.house)
    return (await alerts()).map((says) => says.replace(payer.merchantId, 'id'))
  }
  expect(await watch()).toEqual([])
  await comeBack(ids.slice(0, 3), 'R10')
  const warning =
    'of 1000 debits of the last sixty days, 3 came back as unauthorized: 0.300 %, at least half of the 0.5 % allowed.'
  expect(await watch()).toEqual([`Corner Store (id): ${warning}`, `The platform: ${warning}`])
  await comeBack(ids.slice(3, 6), 'R10')
  const excess =
    'of 1000 debits of the last sixty days, 6 came back as unauthorized: 0.600 %, more than the 0.5 % allowed.'
  expect(await watch()).toEqual([`Corner Store (id): ${excess}`, `The platform: ${excess}`])
  await t.house.sql`update alert set cleared_at = ${t.clock.now}`
  expect(await watch()).toEqual([])
  noon('2026-03-31')
  expect(await watch()).toEqual([])
  noon('2026-04-01')
  await watch()
  const told = await t.house.sql<{ merchant_id: string | null; standing: string }[]>`
    select merchant_id, standing from return_rate_standing where rate = 'unauthorized' order by id`
  const mine = told.filter((row) => row.merchant_id).map(({ standing }) => standing)
  expect(mine).toEqual(['warning', 'exceeded', 'too_few'])
  expect(told.filter((row) => !row.merchant_id).map(({ standing }) => standing)).toEqual(mine)
  expect(t.logged()).toContain('"standing":"exceeded"')
  const [next] = await t.house.sql`select due_at from agenda where key = 'return-rates:watch'`
  expect(next?.due_at).toEqual(new Date('2026-04-02T14:00:00Z'))
})

it('holds new debits when a rate is exceeded, if that was set, until a person lifts it, and then not for the same excess', async () => {
  const heldSince = async () => (await readReturnRates(t.house, payer.merchantId)).heldSince
  const watch = async () => {
    t.clock.forward(11 * 60_000)
    await watchReturnRates(t.house)
  }
  await comeBack((await debits(1_000)).slice(0, 6), 'R10')
  await watch()
  expect(await heldSince()).toBeNull()
  await holdWhenExceeded(t.house, payer.merchantId, true)
  await watch()
  expect(await heldSince()).toEqual(t.clock.now)
  const since = t.clock.now
  await watch()
  expect(await heldSince()).toEqual(since)

  await liftHold(t.house, payer.merchantId, { by: 'Grace Hopper', why: 'the misuse was stopped' })
  await watch()
  expect(await heldSince()).toBeNull()
  await expect(liftHold(t.house, payer.merchantId, { by: 'Grace', why: 'again' })).rejects.toMatchObject({
    code: 'debits_not_held',
  })
  noon('2026-04-02')
  await watch()
  await comeBack((await debits(200)).slice(0, 2), 'R10')
  await watch()
  expect(await heldSince()).toEqual(t.clock.now)
  expect(await t.house.sql`select did, by, why from debit_hold order by id`).toEqual([
    { did: 'held', by: 'rialto', why: 'a return rate is exceeded' },
    { did: 'lifted', by: 'Grace Hopper', why: 'the misuse was stopped' },
    { did: 'held', by: 'rialto', why: 'a return rate is exceeded' },
  ])
  await expect(t.house.sql`delete from debit_hold`).rejects.toThrow('append-only')
})

it('agrees with a slow and obvious count, whatever happens to payments and however often it is counted', async () => {
  const line = fc.record({
    payment: fc.nat({ max: 3 }),
    // Of those that are possible then.
    step: fc.nat({ max: 59 }),
    hours: fc.nat({ max: 40 }),
    count: fc.boolean(),
  })
  const seen = [0, 0, 0, 0]
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 40, maxLength: 90 }), async (story) => {
      const own = await seedPayer(t.house)
      const ids = await seedPayments(t.house, own, 4)
      for (const { payment, step, hours, count } of story) {
        t.clock.forward(hours * 3_600_000)
        const id = ids[payment] as PaymentId
        const [row] = await t.house.sql<Pick<Payment, 'status' | 'type'>[]>`
          select status, type from payment where id = ${id}`
        const possible = steps.filter((one) => row && canMove(row, kinds[one]))
        const chosen = possible[step % possible.length]
        if (chosen) await tell([id], factsOf(easternDay(t.clock.now))[chosen])
        if (count) await countReturns(t.house)
      }
      const wanted: Record<string, number[]> = {}
      for (const id of ids) {
        const diary = await t.house.sql<{ fact: PaymentFact }[]>`
          select fact from payment_move where payment_id = ${id} order by seq`
        for (const { day, code } of model(diary.map(({ fact }) => fact))) {
          const counts = wanted[day] ?? [0, 0, 0, 0]
          const rate = code === null ? null : returnCode(code).rate
          wanted[day] = [
            (counts[0] ?? 0) + 1,
            (counts[1] ?? 0) + (rate === 'unauthorized' ? 1 : 0),
            (counts[2] ?? 0) + (rate === 'administrative' ? 1 : 0),
            (counts[3] ?? 0) + (code === null ? 0 : 1),
          ]
        }
      }
      for (const day of Object.values(wanted))
        day.forEach((count, at) => {
          seen[at] = (seen[at] ?? 0) + count
        })
      const counted = await days(own)
      const some = Object.entries(counted).filter(([, counts]) => counts.some((one) => one !== 0))
      expect(Object.fromEntries(some)).toEqual(wanted)
    }),
    { numRuns: 20, seed: 7 },
  )
  // Stories in which nothing comes back would prove nothing.
  for (const count of seen) expect(count).toBeGreaterThan(3)
}, 120_000)
