import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { rows } from '../answer.ts'
import { openTestApi, type TestApi } from '../test-api.ts'

const budgetMs = 300
const minute = 60_000

let t: TestApi
beforeAll(async () => {
  t = await openTestApi({ balanceBudgetMs: budgetMs })
})
beforeEach(() => {
  Object.assign(t.banks.balance, { dollars: 1_000, delayMs: 0, deaf: false })
  t.banks.away.clear()
  t.banks.relink.clear()
  t.banks.unusable.clear()
})
afterAll(() => t.close())

/** A customer whose balance on file is too old to rely on. */
async function linkedLongAgo(bank = 'harbor'): Promise<string> {
  const { customerId } = await t.merchant.link({}, { bank })
  t.clock.forward(minute)
  return customerId
}
const read = async (paymentId: unknown) => (await t.merchant.get(`/v1/payments/${paymentId}`)).body
const eventTypes = async (resourceId: unknown) =>
  (
    await t.house.sql<{ type: string }[]>`
    select type from event where resource_id = ${String(resourceId)} order by happened_at, type`
  ).map(({ type }) => type)

it('reads the balance at the bank when the one on file is too old', async () => {
  const customerId = await linkedLongAgo()
  t.banks.balance.dollars = 5
  expect((await t.merchant.pay(customerId, 6)).body.paymentStatus).toBe('TERMINAL_FAILED')
  expect((await t.merchant.pay(customerId, 5)).body.paymentStatus).toBe('AUTHORIZED')
})

it('reads the balance once for payments that ask at the same time', async () => {
  const customerId = await linkedLongAgo()
  t.banks.balance.delayMs = 100
  const before = t.banks.calls.length
  const answers = await Promise.all(Array.from({ length: 10 }, () => t.merchant.pay(customerId, 1)))
  expect(answers.map(({ body }) => String(body.paymentStatus))).toEqual(Array(10).fill('AUTHORIZED'))
  expect(t.banks.calls.slice(before)).toEqual(['balance harbor'])
})

it('answers PENDING within the budget when the bank is slow, and decides later', async () => {
  const customerId = await linkedLongAgo()
  t.banks.balance.delayMs = 5_000
  const began = performance.now()
  const paid = await t.merchant.pay(customerId, 10, { clientReferenceId: 'slow-1' })
  expect(performance.now() - began).toBeLessThan(4_900)
  expect(paid.body).toEqual({ paymentId: expect.any(String), paymentStatus: 'PENDING', clientReferenceId: 'slow-1' })
  expect(await read(paid.body.paymentId)).toMatchObject({ decision: null, paymentStatus: 'PENDING' })
  expect(await eventTypes(paid.body.paymentId)).toEqual(['payment.created', 'payment.pending'])
  t.banks.balance.delayMs = 0
  t.clock.forward(1_000)
  await t.runJobs()
  const decided = await read(paid.body.paymentId)
  expect(decided).toMatchObject({ paymentStatus: 'AUTHORIZED', decision: { outcome: 'approved', tookMs: 1_000 } })
  expect(await eventTypes(paid.body.paymentId)).toEqual(['payment.created', 'payment.pending', 'payment.authorized'])
  t.clock.forward(20 * minute)
  await t.runJobs()
  expect(await eventTypes(paid.body.paymentId)).toHaveLength(3)
})

it('answers within the budget also when a call to the bank cannot be cut short', async () => {
  const customerId = await linkedLongAgo()
  Object.assign(t.banks.balance, { delayMs: 4_000, deaf: true })
  const began = performance.now()
  const paid = await t.merchant.pay(customerId, 10)
  expect(performance.now() - began).toBeLessThan(3_900)
  expect(paid.body.paymentStatus).toBe('PENDING')
})

it('counts a payment that is still pending against the limits', async () => {
  const customerId = await linkedLongAgo()
  t.banks.away.add('harbor')
  for (const dollars of [9000, 9000, 7000])
    expect((await t.merchant.pay(customerId, dollars)).body.paymentStatus).toBe('PENDING')
  expect((await t.merchant.pay(customerId, 1)).body.paymentStatus).toBe('TERMINAL_FAILED')
})

it('asks a bank that is away every half minute, and declines when fifteen minutes are over', async () => {
  const customerId = await linkedLongAgo('meadow')
  t.banks.away.add('meadow')
  const paid = await t.merchant.pay(customerId, 10)
  expect(paid.body.paymentStatus).toBe('PENDING')
  const before = t.banks.calls.length
  for (let half = 0; half < 29; half++) {
    await t.runJobs()
    expect((await read(paid.body.paymentId)).paymentStatus).toBe('PENDING')
    t.clock.forward(minute / 2)
  }
  expect(t.banks.calls.length - before).toBeGreaterThanOrEqual(29)
  t.clock.forward(minute / 2)
  await t.runJobs()
  expect(await read(paid.body.paymentId)).toMatchObject({
    paymentStatus: 'TERMINAL_FAILED',
    errorDetails: { errorMessage: "The customer's bank did not confirm the balance in time." },
    decision: { outcome: 'declined', tookMs: 15 * minute },
  })
  expect(await eventTypes(paid.body.paymentId)).toEqual(['payment.created', 'payment.pending', 'payment.failed'])
  t.clock.forward(minute)
  await t.runJobs()
  expect(await eventTypes(paid.body.paymentId)).toHaveLength(3)
})

it('decides a waiting payment as soon as the bank is back', async () => {
  const customerId = await linkedLongAgo('meadow')
  t.banks.away.add('meadow')
  const paid = await t.merchant.pay(customerId, 10)
  await t.runJobs()
  t.banks.away.delete('meadow')
  t.banks.balance.dollars = 9.99
  t.clock.forward(minute / 2)
  await t.runJobs()
  expect(await read(paid.body.paymentId)).toMatchObject({
    paymentStatus: 'TERMINAL_FAILED',
    errorDetails: { errorMessage: 'Insufficient funds: the account does not hold enough money.' },
  })
})

it('stops an account whose bank no longer honours the consent: declined, customer deactivated, announced', async () => {
  const customerId = await linkedLongAgo('meadow')
  t.banks.relink.add('meadow')
  const paid = await t.merchant.pay(customerId, 10)
  expect(paid.body).toMatchObject({
    paymentStatus: 'TERMINAL_FAILED',
    errorDetails: { errorMessage: 'The account can no longer be used; the customer has to link an account again.' },
  })
  expect((await t.merchant.get(`/v1/customers/${customerId}`)).body).toMatchObject({
    customerStatus: 'INACTIVE',
    accountDetails: { accountStatus: 'INACTIVE' },
  })
  expect(await eventTypes(customerId)).toContain('customer.deactivated')
  const { accountDetails } = (await t.merchant.get(`/v1/customers/${customerId}/accounts`)).body
  expect(await eventTypes(rows(accountDetails)[0]?.accountId)).toContain('customer.account.deactivated')
  const [link] = await t.house.sql`select status, grant_sealed from link where customer_id = ${customerId}`
  expect(link).toEqual({ status: 'relink', grant_sealed: null })
  expect((await t.merchant.pay(customerId, 10)).body.paymentStatus).toBe('TERMINAL_FAILED')
  expect((await eventTypes(customerId)).filter((type) => type === 'customer.deactivated')).toHaveLength(1)
})

it('makes a deactivated customer active again when they link anew', async () => {
  const email = 'returns@example.com'
  const { customerId } = await t.merchant.link({ email }, { bank: 'meadow' })
  t.clock.forward(minute)
  t.banks.relink.add('meadow')
  await t.merchant.pay(customerId, 10)
  const again = await t.merchant.link({ email }, { bank: 'harbor' })
  expect(again.customerId).toBe(customerId)
  expect((await t.merchant.pay(customerId, 10)).body.paymentStatus).toBe('AUTHORIZED')
  expect((await eventTypes(customerId)).filter((type) => type === 'customer.activated')).toHaveLength(2)
})

it('does not leave a payment waiting for a bank that has already said that the account is closed', async () => {
  const customerId = await linkedLongAgo('meadow')
  t.banks.unusable.add('meadow')
  expect((await t.merchant.pay(customerId, 10)).body.paymentStatus).toBe('TERMINAL_FAILED')
})

it('never used a refresh token of a bank twice', () => {
  expect(t.banks.thefts).toEqual([])
})
