import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { rows } from '../answer.ts'
import { openTestApi, type TestApi } from '../test-api.ts'

const minute = 60_000

let t: TestApi
beforeAll(async () => {
  t = await openTestApi({ balanceBudgetMs: 200 })
})
beforeEach(() => {
  t.banks.away.clear()
  t.banks.balance.dollars = 1_000
})
afterAll(() => t.close())

/** A payment that waits because the customer's bank is away. */
async function waiting(email: string, dollars = 10): Promise<{ customerId: string; paymentId: string }> {
  const { customerId } = await t.merchant.link({ email }, { bank: 'meadow' })
  t.clock.forward(minute)
  t.banks.away.add('meadow')
  const { body } = await t.merchant.pay(customerId, dollars)
  expect(body.paymentStatus).toBe('PENDING')
  return { customerId, paymentId: String(body.paymentId) }
}
const read = async (paymentId: string) => (await t.merchant.get(`/v1/payments/${paymentId}`)).body
const balanceRule = async (paymentId: string) =>
  rows((await read(paymentId)).decision?.rules).find(({ rule }) => String(rule) === 'balance_at_bank')?.saw

it('decides a waiting payment by the account it debits, though the customer linked another one meanwhile', async () => {
  const { customerId, paymentId } = await waiting('moves@example.com')
  const first = (await t.merchant.get(`/v1/customers/${customerId}/accounts`)).body.accountDetails
  await t.merchant.link({ email: 'moves@example.com' }, { bank: 'harbor' })
  t.banks.away.clear()
  t.banks.balance.dollars = 5
  t.clock.forward(minute / 2)
  await t.runJobs()
  const decided = await read(paymentId)
  expect(decided.accountDetails?.accountId).toBe(rows(first)[0]?.accountId)
  expect(decided.paymentStatus).toBe('TERMINAL_FAILED')
  expect(await balanceRule(paymentId)).toMatchObject({ balance: '$5.00' })
})

it('declines a waiting payment of a customer who was let go, and learns nothing more about the account', async () => {
  const { customerId, paymentId } = await waiting('goes@example.com')
  expect((await t.merchant.call('DELETE', `/v1/customers/${customerId}`)).status).toBe(204)
  t.banks.away.clear()
  t.clock.forward(minute / 2)
  await t.runJobs()
  expect(await read(paymentId)).toMatchObject({
    paymentStatus: 'TERMINAL_FAILED',
    errorDetails: { errorMessage: expect.stringContaining('can no longer be used') },
  })
  const [account] = await t.house.sql`select number_sealed, balance, balance_at from account
    where customer_id = ${customerId}`
  expect(account).toEqual({ number_sealed: '', balance: null, balance_at: null })
})

it('holds the limits when payments arrive while others are being decided by jobs', async () => {
  const { customerId } = await waiting('busy@example.com', 9000)
  for (const dollars of [9000, 6000])
    expect((await t.merchant.pay(customerId, dollars)).body.paymentStatus).toBe('PENDING')
  t.banks.away.clear()
  t.banks.balance.dollars = 100_000
  t.clock.forward(minute / 2)
  await Promise.all([t.runJobs(), ...Array.from({ length: 10 }, () => t.merchant.pay(customerId, 1000))])
  const { body } = await t.merchant.get(`/v1/payments?customerId=${customerId}&status=AUTHORIZED`)
  const approved = rows(body.data).reduce((sum, { amount }) => sum + (amount?.value as unknown as number), 0)
  expect(approved).toBe(25_000)
})

it('says the same in the status, the diary, the decision and the events of every payment', async () => {
  const story = await t.house.sql<{ status: string; facts: string | null; outcome: string | null; types: string }[]>`
    select p.status,
      (select string_agg(fact->>'kind', ',' order by seq) from payment_move where payment_id = p.id) as facts,
      (select outcome from payment_decision where payment_id = p.id) as outcome,
      (select string_agg(type, ',' order by id) from event where resource_id = p.id) as types from payment p`
  expect(story.length).toBeGreaterThan(5)
  for (const { status, facts, outcome, types } of story) {
    const approved = status === 'authorized'
    expect([facts, outcome]).toEqual(approved ? ['approved', 'approved'] : ['declined', 'declined'])
    const end = approved ? 'payment.authorized' : 'payment.failed'
    expect([`payment.created,${end}`, `payment.created,payment.pending,${end}`]).toContain(types)
  }
})
