import { afterEach, beforeEach, expect, it } from 'vitest'
import { cancelPayout } from '../../src/payouts/payout.commands.ts'
import { disbursePayments } from '../../src/payouts/payout.jobs.ts'
import type { PayoutWithLines } from '../../src/payouts/payout.queries.ts'
import { pausePayouts } from '../../src/payouts/payout-account.commands.ts'
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
const eventsOf = async (id: string) =>
  (await t.house.sql<{ type: string }[]>`select type from event where resource_id = ${id} order by id`).map(
    ({ type }) => type,
  )
const alerts = async () =>
  (await t.house.sql<{ says: string }[]>`select says from alert where cleared_at is null order by id`).map(
    ({ says }) => says,
  )

it('takes refunds out of the payout of the day on which they were accepted, and gives back those that were not paid', async () => {
  const [first = '' as never] = await story.settled(10_000)
  await story.accepted(null, 700)
  days(2)
  const refund = await story.accepted(first, 3_000)
  await story.run()
  expect(await story.lines()).toEqual({ gross: 10_000, fees: -105, refunds: -3_000, credits: -700 })
  await story.tell([refund], { kind: 'canceled', why: 'asked' })
  story.nextDay()
  await story.run()
  expect(await story.lines()).toEqual({ refunds_not_paid: 3_000 })
})

it('contains a payment that was presented twice with its fee once, and what fees were given back', async () => {
  await t.house.sql`update merchant set fee_kept_on_return = false`
  const [first = '' as never, second = '' as never] = await story.settled(10_000, 2_000)
  await story.comesBack(second, 'R01')
  expect(await story.has()).toEqual({ held: 9_895, available: 41 - 500 - 41 })
  await story.tell([second], { kind: 'retried' })
  await story.tell([second], { kind: 'scheduled', fileId: first, effectiveOn: story.today() })
  await story.tell([second], { kind: 'initiated', traceNumber: '044444440000002' })
  story.nextDay()
  await story.tell([second], { kind: 'settled', on: story.today(), fee: '41', fundsOn: story.today() })
  days(1)
  await story.run()
  // The second counts when its hold ended by its return, and again when it had settled again.
  expect(await story.lines()).toEqual({
    ...{ gross: 14_000, fees: -105 - 41 - 41, returns: -2_000, return_fees: -500, fees_given_back: 41 },
  })
})

it('goes on where it was cut off: released but not paid out, settled but the payments not told', async () => {
  const ids = await story.settled(10_000, 20_000)
  days(2)
  await t.house.sql`alter table payout add constraint broken check (amount < 0) not valid`
  expect(await story.run()).toEqual({ made: 0, failed: 1 })
  expect(await story.has()).toEqual({ available: 29_710 })
  expect(await Promise.all(ids.map(story.statusOf))).toEqual(['available', 'available'])
  await t.house.sql`alter table payout drop constraint broken`
  expect(await story.run()).toEqual({ made: 1, failed: 0 })
  expect(await alerts()).toEqual([])
  const { payout } = await newest()
  await story.tellPayout(payout.id, { kind: 'scheduled', fileId: payout.id, effectiveOn: story.today() })
  await story.tellPayout(payout.id, { kind: 'initiated', traceNumber: '1' }, { kind: 'settled', on: story.today() })
  const [job] = await t.house
    .sql`select payload from graphile_worker._private_jobs where key = ${`disburse:${payout.id}`}`
  expect(job?.payload).toEqual({ payoutId: payout.id })
  await Promise.all([disbursePayments(t.house, payout.id), disbursePayments(t.house, payout.id)])
  await disbursePayments(t.house, payout.id)
  for (const id of ids) expect((await eventsOf(id)).filter((type) => type === 'payment.disbursed')).toHaveLength(1)
})

it('tells no payment that came back while its payout was on its way, and pays it out again when the return is reversed', async () => {
  const [kept = '' as never, back = '' as never] = await story.settled(10_000, 20_000)
  days(2)
  await story.run()
  await story.comesBack(back)
  const { payout } = await newest()
  await story.reaches(payout.id)
  expect([await story.statusOf(kept), await story.statusOf(back)]).toEqual(['disbursed', 'returned'])
  await story.tell([back], { kind: 'return_reversed', code: 'R68' })
  await story.settled(1_000)
  days(2)
  await story.run()
  expect(await story.lines()).toEqual({
    ...{ gross: 1_000, fees: -33, returns: -20_000, returns_reversed: 20_000, return_fees: -500 },
  })
  await story.reaches((await newest()).payout.id)
  expect(await story.statusOf(back)).toBe('disbursed')
})

it('gives a payout that came back to the next, pauses the merchant and tells an operator', async () => {
  const ids = await story.settled(10_000)
  days(2)
  await story.run()
  const { payout } = await newest()
  const on = story.today()
  await story.tellPayout(payout.id, { kind: 'scheduled', fileId: payout.id, effectiveOn: on })
  await story.tellPayout(payout.id, { kind: 'initiated', traceNumber: '1' }, { kind: 'returned', code: 'R03', on })
  expect(await story.has()).toEqual({ available: 9_895 })
  expect(await alerts()).toEqual([
    `The payout of $98.95 to merchant ${story.merchantId} came back with R03. Their payouts are paused: ask them for ` +
      'their account, set it with rialto merchant payout-account, then --pause off.',
  ])
  story.nextDay()
  expect(await story.run()).toEqual({ made: 0, failed: 0 })
  await pausePayouts(t.house, story.merchantId, false)
  await story.settled(1_000)
  expect(await story.run()).toEqual({ made: 1, failed: 0 })
  expect(await story.lines()).toEqual({ payouts_returned: 9_895 })
  await story.reaches((await newest()).payout.id)
  expect(await Promise.all(ids.map(story.statusOf))).toEqual(['disbursed'])
})

it('takes back what it had given back when the return of a payout is reversed', async () => {
  await story.settled(10_000)
  days(2)
  await story.run()
  const { payout } = await newest()
  await story.reaches(payout.id)
  await story.tellPayout(payout.id, { kind: 'returned', code: 'R03', on: story.today() })
  expect(await story.has()).toEqual({ available: 9_895 })
  await story.tellPayout(payout.id, { kind: 'return_reversed', code: 'R68' })
  expect(await story.has()).toEqual({})
  expect((await newest()).payout).toMatchObject({ status: 'settled', amount: { minor: 9_895n } })
})

it('cancels a payout that is in no file yet, and pays its money and its payments out on the next day', async () => {
  const [id = '' as never] = await story.settled(10_000)
  days(2)
  await story.run()
  const { payout } = await newest()
  expect(await cancelPayout(t.house, payout.id, 'ada')).toMatchObject({ status: 'canceled', moves: 2 })
  await expect(cancelPayout(t.house, payout.id, 'ada')).rejects.toMatchObject({ code: 'payout_not_movable' })
  await expect(cancelPayout(t.house, t.house.newId(), 'ada')).rejects.toMatchObject({ code: 'payout_not_found' })
  expect(await story.run()).toEqual({ made: 0, failed: 0 })
  story.nextDay()
  await story.run()
  expect(await story.lines()).toEqual({ payouts_canceled: 9_895 })
  await story.reaches((await newest()).payout.id)
  expect(await story.statusOf(id)).toBe('disbursed')
})
