import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import {
  cents,
  dollars,
  Rialto,
  RialtoApiError,
  type RialtoEvent,
  type RialtoOptions,
  webhooks,
} from '@rialto/node-sdk'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { password } from '../fake-banks.ts'
import { openTestApi, person, type TestApi } from '../test-api.ts'
import { openWebhookReceiver } from '../webhook-receiver.ts'

let t: TestApi
let rialto: Rialto
beforeAll(async () => {
  t = await openTestApi()
  rialto = open()
})
beforeEach(() => {
  t.banks.balance.dollars = 100_000
})
afterAll(() => t.close())

/** A client of the merchant's on the house's clock. It is as patient as ever, in less time. */
const open = (options: Partial<RialtoOptions> = {}): Rialto => {
  const { clientId, clientSecret } = t.merchant
  const lent = { now: () => t.clock.real, sleep: (ms: number) => sleep(ms / 100) }
  return new Rialto({ baseUrl: t.apiUrl, clientId, clientSecret, ...options }, lent)
}

/** A customer with an account, linked in the hosted flow with a session that the client made. */
async function link(who = person()): Promise<string> {
  const { sessionKey } = await rialto.sessions.create(who)
  const browser = t.browser()
  const flowId = await browser.open(sessionKey)
  await browser.signIn(flowId, 'harbor', 'ada', password)
  await browser.authorize(flowId, 0)
  const { data } = await rialto.customers.list({ email: who.email }).page()
  return data[0]?.id ?? ''
}

const wish = (customerId: string, amount = 1840) => ({
  ...{ customerId, merchantId: t.merchant.id, amount: dollars(amount) },
})
const refused = (promise: Promise<unknown>): Promise<RialtoApiError> =>
  promise.then(
    () => expect.unreachable('it was not refused'),
    (error) => {
      expect(error).toBeInstanceOf(RialtoApiError)
      return error
    },
  )
const countOf = async (requestKey: string): Promise<number> =>
  (await rialto.payments.list({ requestKey }).page()).data.length

it('takes a merchant from a session to a payment that can be followed and undone', async () => {
  const customerId = await link()
  expect(await rialto.customers.get(customerId)).toMatchObject({ id: customerId, customerStatus: 'ACTIVE' })
  const { accountDetails } = await rialto.customers.accounts(customerId)
  expect(accountDetails).toHaveLength(1)

  const { paymentId, paymentStatus } = await rialto.payments.create({
    ...wish(customerId),
    ...{ clientReferenceId: 'order-1042', softDescriptor: 'NORTHWIND COFFEE' },
  })
  expect(paymentStatus).toBe('AUTHORIZED')
  const payment = await rialto.payments.get(paymentId)
  expect(payment).toMatchObject({
    customerId,
    clientReferenceId: 'order-1042',
    canDo: expect.arrayContaining(['cancel']),
  })
  expect(cents(payment.amount)).toBe(1840n)
  expect(payment.requestKey).toMatch(/^[0-9a-f-]{36}$/)
  expect(await rialto.transactions.get(paymentId)).toMatchObject({ transactionStatus: 'AUTHORIZED' })

  const refund = await rialto.refunds.create({ paymentId, amount: dollars(40n), requestKey: 'refund-1042' })
  expect(refund.paymentStatus).toBe('PENDING')
  expect((await rialto.payments.cancel(refund.paymentId)).paymentStatus).toBe('CANCELED')
  expect((await rialto.payments.cancel(paymentId)).paymentStatus).toBe('CANCELED')
  expect((await rialto.payments.cancel(paymentId)).paymentStatus).toBe('CANCELED')

  await rialto.customers.delete(customerId)
  expect((await rialto.customers.get(customerId)).customerStatus).toBe('INACTIVE')
})

it('reads a list to its end, whatever the size of its pages', async () => {
  const customerId = await link()
  for (const amount of [100, 200, 300]) await rialto.payments.create(wish(customerId, amount))
  const amounts: bigint[] = []
  for await (const { amount } of rialto.payments.list({ customerId, limit: 1 })) amounts.push(cents(amount))
  expect(amounts).toEqual([300n, 200n, 100n])
  const first = await rialto.payments.list({ customerId, limit: 2 }).page()
  expect(first).toMatchObject({ hasMore: true, nextCursor: first.data[1]?.paymentId })
})

it('pays once when answers are lost on their way, and is given the first answer', async () => {
  const customerId = await link()
  let lost = 0
  const losing: RialtoOptions['fetch'] = async (url, init) => {
    const answer = await fetch(url, init)
    if (init.method !== 'POST' || !url.endsWith('/v1/payments') || lost === 2) return answer
    lost++
    throw new TypeError('fetch failed')
  }
  const paid = await open({ fetch: losing }).payments.create({ ...wish(customerId), requestKey: 'lost-1' })
  expect(lost).toBe(2)
  expect(paid.paymentStatus).toBe('AUTHORIZED')
  expect(await countOf('lost-1')).toBe(1)
  // A merchant whose program died asks again with the key that it had stored.
  expect(await rialto.payments.create({ ...wish(customerId), requestKey: 'lost-1' })).toEqual(paid)
  expect(await countOf('lost-1')).toBe(1)
})

it('pays once when the same is asked many times at once', async () => {
  const customerId = await link()
  const patient = open({ maxRetries: 10 })
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => patient.payments.create({ ...wish(customerId), requestKey: 'at-once' })),
  )
  expect(new Set(answers.map(({ paymentId }) => paymentId)).size).toBe(1)
  expect(await countOf('at-once')).toBe(1)
})

it('names the first payment when a request key is used for something else', async () => {
  const customerId = await link()
  const { paymentId } = await rialto.payments.create({ ...wish(customerId, 100), requestKey: 'twice' })
  const error = await refused(rialto.payments.create({ ...wish(customerId, 200), requestKey: 'twice' }))
  expect(error).toMatchObject({
    ...{ status: 400, errorCode: 'DUPLICATE_REQUEST_KEY', existingPaymentId: paymentId, requestKey: 'twice' },
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    docs: expect.stringContaining('#DUPLICATE_REQUEST_KEY'),
  })
})

it('can use a request key again once what stood in its way is mended', async () => {
  const who = person()
  await rialto.sessions.create(who)
  const { data } = await rialto.customers.list({ email: who.email }).page()
  const order = { ...wish(data[0]?.id ?? ''), requestKey: 'mended' }
  expect(await refused(rialto.payments.create(order))).toMatchObject({ errorCode: 'CUSTOMER_NOT_ACTIVE' })
  await link(who)
  expect(await rialto.payments.create(order)).toMatchObject({ paymentStatus: 'AUTHORIZED' })
  expect(await countOf('mended')).toBe(1)
})

it('says what is wrong, member by member, and what can be done instead', async () => {
  const customerId = await link()
  const wrong = await refused(
    rialto.payments.create({ ...wish(customerId), amount: { value: 1.005, currency: 'EUR' } }),
  )
  expect(wrong).toMatchObject({ errorCode: 'INVALID_REQUEST', errors: [{ pointer: '/amount/currency' }] })
  const poor = await refused(rialto.credits.create({ ...wish(customerId), requestKey: 'bonus-17' }))
  expect(poor).toMatchObject({ status: 400, errorCode: 'INSUFFICIENT_BALANCE', requestKey: 'bonus-17' })
  const { paymentId } = await rialto.payments.create(wish(customerId))
  const early = await refused(rialto.payments.retry(paymentId))
  expect(early).toMatchObject({ errorCode: 'INVALID_STATE', possible: expect.arrayContaining(['cancel']) })
  expect(await refused(rialto.transactions.get(t.merchant.id))).toMatchObject({ status: 404, errorCode: 'NOT_FOUND' })
})

it('tells what happened: by webhooks that are proven genuine, by a list, and as it happens', async () => {
  const customerId = await link()
  const receiver = await openWebhookReceiver()
  const secretKey = 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE='
  const subscriptionDetails = { type: 'CATEGORY', details: ['PAYMENT'] } as const
  const subscription = { url: receiver.url, secretKey, subscriptionDetails }
  // What happened so far has its place by then, and is told to nobody.
  await t.runJobs()
  const { subscriptionKey } = await rialto.webhookSubscriptions.subscribe(subscription)
  const { data, nextCursor } = await rialto.events.list({ after: 'latest' }).page()
  expect(data).toEqual([])

  const enough = new AbortController()
  const streamed: RialtoEvent[] = []
  const streaming = (async () => {
    for await (const event of rialto.events.stream({ after: nextCursor ?? '', signal: enough.signal })) {
      streamed.push(event)
      if (event.eventType === 'payment.canceled') enough.abort()
    }
  })()
  const { paymentId } = await rialto.payments.create({ ...wish(customerId), clientReferenceId: 'order-7' })
  await rialto.payments.cancel(paymentId)
  await t.runJobs()
  await streaming

  const now = () => t.clock.real
  const bySequence = (a: RialtoEvent, b: RialtoEvent) => a.sequence - b.sequence
  const told = receiver.requests
    .map(({ rawBody, headers }) => webhooks.verify(rawBody, headers, ['another', secretKey], { now }))
    .sort(bySequence)
  expect(told.map(({ eventType }) => eventType)).toEqual(['payment.created', 'payment.authorized', 'payment.canceled'])
  expect(told[0]).toMatchObject({ resourceId: paymentId, clientReferenceId: 'order-7', paymentType: 'DEBIT' })
  const toldOldCode = receiver.requests.map(({ rawBody, headers }) => {
    const { 'webhook-signature': _, ...others } = headers
    return webhooks.verify(rawBody, others, secretKey, { now })
  })
  expect(toldOldCode.sort(bySequence)).toEqual(told)
  expect(streamed).toEqual(told)
  const listed: RialtoEvent[] = []
  for await (const event of rialto.events.list({ after: Number(nextCursor), limit: 1 })) listed.push(event)
  expect(listed).toEqual(told)
  expect(await rialto.events.get(told[0]?.id ?? '')).toMatchObject({ deliveries: [{ status: 'DELIVERED' }] })
  await rialto.webhookSubscriptions.unsubscribe({ subscriptionId: subscriptionKey, subscriptionDetails })
  await receiver.close()
})

it('gets another token when its own was revoked or has expired', async () => {
  const token = await rialto.accessToken()
  const { clientId: client_id, clientSecret: client_secret } = t.merchant
  const form = new URLSearchParams({ token, client_id, client_secret })
  expect((await fetch(`${t.apiUrl}/v1/tokens/revoke`, { method: 'POST', body: form })).status).toBe(200)
  // Every process hears of it a moment later.
  const headers = { authorization: `Bearer ${token}` }
  while ((await fetch(`${t.apiUrl}/v1/return-rates`, { headers })).status !== 401) await sleep(10)
  expect((await rialto.call('GET /v1/rails/ach/calendar', { query: { days: '1' } })).days).toHaveLength(1)
  const second = await rialto.accessToken()
  expect(second).not.toBe(token)
  t.clock.forward(59 * 60_000)
  await rialto.call('GET /v1/return-rates')
  expect(await rialto.accessToken()).not.toBe(second)
})

it('tells of credentials that are not right without telling them', async () => {
  const error = await refused(open({ clientSecret: 'rialto_sandbox_wrong' }).customers.get(t.merchant.id))
  expect(error).toMatchObject({ status: 401, errorCode: 'UNAUTHORIZED' })
  expect(inspect(error, { depth: 10 })).not.toContain('rialto_sandbox_wrong')
  const core = open({ scope: 'Link-Core' })
  expect(await refused(core.payments.create(wish(t.merchant.id)))).toMatchObject({ errorCode: 'INSUFFICIENT_SCOPE' })
})
