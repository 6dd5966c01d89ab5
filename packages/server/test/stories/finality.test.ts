import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { atEastern } from '../../src/kernel/banking-day.ts'
import { returnCode } from '../../src/rails/ach/return-code.ts'
import { rows } from '../answer.ts'
import { refund, tellFacts } from '../story.ts'
import { openTestApi, type TestApi } from '../test-api.ts'

let t: TestApi
let customerId: string
beforeAll(async () => {
  t = await openTestApi()
  customerId = (await t.merchant.link()).customerId
})
beforeEach(() => {
  t.clock.now = new Date('2026-01-05T15:00:00.000Z')
})
afterAll(() => t.close())

const day = (text: string) => text as never
const pay = async (dollars = 10) => String((await t.merchant.pay(customerId, dollars)).body.paymentId)
const send = async (id: string) => {
  await tellFacts(t, [id], { kind: 'scheduled', fileId: id, effectiveOn: day('2026-01-06') })
  await tellFacts(t, [id], { kind: 'initiated', traceNumber: '044444440000001' })
}
const settle = (id: string, on: string, fundsOn = on) =>
  tellFacts(t, [id], { kind: 'settled', on: day(on), fee: '0', fundsOn: day(fundsOn) })
const comeBack = (id: string, code: string, mayRetry = false) =>
  tellFacts(t, [id], { kind: 'returned', code, on: day('2026-01-08'), mayRetry, feeBack: '0', returnFee: '0' })
const read = async (id: string) => (await t.merchant.get(`/v1/payments/${id}`)).body
const transaction = async (id: string) => (await t.merchant.get(`/v1/transactions/${id}`)).body
const at = (on: string, time = '12:00') => {
  t.clock.now = atEastern(day(on), time)
}

it.each([
  // Settled on, the last day of common returns, the last of unauthorized ones: the banking day after the 60th day.
  ['2026-01-06', '2026-01-08', '2026-03-09'],
  ['2026-01-15', '2026-01-20', '2026-03-17'],
  ['2026-05-21', '2026-05-26', '2026-07-21'],
  ['2026-12-23', '2026-12-28', '2027-02-22'],
])('tells of a debit settled on %s until when it may come back: %s, %s', async (on, administrative, unauthorized) => {
  const id = await pay()
  const none = { administrativeReturnsEndOn: null, unauthorizedReturnsEndOn: null, fundsAvailableOn: null }
  expect((await read(id)).finality).toEqual({ ...none, isFinal: false })
  await send(id)
  expect((await read(id)).finality).toEqual({ ...none, isFinal: false })
  await settle(id, on, '2026-12-31')
  const days = { administrativeReturnsEndOn: administrative, unauthorizedReturnsEndOn: unauthorized }
  const seen = async () => (await read(id)).finality
  expect(await seen()).toEqual({ ...days, fundsAvailableOn: '2026-12-31', isFinal: false })
  at(unauthorized, '23:59')
  expect(await seen()).toMatchObject({ isFinal: false })
  await tellFacts(t, [id], { kind: 'funds_released' })
  t.clock.forward(60_000)
  expect(await seen()).toEqual({ ...days, fundsAvailableOn: '2026-12-31', isFinal: true })
})

it('is final for what was declined, canceled or came back for good, and not while it may be presented again', async () => {
  const finalityOf = async (id: string) => (await read(id)).finality
  const none = { administrativeReturnsEndOn: null, unauthorizedReturnsEndOn: null, fundsAvailableOn: null }
  expect(await finalityOf(await pay(9001))).toEqual({ ...none, isFinal: true })
  const canceled = await pay()
  await t.merchant.call('POST', `/v1/payments/${canceled}/cancel`)
  expect(await finalityOf(canceled)).toEqual({ ...none, isFinal: true })
  const returned = await pay()
  await send(returned)
  await settle(returned, '2026-01-06')
  await comeBack(returned, 'R10')
  expect(await finalityOf(returned)).toEqual({ ...none, isFinal: true })
  const retryable = await pay()
  await send(retryable)
  await comeBack(retryable, 'R01', true)
  expect(await finalityOf(retryable)).toEqual({ ...none, isFinal: false })
  await tellFacts(t, [returned], { kind: 'return_reversed', code: 'R68' })
  expect(await finalityOf(returned)).toMatchObject({ unauthorizedReturnsEndOn: '2026-03-09', isFinal: false })
})

it('tells of a refund, which nobody calls unauthorized', async () => {
  const id = await pay()
  await send(id)
  await settle(id, '2026-01-06')
  const made = await t.merchant.call('POST', '/v1/refunds', { body: refund(id, 10) })
  const refundId = String(made.body.paymentId)
  await send(refundId)
  await settle(refundId, '2026-01-08')
  const days = { administrativeReturnsEndOn: '2026-01-12', unauthorizedReturnsEndOn: null, fundsAvailableOn: null }
  at('2026-01-12')
  expect((await read(refundId)).finality).toEqual({ ...days, isFinal: false })
  at('2026-01-13')
  expect((await read(refundId)).finality).toEqual({ ...days, isFinal: true })
})

it('tells a payment’s life, each state with what happened and when', async () => {
  const id = await pay()
  t.clock.forward(1_000)
  await send(id)
  t.clock.forward(1_000)
  await settle(id, '2026-01-06')
  await tellFacts(t, [id], { kind: 'funds_released' })
  await tellFacts(t, [id], { kind: 'disbursed', payoutId: id })
  t.clock.forward(1_000)
  await comeBack(id, 'R10')
  const { lifecycle, canDo, returnCode: code, presentment } = await read(id)
  const told = (second: number) => new Date(Date.parse('2026-01-05T15:00:00.000Z') + second * 1_000).toISOString()
  expect(lifecycle).toEqual([
    { status: 'CREATED', change: 'CREATED', at: told(0) },
    { status: 'AUTHORIZED', change: 'APPROVED', at: told(0) },
    { status: 'SCHEDULED', change: 'SCHEDULED', at: told(1), effectiveOn: '2026-01-06' },
    { status: 'INITIATED', change: 'INITIATED', at: told(1) },
    { status: 'SUCCEEDED', change: 'SETTLED', at: told(2), settledOn: '2026-01-06' },
    { status: 'SUCCEEDED', change: 'FUNDS_RELEASED', at: told(2) },
    { status: 'SUCCEEDED', change: 'DISBURSED', at: told(2) },
    { status: 'TERMINAL_FAILED', change: 'RETURNED', at: told(3), returnCode: 'R10' },
  ])
  expect([canDo, code, presentment]).toEqual([[], 'R10', 1])
})

it('says when a transaction settled, and why it came back, in the words for its return code', async () => {
  const id = await pay()
  await send(id)
  expect(await transaction(id)).not.toHaveProperty('settlementDate')
  await settle(id, '2026-01-06')
  expect(await transaction(id)).toMatchObject({
    ...{ transactionStatus: 'SUCCEEDED', settlementDate: '2026-01-06T13:30:00.000Z' },
  })
  await comeBack(id, 'R02')
  const { says } = returnCode('R02')
  expect(await transaction(id)).toMatchObject({
    ...{ transactionStatus: 'TERMINAL_FAILED', settlementDate: '2026-01-06T13:30:00.000Z' },
    transactionFailureReason: { code: 'R02', description: says },
  })
  expect((await read(id)).errorDetails).toEqual({ errorCode: 'R02', errorMessage: says })
  const unknown = await pay()
  await send(unknown)
  await comeBack(unknown, 'R98')
  expect((await transaction(unknown)).transactionFailureReason).toMatchObject({ code: 'R98' })
})

it('does not take the day of an earlier presentment for that of a later one', async () => {
  const id = await pay()
  await send(id)
  await settle(id, '2026-01-06')
  await comeBack(id, 'R01', true)
  expect(await transaction(id)).toMatchObject({ transactionStatus: 'RETRYABLE_FAILED' })
  await t.merchant.call('POST', `/v1/payments/${id}/retry`)
  expect(await transaction(id)).not.toHaveProperty('settlementDate')
  expect((await read(id)).finality).toMatchObject({ administrativeReturnsEndOn: null, isFinal: false })
  await send(id)
  await comeBack(id, 'R01')
  expect(await transaction(id)).not.toHaveProperty('settlementDate')
})

it('lists by every status there is', async () => {
  const merchant = await t.newMerchant()
  const who = (await merchant.link()).customerId
  const ids = []
  for (let index = 0; index < 3; index++) ids.push(String((await merchant.pay(who, 1)).body.paymentId))
  const [settled = '', failed = '', canceled = ''] = ids
  await send(settled)
  await settle(settled, '2026-01-06')
  await send(failed)
  await comeBack(failed, 'R01', true)
  await merchant.call('POST', `/v1/payments/${canceled}/cancel`)
  for (const [status, id] of [
    ['SUCCEEDED', settled],
    ['RETRYABLE_FAILED', failed],
    ['CANCELED', canceled],
  ]) {
    const { data } = (await merchant.get(`/v1/payments?status=${status}`)).body
    expect(rows(data).map((row) => [String(row.paymentId), String(row.paymentStatus)])).toEqual([[id, status]])
  }
  const [row] = rows((await merchant.get('/v1/payments?status=RETRYABLE_FAILED')).body.data)
  expect(row).toMatchObject({ returnCode: 'R01', errorDetails: { errorCode: 'R01' } })
  expect(await merchant.get('/v1/payments?paymentType=LOAN')).toMatchObject({
    ...{ status: 400, body: { errors: [{ pointer: '?paymentType' }] } },
  })
  expect((await merchant.get('/v1/payments?refundOf=x')).status).toBe(404)
})
