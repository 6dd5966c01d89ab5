import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Answer, rows } from '../answer.ts'
import { booksOf, refund, tellFacts } from '../story.ts'
import { openTestApi, type TestApi, type TestMerchant } from '../test-api.ts'

let t: TestApi
beforeAll(async () => {
  t = await openTestApi()
})
beforeEach(() => {
  t.clock.now = new Date('2026-01-05T15:00:00.000Z')
})
afterAll(() => t.close())

/** A merchant with a payment that has settled and is free to be paid out. */
async function settled(dollars: number): Promise<{ merchant: TestMerchant; paymentId: string; customerId: string }> {
  const merchant = await t.newMerchant()
  const { customerId } = await merchant.link()
  const paymentId = String((await merchant.pay(customerId, dollars)).body.paymentId)
  await tellFacts(t, [paymentId], { kind: 'scheduled', fileId: paymentId, effectiveOn: '2026-01-06' as never })
  await tellFacts(t, [paymentId], { kind: 'initiated', traceNumber: '044444440000001' })
  const day = '2026-01-06' as never
  await tellFacts(t, [paymentId], { kind: 'settled', on: day, fee: '0', fundsOn: day })
  await tellFacts(t, [paymentId], { kind: 'funds_released' })
  return { merchant, paymentId, customerId }
}
const give = (merchant: TestMerchant, paymentId: string, dollars: number, more: object = {}, key?: string) =>
  merchant.call('POST', '/v1/refunds', {
    body: refund(paymentId, dollars, more),
    headers: key === undefined ? {} : { 'idempotency-key': key },
  })

it('never gives back more than the payment, though fifty refunds arrive at once', async () => {
  const { merchant, paymentId } = await settled(100)
  const answers = await Promise.all(Array.from({ length: 50 }, () => give(merchant, paymentId, 30)))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(3)
  for (const { status, body } of answers.filter((answer) => answer.status !== 201)) {
    expect([status, String(body.errorCode)]).toEqual([400, 'INSUFFICIENT_REFUNDABLE'])
    expect(body.refundableAmount).toMatchObject({ currency: 'USD' })
  }
  const { body } = await merchant.get(`/v1/payments/${paymentId}`)
  expect(body).toMatchObject({ refundedAmount: { value: 90 }, refundableAmount: { value: 10 } })
  expect(await booksOf(t, merchant.id)).toMatchObject({ available: 1_000n, outgoing: 9_000n })
  const listed = await merchant.get(`/v1/payments?refundOf=${paymentId}`)
  expect(rows(listed.body.data)).toHaveLength(3)
})

it('never overdraws the merchant, though refunds of many payments arrive at once', async () => {
  const merchant = await t.newMerchant()
  const { customerId } = await merchant.link()
  const paid = await Promise.all(Array.from({ length: 20 }, () => merchant.pay(customerId, 10)))
  const ids = paid.map(({ body }) => String(body.paymentId))
  const day = '2026-01-06' as never
  await tellFacts(t, ids, { kind: 'scheduled', fileId: ids[0] as string, effectiveOn: day })
  await tellFacts(t, ids, { kind: 'initiated', traceNumber: '044444440000001' })
  await tellFacts(t, ids, { kind: 'settled', on: day, fee: '500', fundsOn: day })
  await tellFacts(t, ids.slice(0, 10), { kind: 'funds_released' })
  // 20 payments of $10 brought $5 each: enough for ten refunds.
  const answers = await Promise.all(ids.map((id) => give(merchant, id, 10)))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(10)
  for (const { status, body } of answers.filter((answer) => answer.status !== 201))
    expect([status, String(body.errorCode)]).toEqual([400, 'INSUFFICIENT_BALANCE'])
  expect(await booksOf(t, merchant.id)).toMatchObject({ available: -5_000n, held: 5_000n, outgoing: 10_000n })
})

it('answers 201 with the result, and shows the refund as a credit of the account that was debited', async () => {
  const { merchant, paymentId, customerId } = await settled(50)
  const more = { clientReferenceId: 'return-7', softDescriptor: 'RETURN 7' }
  const made = await give(merchant, paymentId, 12.5, more)
  expect(made.status).toBe(201)
  expect(made.body).toEqual({
    ...{ paymentId: expect.any(String), paymentStatus: 'AUTHORIZED', clientReferenceId: 'return-7' },
  })
  const { body } = await merchant.get(`/v1/transactions/${made.body.paymentId}`)
  expect(body).toEqual({
    ...{ transactionId: made.body.paymentId, transactionType: 'CREDIT', customerId, clientReferenceId: 'return-7' },
    ...{ amount: { value: 12.5, currency: 'USD' }, transactionStatus: 'AUTHORIZED', descriptor: 'RETURN 7' },
    accountDetails: expect.objectContaining({ accountLastFourDigits: '4321' }),
    creationDate: t.clock.now.toISOString(),
  })
  const full = (await merchant.get(`/v1/payments/${made.body.paymentId}`)).body
  expect(full).toMatchObject({ paymentType: 'CREDIT', refundOf: paymentId, decision: null, canDo: ['cancel'] })
  expect(full).not.toHaveProperty('refundableAmount')
})

it('says of a canceled payment that nothing has to be given back', async () => {
  const { merchant } = await settled(1)
  await t.house.sql`update merchant set unsent_refund = 'cancel' where id = ${merchant.id}`
  const { customerId } = await merchant.link()
  const paymentId = String((await merchant.pay(customerId, 8)).body.paymentId)
  const made = await give(merchant, paymentId, 8)
  expect(made).toMatchObject({
    status: 201,
    body: { paymentStatus: 'CANCELED', note: expect.stringContaining('canceled') },
  })
  const { lifecycle } = (await merchant.get(`/v1/payments/${paymentId}`)).body
  expect(rows(lifecycle).at(-1)).toMatchObject({ status: 'CANCELED', reason: 'REFUNDED' })
  const ofRefund = (await merchant.get(`/v1/payments/${made.body.paymentId}`)).body.lifecycle
  expect(rows(ofRefund).at(-1)).toMatchObject({ status: 'CANCELED', reason: 'PAYMENT_NOT_MADE' })
})

it('cancels the refund of a payment that is declined when the bank tells its balance', async () => {
  const { merchant } = await settled(1)
  const { customerId } = await merchant.link({}, { bank: 'meadow' })
  t.clock.forward(60_000)
  t.banks.away.add('meadow')
  const late = await openPending(merchant, customerId)
  t.banks.away.delete('meadow')
  t.banks.balance.dollars = 1
  t.clock.forward(30_000)
  await t.runJobs()
  t.banks.balance.dollars = 100_000
  const status = async (id: unknown) => String((await merchant.get(`/v1/payments/${id}`)).body.paymentStatus)
  expect(await status(late.paymentId)).toBe('TERMINAL_FAILED')
  expect(await status(late.refundId)).toBe('CANCELED')
})

async function openPending(merchant: TestMerchant, customerId: string) {
  const paid = await merchant.pay(customerId, 20)
  expect(paid.body.paymentStatus).toBe('PENDING')
  const made = await give(merchant, String(paid.body.paymentId), 5)
  expect(made.body.paymentStatus).toBe('PENDING')
  return { paymentId: paid.body.paymentId, refundId: made.body.paymentId }
}

it('goes to the account that was debited, or else to the one that pays; to none, it is refused', async () => {
  const { merchant } = await settled(1)
  const email = 'moves-on@example.com'
  const { customerId } = await merchant.link({ email })
  const ids: string[] = []
  for (const dollars of [10, 11, 12]) ids.push(String((await merchant.pay(customerId, dollars)).body.paymentId))
  const [first = '', second = '', third = ''] = ids
  const accountOf = async (answer: Answer) =>
    String((await merchant.get(`/v1/payments/${answer.body.paymentId}`)).body.accountDetails?.accountLastFourDigits)
  t.clock.forward(1_000)
  await merchant.link({ email }, { bank: 'meadow', account: 1 })
  expect(await accountOf(await give(merchant, first, 1))).toBe('4321')
  await t.house.sql`update account set status = 'inactive' where customer_id = ${customerId} and not preferred`
  expect(await accountOf(await give(merchant, second, 1))).toBe('4322')
  await t.house.sql`update account set status = 'inactive' where customer_id = ${customerId}`
  expect(await give(merchant, third, 1)).toMatchObject({ status: 400, body: { errorCode: 'CUSTOMER_NOT_ACTIVE' } })
})

it('refuses a requestKey that any payment, credit or refund has used, whatever else is asked for', async () => {
  const { merchant, paymentId, customerId } = await settled(100)
  const other = await settled(100)
  const first = await give(merchant, paymentId, 1, { requestKey: 'once' })
  const again = { status: 400, body: { errorCode: 'DUPLICATE_REQUEST_KEY', existingPaymentId: first.body.paymentId } }
  expect(await give(merchant, paymentId, 99_999, { requestKey: 'once' })).toMatchObject(again)
  expect(await merchant.pay(customerId, 1, { requestKey: 'once' })).toMatchObject(again)
  await merchant.pay(customerId, 1, { requestKey: 'paid-with' })
  expect(await give(merchant, paymentId, 1, { requestKey: 'paid-with' })).toMatchObject({
    ...{ status: 400, body: { errorCode: 'DUPLICATE_REQUEST_KEY' } },
  })
  expect((await give(other.merchant, other.paymentId, 1, { requestKey: 'once' })).status).toBe(201)
})

it('makes one refund of thirty requests with the same requestKey at once, for two payments', async () => {
  const { merchant, paymentId } = await settled(100)
  const { customerId } = await merchant.link()
  const second = String((await merchant.pay(customerId, 100)).body.paymentId)
  const asked = Array.from({ length: 30 }, (_, index) => (index % 2 ? paymentId : second))
  const answers = await Promise.all(asked.map((id) => give(merchant, id, 1, { requestKey: 'thirty' })))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  const refused = answers.filter(({ status }) => status !== 201)
  for (const { status, body } of refused)
    expect([status, String(body.errorCode)]).toEqual([400, 'DUPLICATE_REQUEST_KEY'])
})

it('replays its answer for the same Idempotency-Key, with its status; a refusal too', async () => {
  const { merchant, paymentId } = await settled(100)
  const body = refund(paymentId, 60)
  const call = (key: string, sent: object) =>
    merchant.call('POST', '/v1/refunds', { body: sent, headers: { 'idempotency-key': key } })
  const [first, again] = [await call('r-1', body), await call('r-1', body)]
  expect([first.status, again.status, again.text]).toEqual([201, 201, first.text])
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  const tooMuch = refund(paymentId, 41)
  const [refused, same] = [await call('r-2', tooMuch), await call('r-2', tooMuch)]
  expect([refused.status, same.text]).toEqual([400, refused.text])
  expect((await call('r-1', tooMuch)).status).toBe(422)
})

it("does not know another merchant's payment, nor one that is none", async () => {
  const { merchant } = await settled(1)
  const { paymentId } = await settled(10)
  for (const id of [paymentId, '01890000-0000-7000-8000-000000000000', 'x', ''])
    expect(await give(merchant, id, 1)).toMatchObject({ status: 404, body: { errorCode: 'NOT_FOUND' } })
})

it.each([
  ['/paymentId', { paymentId: undefined }],
  ['/paymentId', { paymentId: 7 }],
  ['/amount', { amount: undefined }],
  ['/amount/value', { amount: { value: 0, currency: 'USD' } }],
  ['/amount/value', { amount: { value: 1.005, currency: 'USD' } }],
  ['/amount/currency', { amount: { value: 1, currency: 'EUR' } }],
  ['/requestKey', { requestKey: '' }],
  ['/requestKey', { requestKey: 'a\nb' }],
  ['/clientReferenceId', { clientReferenceId: 'x'.repeat(256) }],
  ['/softDescriptor', { softDescriptor: '<b>' }],
])('points at what is wrong with a refund: %s', async (pointer, more) => {
  const answer = await give(t.merchant, '01890000-0000-7000-8000-000000000000', 1, more)
  expect(answer.status).toBe(400)
  expect(new Set(rows(answer.body.errors).map((fault) => String(fault.pointer)))).toEqual(new Set([pointer]))
})

it('refuses more than an entry can carry', async () => {
  const { merchant, paymentId } = await settled(1)
  expect(await give(merchant, paymentId, 100_000_000)).toMatchObject({
    ...{ status: 400, body: { errorCode: 'INVALID_AMOUNT' } },
  })
})
