import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Answer } from '../answer.ts'
import { openTestApi, payment, type TestApi } from '../test-api.ts'

let t: TestApi
let customerId: string
beforeAll(async () => {
  t = await openTestApi()
  customerId = (await t.merchant.link()).customerId
})
afterAll(() => t.close())

const pay = (body: object, key?: string): Promise<Answer> =>
  t.merchant.call('POST', '/v1/payments', { body, headers: key === undefined ? {} : { 'idempotency-key': key } })
const countWith = async (requestKey: string) => {
  const [row] = await t.house.sql<{ count: number }[]>`
    select count(*)::int as count from payment where request_key = ${requestKey}`
  return row?.count
}
const order = (more: object = {}) => payment(t.merchant.id, customerId, 2.5, more)

it('makes exactly one payment of fifty requests with the same requestKey at once', async () => {
  const body = order({ requestKey: 'fifty' })
  const answers = await Promise.all(Array.from({ length: 50 }, () => pay(body)))
  const made = answers.filter(({ status }) => status === 200)
  expect(made).toHaveLength(1)
  const refused = answers.filter(({ status }) => status === 400)
  expect(refused).toHaveLength(49)
  for (const { body } of refused)
    expect(body).toMatchObject({ errorCode: 'DUPLICATE_REQUEST_KEY', existingPaymentId: made[0]?.body.paymentId })
  expect(await countWith('fifty')).toBe(1)
})

it('makes one payment of one requestKey also when the requests are for different customers', async () => {
  const people = await Promise.all([1, 2, 3, 4].map(() => t.merchant.link()))
  const keys = ['cross-a', 'cross-b', 'cross-c']
  const asked = Array.from({ length: 48 }, (_, index) =>
    payment(t.merchant.id, people[index % 4]?.customerId ?? '', 1, { requestKey: keys[index % 3] }),
  )
  const answers = await Promise.all(asked.map((body) => pay(body)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(3)
  expect(answers.filter(({ status }) => status === 400)).toHaveLength(45)
})

it('keeps a requestKey for ever, declined or not, and whatever else is asked for', async () => {
  const first = await pay(order({ requestKey: 'for-ever', amount: { value: 9001, currency: 'USD' } }))
  expect(first.body.paymentStatus).toBe('TERMINAL_FAILED')
  const again = await pay(order({ requestKey: 'for-ever' }))
  expect(again).toMatchObject({ status: 400, body: { existingPaymentId: first.body.paymentId } })
  expect((await pay(order({ requestKey: 'For-Ever' }))).status).toBe(200)
})

it('does not mind the same requestKey at another merchant', async () => {
  const other = await t.newMerchant()
  const linked = await other.link()
  await pay(order({ requestKey: 'mine-and-yours' }))
  const theirs = await other.pay(linked.customerId, 3, { requestKey: 'mine-and-yours' })
  expect(theirs).toMatchObject({ status: 200, body: { paymentStatus: 'AUTHORIZED' } })
})

it('replays the first answer, byte for byte, for the same Idempotency-Key and body', async () => {
  const body = order()
  const [first, again] = [await pay(body, 'replay-1'), await pay(body, 'replay-1')]
  expect(first.headers.get('idempotent-replayed')).toBeNull()
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect([again.status, again.text]).toEqual([first.status, first.text])
  expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'))
})

it('replays a refusal, too', async () => {
  const body = payment(t.merchant.id, '01890000-0000-7000-8000-000000000000', 1)
  const [first, again] = [await pay(body, 'replay-2'), await pay(body, 'replay-2')]
  expect(first).toMatchObject({ status: 404, body: { errorCode: 'NOT_FOUND' } })
  expect([again.status, again.text]).toEqual([first.status, first.text])
})

it('refuses the same Idempotency-Key with another body', async () => {
  const body = order()
  await pay(body, 'other-body')
  const other = await pay({ ...body, amount: { value: 2.51, currency: 'USD' } }, 'other-body')
  expect(other).toMatchObject({ status: 422, body: { errorCode: 'IDEMPOTENCY_KEY_REUSED' } })
})

it('does not mind the same Idempotency-Key at another merchant', async () => {
  const other = await t.newMerchant()
  const linked = await other.link()
  await pay(order(), 'shared-key')
  const theirs = await other.pay(linked.customerId, 3, {}, { 'idempotency-key': 'shared-key' })
  expect(theirs).toMatchObject({ status: 200, body: { paymentStatus: 'AUTHORIZED' } })
  expect(theirs.headers.get('idempotent-replayed')).toBeNull()
})

it('makes one payment of fifty requests with one Idempotency-Key at once; the others wait or are replayed', async () => {
  const body = order({ requestKey: 'fifty-idempotent' })
  const answers = await Promise.all(Array.from({ length: 50 }, () => pay(body, 'fifty')))
  const texts = new Set(answers.filter(({ status }) => status === 200).map(({ text }) => text))
  expect(texts.size).toBe(1)
  for (const answer of answers.filter(({ status }) => status !== 200)) {
    expect(answer).toMatchObject({ status: 409, body: { errorCode: 'IDEMPOTENCY_KEY_IN_USE' } })
    expect(answer.headers.get('retry-after')).toBe('1')
  }
  expect(await countWith('fifty-idempotent')).toBe(1)
})

/** What a process leaves behind that took the key and died. */
const claim = (key: string, body: object) =>
  t.house.sql`insert into idempotency (merchant_id, key, body_hash, claimed_at) values (${t.merchant.id}, ${key},
    ${createHash('sha256').update(JSON.stringify(body)).digest('base64url')}, ${t.clock.now})`

it('says that the first request is still running, for as long as it may be', async () => {
  const body = order()
  await claim('running', body)
  t.clock.forward(29_000)
  const second = await pay(body, 'running')
  expect(second).toMatchObject({ status: 409, body: { errorCode: 'IDEMPOTENCY_KEY_IN_USE' } })
  expect(second.headers.get('retry-after')).toBe('1')
})

it('answers the payment that a process recorded before it died, not a refusal', async () => {
  const body = order({ requestKey: 'died-after' })
  const first = await pay(body)
  await claim('died-after', body)
  t.clock.forward(31_000)
  const again = await pay(body, 'died-after')
  expect(again.status).toBe(200)
  expect(again.body).toEqual(first.body)
  const replayed = await pay(body, 'died-after')
  expect(replayed.text).toBe(again.text)
  expect(replayed.headers.get('idempotent-replayed')).toBe('true')
  expect(await countWith('died-after')).toBe(1)
})

it('makes the payment when the process died before it was recorded', async () => {
  const body = order({ requestKey: 'died-before' })
  await claim('died-before', body)
  t.clock.forward(31_000)
  expect((await pay(body, 'died-before')).body.paymentStatus).toBe('AUTHORIZED')
})

it('still refuses a requestKey that another Idempotency-Key used', async () => {
  const body = order({ requestKey: 'two-keys' })
  const first = await pay(body, 'two-keys-1')
  const second = await pay(body, 'two-keys-2')
  expect(second).toMatchObject({ status: 400, body: { existingPaymentId: first.body.paymentId } })
})

it('frees the Idempotency-Key when we failed ourselves', async () => {
  const body = order()
  await t.house.sql`alter table payment_move add constraint broken check (seq < 0) not valid`
  expect((await pay(body, 'we-failed')).status).toBe(500)
  await t.house.sql`alter table payment_move drop constraint broken`
  expect((await pay(body, 'we-failed')).body.paymentStatus).toBe('AUTHORIZED')
})

it.each([
  ['an empty one', ''],
  ['a long one', 'k'.repeat(256)],
])('refuses an Idempotency-Key that is none: %s', async (_what, key) => {
  const answer = await pay(order(), key)
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: 'Idempotency-Key' }] } })
})
