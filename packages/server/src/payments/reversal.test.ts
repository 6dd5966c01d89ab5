import { afterAll, beforeAll, expect, it } from 'vitest'
import { booksOf, tellFacts } from '../../test/story.ts'
import { openTestApi, type TestApi } from '../../test/test-api.ts'
import { asDay, easternDay } from '../kernel/banking-day.ts'
import type { PaymentId } from '../kernel/id.ts'
import { reversePayment } from './reversal.commands.ts'
import { reverseUntil } from './reversal.ts'
import { returnedFact, settledFact } from './terms.ts'

let t: TestApi
beforeAll(async () => {
  t = await openTestApi()
})
afterAll(() => t.close())

it('counts five banking days from settlement, holidays and weekends left out', () => {
  expect(reverseUntil(asDay('2026-01-06'))).toBe('2026-01-13')
  // Monday the 19th is the birthday of Martin Luther King, Jr.
  expect(reverseUntil(asDay('2026-01-14'))).toBe('2026-01-22')
})

/** A payment of $100 with a fee of $1, free to be paid out. */
async function paid(): Promise<{ merchantId: string; id: PaymentId }> {
  const merchant = await t.newMerchant()
  await t.house.sql`update merchant set fee_fixed = 100, return_fee = 300 where id = ${merchant.id}`
  const { customerId } = await merchant.link()
  const id = (await merchant.pay(customerId, 100)).body.paymentId as unknown as PaymentId
  const today = easternDay(t.house.now())
  await tellFacts(t, [id], { kind: 'scheduled', fileId: '01890000-0000-7000-8000-000000000000', effectiveOn: today })
  await tellFacts(t, [id], { kind: 'initiated', traceNumber: '044444440000001' })
  await tellFacts(t, [id], (told, terms) => settledFact(told, terms, today))
  await tellFacts(t, [id], { kind: 'funds_released' })
  return { merchantId: merchant.id, id }
}

/** Sends a reversal, and lets it come back before it settles. */
async function comesBack(reversalId: PaymentId): Promise<void> {
  const today = easternDay(t.house.now())
  const fileId = '01890000-0000-7000-8000-000000000001'
  await tellFacts(t, [reversalId], { kind: 'scheduled', fileId, effectiveOn: today })
  await tellFacts(t, [reversalId], { kind: 'initiated', traceNumber: '044444440000002' })
  await tellFacts(t, [reversalId], (told, terms) => returnedFact(told, terms, 'R03', today))
}

const debitOf = async (id: PaymentId) => {
  const [row] = await t.house.sql`select fee, is_reversed as "isReversed", refunded from payment where id = ${id}`
  return row
}

it('gives the fee back with the money, and takes it again when the reversal comes back', async () => {
  const { id, merchantId } = await paid()
  const before = await booksOf(t, merchantId)
  const reversal = await reversePayment(t.house, id, { reason: 'wrong_amount', by: 'Ada' })
  expect(await debitOf(id)).toEqual({ fee: 0n, isReversed: true, refunded: 10_000n })
  expect(await booksOf(t, merchantId)).toMatchObject({ available: -0n, outgoing: 10_000n })
  await comesBack(reversal.id)
  expect(await debitOf(id)).toEqual({ fee: 100n, isReversed: false, refunded: 0n })
  expect(await booksOf(t, merchantId)).toEqual(before)
})

it('counts again when its return is found to be wrong', async () => {
  const { id } = await paid()
  const reversal = await reversePayment(t.house, id, { reason: 'duplicate', by: 'Ada' })
  await comesBack(reversal.id)
  await tellFacts(t, [reversal.id], { kind: 'return_reversed', code: 'R68' })
  expect(await debitOf(id)).toEqual({ fee: 0n, isReversed: true, refunded: 10_000n })
})

it('stands while one of two reversals does, when the first was paid after all', async () => {
  const { id } = await paid()
  const first = await reversePayment(t.house, id, { reason: 'duplicate', by: 'Ada' })
  await comesBack(first.id)
  const second = await reversePayment(t.house, id, { reason: 'duplicate', by: 'Ada' })
  await tellFacts(t, [first.id], { kind: 'return_reversed', code: 'R68' })
  expect(await t.house.sql`select type from event where resource_id = ${id} order by id desc limit 1`).toEqual([
    { type: 'payment.double_refund_risk' },
  ])
  await comesBack(second.id)
  expect(await debitOf(id)).toEqual({ fee: 0n, isReversed: true, refunded: 10_000n })
})

it('leaves alone a payment that came back itself meanwhile', async () => {
  const { id, merchantId } = await paid()
  const reversal = await reversePayment(t.house, id, { reason: 'duplicate', by: 'Ada' })
  const fileId = '01890000-0000-7000-8000-000000000001'
  const today = easternDay(t.house.now())
  await tellFacts(t, [reversal.id], { kind: 'scheduled', fileId, effectiveOn: today })
  await tellFacts(t, [reversal.id], { kind: 'initiated', traceNumber: '044444440000002' })
  await tellFacts(t, [id], (told, terms) => returnedFact(told, terms, 'R02', today))
  await tellFacts(t, [reversal.id], (told, terms) => returnedFact(told, terms, 'R02', today))
  expect(await debitOf(id)).toMatchObject({ fee: 0n, refunded: 0n })
  // The fee of the return is left.
  expect(await booksOf(t, merchantId)).toMatchObject({ available: -300n, outgoing: 0n })
  await tellFacts(t, [id], { kind: 'return_reversed', code: 'R68' })
  expect(await debitOf(id)).toEqual({ fee: 100n, isReversed: false, refunded: 0n })
})

it('is made once, however many people ask at once', async () => {
  const { id } = await paid()
  const asked = await Promise.allSettled(
    Array.from({ length: 6 }, (_, one) => reversePayment(t.house, id, { reason: 'duplicate', by: `Person ${one}` })),
  )
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await t.house.sql`select from payment where refund_of = ${id}`).toHaveLength(1)
})
