import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { rows } from '../answer.ts'
import { openTestApi, payment, type TestApi } from '../test-api.ts'

let t: TestApi
beforeAll(async () => {
  t = await openTestApi()
})
beforeEach(() => {
  t.banks.balance.dollars = 100_000
})
afterAll(() => t.close())

const eventsOf = (resourceId: string) =>
  t.house.sql<{ type: string; data: object; request_id: string | null }[]>`
    select type, data, request_id from event where resource_id = ${resourceId} order by id`
const countOf = async (table: string): Promise<number> => {
  const [row] = await t.house.sql<{ count: number }[]>`select count(*)::int as count from ${t.house.sql(table)}`
  return row?.count ?? -1
}

it('pays: token, session, hosted flow, customer, payment authorized', async () => {
  const { customerId, view } = await t.merchant.link({ email: 'first@example.com' })
  const returnTo = `https://shop.example/done?cart=7&status=200&customerId=${customerId}`
  expect(view).toMatchObject({ page: 'done', returnTo: expect.stringContaining(returnTo) })
  const customer = await t.merchant.get(`/v1/customers/${customerId}`)
  expect(customer.body).toMatchObject({ customerStatus: 'ACTIVE', email: 'first@example.com' })
  const paid = await t.merchant.pay(customerId, 19.99, { clientReferenceId: 'order-1', softDescriptor: 'Shop, Inc.' })
  expect(paid.status).toBe(200)
  expect(paid.body).toEqual({
    paymentId: expect.any(String),
    paymentStatus: 'AUTHORIZED',
    clientReferenceId: 'order-1',
  })
})

it('approves a payment of exactly the limit and declines one cent more, in the words of the reference', async () => {
  const { customerId } = await t.merchant.link()
  expect((await t.merchant.pay(customerId, 9000)).body.paymentStatus).toBe('AUTHORIZED')
  const over = await t.merchant.pay(customerId, 9000.01)
  expect(over.status).toBe(200)
  expect(over.body).toEqual({
    paymentId: expect.any(String),
    paymentStatus: 'TERMINAL_FAILED',
    errorDetails: { errorCode: 'PAYMENT_DECLINED', errorMessage: 'Transaction amount is greater than the limit.' },
  })
})

it('declines what the account does not hold, and counts what was approved and is still on its way', async () => {
  t.banks.balance.dollars = 100.5
  const { customerId } = await t.merchant.link()
  expect((await t.merchant.pay(customerId, 100.51)).body).toMatchObject({
    paymentStatus: 'TERMINAL_FAILED',
    errorDetails: { errorMessage: 'Insufficient funds: the account does not hold enough money.' },
  })
  expect((await t.merchant.pay(customerId, 100)).body.paymentStatus).toBe('AUTHORIZED')
  expect((await t.merchant.pay(customerId, 0.51)).body.paymentStatus).toBe('TERMINAL_FAILED')
  expect((await t.merchant.pay(customerId, 0.5)).body.paymentStatus).toBe('AUTHORIZED')
})

it('limits what a customer pays within 24 hours, by amount, and lets them pay again the day after', async () => {
  const { customerId } = await t.merchant.link()
  for (const dollars of [9000, 9000, 7000])
    expect((await t.merchant.pay(customerId, dollars)).body.paymentStatus).toBe('AUTHORIZED')
  expect((await t.merchant.pay(customerId, 0.01)).body).toMatchObject({
    paymentStatus: 'TERMINAL_FAILED',
    errorDetails: { errorMessage: expect.stringContaining("what is left of the customer's 24-hour limit") },
  })
  t.clock.forward(24 * 3_600_000)
  expect((await t.merchant.pay(customerId, 9000)).body.paymentStatus).toBe('AUTHORIZED')
})

it('never approves more than the 24-hour amount, though fifty payments arrive at once', async () => {
  const { customerId } = await t.merchant.link()
  const answers = await Promise.all(Array.from({ length: 50 }, () => t.merchant.pay(customerId, 1000)))
  const approved = answers.filter(({ body }) => String(body.paymentStatus) === 'AUTHORIZED')
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect(approved).toHaveLength(25)
})

it('never approves more than the number allowed within 24 hours, though fifty payments arrive at once', async () => {
  const merchant = await t.newMerchant('Busy Store')
  await t.house.sql`update merchant set customer_daily_count = 7 where id = ${merchant.id}`
  const { customerId } = await merchant.link()
  const answers = await Promise.all(Array.from({ length: 50 }, () => merchant.pay(customerId, 1)))
  const statuses = answers.map(({ body }) => String(body.paymentStatus))
  expect(statuses.filter((status) => status === 'AUTHORIZED')).toHaveLength(7)
  expect(answers.find(({ body }) => body.errorDetails)?.body.errorDetails).toMatchObject({
    errorMessage: 'The customer has reached the number of payments allowed within 24 hours.',
  })
})

it("does not let one customer's limit touch another's when their payments share a transaction", async () => {
  const [ada, bob] = [await t.merchant.link(), await t.merchant.link()]
  const both = Array.from({ length: 30 }, (_, index) => (index % 2 ? ada : bob).customerId)
  const answers = await Promise.all(both.map((id) => t.merchant.pay(id, 5000)))
  for (const who of [ada, bob]) {
    const theirs = answers.filter((_, index) => both[index] === who.customerId)
    expect(theirs.filter(({ body }) => String(body.paymentStatus) === 'AUTHORIZED')).toHaveLength(5)
  }
})

it('explains a decision: every rule with what it looked at, as they stood', async () => {
  t.banks.balance.dollars = 50
  const { customerId } = await t.merchant.link()
  await t.merchant.pay(customerId, 20)
  t.clock.forward(1_000)
  const paid = await t.merchant.pay(customerId, 40)
  const { body } = await t.merchant.get(`/v1/payments/${paid.body.paymentId}`)
  expect(body).toMatchObject({
    paymentStatus: 'TERMINAL_FAILED',
    paymentType: 'DEBIT',
    amount: { value: 40, currency: 'USD' },
  })
  expect(rows(body.lifecycle).map(({ status }) => status)).toEqual(['CREATED', 'TERMINAL_FAILED'])
  expect(body.decision).toEqual({
    ...{ ruleset: 1, outcome: 'declined', decidedAt: t.clock.now.toISOString(), tookMs: 0 },
    rules: [
      { rule: 'account_active', outcome: 'passed', saw: { accountStatus: 'active' } },
      { rule: 'authorization_on_file', outcome: 'passed', saw: { since: expect.any(String) } },
      { rule: 'per_payment_limit', outcome: 'passed', saw: { amount: '$40.00', limit: '$9,000.00' } },
      {
        ...{ rule: 'customer_24_hour_amount', outcome: 'passed' },
        saw: { amount: '$40.00', approvedBefore: '$20.00', limit: '$25,000.00' },
      },
      { rule: 'customer_24_hour_count', outcome: 'passed', saw: { approvedBefore: 1, limit: 100 } },
      {
        ...{ rule: 'balance_at_bank', outcome: 'failed' },
        saw: { amount: '$40.00', balance: '$50.00', balanceAgeMs: 1_000, approvedBefore: '$20.00' },
      },
    ],
  })
})

it('announces each change once, with the id of the request that caused it', async () => {
  const { customerId } = await t.merchant.link()
  const approved = await t.merchant.pay(customerId, 1, { clientReferenceId: 'ref-1' })
  const declined = await t.merchant.pay(customerId, 9001)
  const told = await eventsOf(String(approved.body.paymentId))
  expect(told.map(({ type }) => type).toSorted()).toEqual(['payment.authorized', 'payment.created'])
  expect(told[0]?.data).toEqual({ customerId, clientReferenceId: 'ref-1', transactionType: 'DEBIT' })
  expect(told.map(({ request_id }) => request_id)).toEqual(Array(2).fill(approved.headers.get('x-request-id')))
  const failed = await eventsOf(String(declined.body.paymentId))
  expect(failed.map(({ type }) => type).toSorted()).toEqual(['payment.created', 'payment.failed'])
  const customer = await eventsOf(customerId)
  expect(customer.map(({ type }) => type).toSorted()).toEqual(['customer.activated', 'customer.created'])
})

it('announces in the order in which things happened, also within one millisecond', async () => {
  const { customerId } = await t.merchant.link()
  const answers = await Promise.all(Array.from({ length: 20 }, () => t.merchant.pay(customerId, 1)))
  for (const { body } of answers) {
    const types = (await eventsOf(String(body.paymentId))).map(({ type }) => type)
    expect(types).toEqual(['payment.created', 'payment.authorized'])
  }
})

it('announces nothing of a payment that could not be written', async () => {
  const { customerId } = await t.merchant.link()
  const before = await countOf('event')
  await t.house.sql`alter table payment_decision add constraint broken check (took_ms < 0) not valid`
  const answers = await Promise.all([1, 2, 3].map((dollars) => t.merchant.pay(customerId, dollars)))
  await t.house.sql`alter table payment_decision drop constraint broken`
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 500, body: { errorId: 10003, errorCode: 'INTERNAL_SERVER_ERROR' } })
    expect(answer.text).not.toMatch(/broken|payment_decision|constraint/)
  }
  expect(await countOf('event')).toBe(before)
  const list = await t.merchant.get(`/v1/payments?customerId=${customerId}`)
  expect(list.body.data).toEqual([])
})

it('lets no event and no line of the diary be changed or removed', async () => {
  for (const table of ['event', 'payment_move', 'payment_decision']) {
    await expect(t.house.sql`delete from ${t.house.sql(table)}`).rejects.toThrow('append-only')
  }
  await expect(t.house.sql`update event set type = 'payment.created'`).rejects.toThrow('append-only')
})

it('refuses a payment of a customer who has not linked, and one to somebody else', async () => {
  await t.merchant.session({ email: 'unlinked@example.com' })
  const { body } = await t.merchant.get('/v1/customers?email=unlinked@example.com')
  const unlinked = String(rows(body.data)[0]?.id)
  expect(await t.merchant.pay(unlinked, 1)).toMatchObject({ status: 400, body: { errorCode: 'CUSTOMER_NOT_ACTIVE' } })
  const { customerId } = await t.merchant.link()
  const other = await t.newMerchant()
  const toOther = await t.merchant.call('POST', '/v1/payments', { body: payment(other.id, customerId, 1) })
  expect(toOther).toMatchObject({ status: 404, body: { errorCode: 'NOT_FOUND' } })
})

it('does not debit an account that was only to be verified', async () => {
  const { customerId } = await t.merchant.link({ product: 'verify' })
  expect((await t.merchant.pay(customerId, 1)).body).toMatchObject({
    paymentStatus: 'TERMINAL_FAILED',
    errorDetails: { errorMessage: 'There is no authorization on file to debit this account.' },
  })
})
