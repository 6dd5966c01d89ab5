import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { rows } from '../answer.ts'
import { booksOf, credit, tellFacts, tellStory } from '../story.ts'
import { openTestApi, payment, type TestApi, type TestMerchant } from '../test-api.ts'

let t: TestApi
beforeAll(async () => {
  t = await openTestApi()
})
beforeEach(() => {
  t.clock.now = new Date('2026-01-05T15:00:00.000Z')
})
afterAll(() => t.close())

/** A merchant that has this much to give. */
async function rich(dollars: number): Promise<{ merchant: TestMerchant; customerId: string }> {
  const merchant = await t.newMerchant()
  const { customerId } = await merchant.link()
  const id = String((await merchant.pay(customerId, dollars)).body.paymentId)
  const day = '2026-01-06' as never
  await tellFacts(t, [id], { kind: 'scheduled', fileId: id, effectiveOn: day })
  await tellFacts(t, [id], { kind: 'initiated', traceNumber: '044444440000001' })
  await tellFacts(t, [id], { kind: 'settled', on: day, fee: '0', fundsOn: day })
  await tellFacts(t, [id], { kind: 'funds_released' })
  return { merchant, customerId }
}
const give = (merchant: TestMerchant, customerId: string, dollars: number, more: object = {}, headers = {}) =>
  merchant.call('POST', '/v1/payments', { body: credit(merchant.id, customerId, dollars, more), headers })

it.each([
  [
    'gives what the merchant has, and no more; what is held or on its way is not had',
    `
    pay P1 100.00 AUTHORIZED
    credit C1 1.00 refused INSUFFICIENT_BALANCE
    send P1
    credit C2 1.00 refused INSUFFICIENT_BALANCE
    settle P1
    credit C3 1.00 refused INSUFFICIENT_BALANCE
    free P1
    credit C4 100.01 refused INSUFFICIENT_BALANCE
    credit C5 60.00 AUTHORIZED
    credit C6 40.01 refused INSUFFICIENT_BALANCE
    books available 40.00 outgoing 60.00
    can C5 cancel
    send C5
    books available 40.00 outgoing 0.00 credits 60.00
    can C5 nothing
    settle C5
    is C5 SUCCEEDED
    books available 40.00 credits 0.00 bank 40.00
    events C5 created authorized scheduled initiated succeeded`,
  ],
  [
    'gets back what the bank refuses, before and after it settled',
    `
    pay P 100.00 AUTHORIZED
    send P
    settle P
    free P
    credit C1 60.00 AUTHORIZED
    send C1
    return C1 R03
    is C1 TERMINAL_FAILED
    books available 100.00 outgoing 0.00 credits 0.00 bank 100.00
    credit C2 100.00 AUTHORIZED
    send C2
    settle C2
    return C2 R23
    books available 100.00 credits 0.00 bank 100.00
    retry C2 refused INVALID_STATE`,
  ],
  [
    'is not given from an overdraft, though refunds may be',
    `
    terms --overdraft-limit 100
    credit C 0.01 refused INSUFFICIENT_BALANCE`,
  ],
  [
    'is canceled before it is in a file, and its money is had again',
    `
    pay P 100.00 AUTHORIZED
    send P
    settle P
    free P
    credit C1 60.00 AUTHORIZED
    cancel C1 CANCELED
    cancel C1 CANCELED
    books available 100.00 outgoing 0.00
    credit C2 60.00 AUTHORIZED
    schedule C2
    cancel C2 refused INVALID_STATE
    withdraw C2
    cancel C2 CANCELED
    books available 100.00 outgoing 0.00`,
  ],
])('%s', (_what, story) => tellStory(t, story))

it('never gives more than there is, though fifty credits arrive at once', async () => {
  const { merchant, customerId } = await rich(100)
  const answers = await Promise.all(Array.from({ length: 50 }, () => give(merchant, customerId, 9)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(11)
  for (const { status, body } of answers.filter((answer) => answer.status !== 200))
    expect([status, String(body.errorCode)]).toEqual([400, 'INSUFFICIENT_BALANCE'])
  expect(await booksOf(t, merchant.id)).toMatchObject({ available: 100n, outgoing: 9_900n })
})

it('shows a credit as a transaction and as a payment, and finds it by its type', async () => {
  const { merchant, customerId } = await rich(10)
  const made = await give(merchant, customerId, 2.5, { clientReferenceId: 'bonus', softDescriptor: 'BONUS' })
  expect(made.status).toBe(200)
  expect(made.body).toEqual({
    ...{ paymentId: expect.any(String), paymentStatus: 'AUTHORIZED', clientReferenceId: 'bonus' },
  })
  const transaction = await merchant.get(`/v1/transactions/${made.body.paymentId}`)
  expect(transaction.body).toMatchObject({ transactionType: 'CREDIT', customerId, amount: { value: 2.5 } })
  const full = (await merchant.get(`/v1/payments/${made.body.paymentId}`)).body
  expect(full).toMatchObject({ paymentType: 'CREDIT', paymentStatus: 'AUTHORIZED', decision: null, presentment: 1 })
  const types = async (query: string) =>
    rows((await merchant.get(`/v1/payments?${query}`)).body.data).map(({ paymentType }) => String(paymentType))
  expect(await types('')).toEqual(['CREDIT', 'DEBIT'])
  expect(await types('paymentType=credit')).toEqual(['CREDIT'])
  expect(await types('paymentType=DEBIT')).toEqual(['DEBIT'])
})

it('tells of the credit, with its type and the request that made it', async () => {
  const { merchant, customerId } = await rich(10)
  const made = await give(merchant, customerId, 2.5)
  const told = await t.house.sql<{ data: object; request_id: string }[]>`
    select data, request_id from event where resource_id = ${String(made.body.paymentId)}`
  expect(told).toHaveLength(2)
  for (const { data, request_id } of told)
    expect([data, request_id]).toEqual([
      { customerId, clientReferenceId: null, transactionType: 'CREDIT' },
      made.headers.get('x-request-id'),
    ])
})

it('goes to the account that pays, or else to the newest that works', async () => {
  const { merchant } = await rich(10)
  const email = 'two@example.com'
  const { customerId } = await merchant.link({ email })
  t.clock.forward(1_000)
  await merchant.link({ email }, { bank: 'meadow', account: 1 })
  const accountOf = async () => {
    const made = await give(merchant, customerId, 1)
    return String(
      (await merchant.get(`/v1/payments/${made.body.paymentId}`)).body.accountDetails?.accountLastFourDigits,
    )
  }
  expect(await accountOf()).toBe('4322')
  await t.house.sql`update account set status = 'inactive' where customer_id = ${customerId} and preferred`
  expect(await accountOf()).toBe('4321')
})

it('refuses a credit to a customer who has no account, was let go, is nobody, or another merchant’s', async () => {
  const { merchant, customerId } = await rich(10)
  await merchant.session({ email: 'unlinked@example.com' })
  const unlinked = String(rows((await merchant.get('/v1/customers?email=unlinked@example.com')).body.data)[0]?.id)
  const gone = (await merchant.link()).customerId
  await merchant.call('DELETE', `/v1/customers/${gone}`)
  for (const id of [unlinked, gone])
    expect(await give(merchant, id, 1)).toMatchObject({ status: 400, body: { errorCode: 'CUSTOMER_NOT_ACTIVE' } })
  const theirs = (await t.merchant.link()).customerId
  for (const id of [theirs, '01890000-0000-7000-8000-000000000000', 'x'])
    expect(await give(merchant, id, 1)).toMatchObject({ status: 404, body: { errorCode: 'NOT_FOUND' } })
  const fromAnother = credit(t.merchant.id, customerId, 1)
  expect((await merchant.call('POST', '/v1/payments', { body: fromAnother })).status).toBe(404)
  expect(await booksOf(t, merchant.id)).toMatchObject({ available: 1_000n, outgoing: 0n })
})

it('refuses more than an entry can carry, and nothing, and what is no amount', async () => {
  const { merchant, customerId } = await rich(10)
  expect(await give(merchant, customerId, 100_000_000)).toMatchObject({
    status: 400,
    body: { errorCode: 'INVALID_AMOUNT' },
  })
  for (const dollars of [0, -1, 1.005]) {
    const { status, body } = await give(merchant, customerId, dollars)
    expect([status, String(rows(body.errors)[0]?.pointer)]).toEqual([400, '/amount/value'])
  }
})

it('points at both ends when money would go from a customer to a customer, or from the merchant to itself', async () => {
  const { customerId } = await t.merchant.link()
  const debit = payment(t.merchant.id, customerId, 1)
  for (const side of [debit.source, debit.destination]) {
    const { status, body } = await t.merchant.call('POST', '/v1/payments', {
      body: { ...debit, source: side, destination: side },
    })
    const pointers = rows(body.errors).map(({ pointer }) => String(pointer))
    expect([status, pointers]).toEqual([400, ['/source/type', '/destination/type']])
  }
})

it('makes one credit of a requestKey, and replays it for an Idempotency-Key', async () => {
  const { merchant, customerId } = await rich(100)
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => give(merchant, customerId, 1, { requestKey: 'bonus-1' })),
  )
  const made = answers.filter(({ status }) => status === 200)
  expect(made).toHaveLength(1)
  for (const { body } of answers.filter(({ status }) => status !== 200))
    expect(body).toMatchObject({ errorCode: 'DUPLICATE_REQUEST_KEY', existingPaymentId: made[0]?.body.paymentId })
  const body = credit(merchant.id, customerId, 2)
  const call = () => merchant.call('POST', '/v1/payments', { body, headers: { 'idempotency-key': 'c-1' } })
  const [first, again] = [await call(), await call()]
  expect([again.status, again.text, again.headers.get('idempotent-replayed')]).toEqual([200, first.text, 'true'])
  expect(await booksOf(t, merchant.id)).toMatchObject({ available: 9_700n, outgoing: 300n })
})
