import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { rows } from '../answer.ts'
import { openTestApi, type TestApi, type TestMerchant } from '../test-api.ts'
import { openWebhookReceiver, type Received, type WebhookReceiver } from '../webhook-receiver.ts'
import { happen, secretKey, subscribe, subscribed, subscriptions } from '../webhook-story.ts'

let t: TestApi
let receiver: WebhookReceiver
let merchant: TestMerchant
beforeAll(async () => {
  t = await openTestApi()
})
afterAll(() => t.close())
beforeEach(async () => {
  merchant = await t.newMerchant()
  receiver = await openWebhookReceiver()
  return () => receiver.close()
})

const read = async (id: string) => (await merchant.get(`${subscriptions}/${id}`)).body
const patch = (id: string, body: object) => merchant.call('PATCH', `${subscriptions}/${id}`, { body })
const unsubscribe = (body: object) => merchant.call('PUT', '/v1/webhook/unsubscribe', { body })
const told = () =>
  receiver.requests.map(({ rawBody }) => (JSON.parse(rawBody.toString()) as { eventType: string }).eventType)

function signedBy(secret: string, { headers, rawBody }: Received): boolean {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${rawBody.toString()}`
  const signature = `v1,${createHmac('sha256', key).update(text).digest('base64')}`
  return String(headers['webhook-signature']).split(' ').includes(signature)
}

it('subscribes in the words of the reference, and answers nothing but the key', async () => {
  const answer = await subscribe(merchant, receiver.url)
  expect(answer).toMatchObject({ status: 200, body: { subscriptionKey: expect.stringMatching(/^[0-9a-f-]{36}$/) } })
  expect(Object.keys(answer.body)).toEqual(['subscriptionKey'])
  await happen(t, merchant, 'payment.created')
  await t.runJobs()
  expect(told()).toEqual(['payment.created'])
  expect(signedBy(secretKey, receiver.requests[0] as Received)).toBe(true)
})

it('shows what was subscribed, and how it is doing', async () => {
  await happen(t, merchant, 'payment.created')
  await t.runJobs()
  const details = { type: 'category', details: ['Report', 'webhook'] }
  const more = { subscriptionDetails: details, description: ' the shop ', alertEmail: 'ada@example.com' }
  const id = await subscribed(merchant, receiver.url, more)
  const expected = {
    ...{ id, subscriptionKey: id, url: receiver.url, description: 'the shop', alertEmail: 'ada@example.com' },
    subscriptionDetails: { type: 'CATEGORY', details: ['REPORT', 'WEBHOOK'] },
    events: ['report.available', 'webhook.failing', 'webhook.disabled'],
    ...{ status: 'ENABLED', health: { failures: 0 }, toldTo: 1, behind: 0, createdAt: t.clock.now.toISOString() },
  }
  expect(await read(id)).toEqual(expected)
  expect((await merchant.get(subscriptions)).body).toEqual({ data: [expected], hasMore: false, nextCursor: null })
  expect(t.logged()).not.toContain(secretKey)
})

it('lists subscriptions newest first, a page at a time', async () => {
  const ids = [await subscribed(merchant, receiver.url), await subscribed(merchant, receiver.url)].reverse()
  const first = (await merchant.get(`${subscriptions}?limit=1`)).body
  expect([rows(first.data).map(({ id }) => id), first.hasMore]).toEqual([[ids[0]], true])
  const second = (await merchant.get(`${subscriptions}?limit=1&after=${first.nextCursor}`)).body
  expect([rows(second.data).map(({ id }) => id), second.hasMore]).toEqual([[ids[1]], false])
})

it('takes events away one by one, and ends when nothing is left', async () => {
  const subscriptionDetails = { type: 'EVENT', details: ['Payment.Created', 'payment.failed', 'payment.failed'] }
  const id = await subscribed(merchant, receiver.url, { subscriptionDetails })
  const event = (name: string) => ({ type: 'event', details: [name] })
  const first = await unsubscribe({ subscriptionId: id, subscriptionDetails: event('payment.created') })
  expect([first.status, first.body]).toEqual([200, { subscriptionKey: id }])
  expect(await read(id)).toMatchObject({ subscriptionDetails: { type: 'EVENT', details: ['payment.failed'] } })
  await happen(t, merchant, 'payment.created')
  await happen(t, merchant, 'payment.failed')
  await t.runJobs()
  expect(told()).toEqual(['payment.failed'])

  const last = await unsubscribe({ subscriptionKey: id.toUpperCase(), subscriptionDetails: event('payment.failed') })
  expect(last.status).toBe(200)
  expect((await merchant.get(`${subscriptions}/${id}`)).status).toBe(404)
  expect(rows((await merchant.get(subscriptions)).body.data)).toEqual([])
  const again = await unsubscribe({ subscriptionId: id, subscriptionDetails: { type: 'ALL' } })
  expect(again).toMatchObject({ status: 404, body: { errorId: 10120 } })
  await happen(t, merchant, 'payment.failed')
  await t.runJobs()
  expect(told()).toEqual(['payment.failed'])
})

it('names what is left of everything, or of a category, when an event of it is taken away', async () => {
  const id = await subscribed(merchant, receiver.url, {
    subscriptionDetails: { type: 'CATEGORY', details: ['customer'] },
  })
  await unsubscribe({ subscriptionId: id, subscriptionDetails: { type: 'EVENT', details: ['customer.created'] } })
  const left = ['customer.activated', 'customer.deactivated']
  expect(await read(id)).toMatchObject({ subscriptionDetails: { type: 'EVENT', details: left }, events: left })
  const all = await subscribed(merchant, receiver.url)
  await unsubscribe({ subscriptionId: all, subscriptionDetails: { type: 'CATEGORY', details: ['PAYMENT'] } })
  expect((await read(all)).events).not.toContain('payment.created')
  await unsubscribe({ subscriptionId: all, subscriptionDetails: { type: 'all' } })
  expect((await merchant.get(`${subscriptions}/${all}`)).status).toBe(404)
})

it('changes what is named and leaves the rest', async () => {
  const id = await subscribed(merchant, 'https://shop.example/old', { description: 'old', alertEmail: 'a@example.com' })
  const before = await read(id)
  expect((await patch(id, { url: receiver.url })).body).toEqual({ ...before, url: receiver.url })
  expect((await patch(id, { description: '', alertEmail: null })).body).not.toHaveProperty('description')
  expect(await read(id)).not.toHaveProperty('alertEmail')
  const details = { type: 'EVENT', details: ['payment.failed'] }
  expect((await patch(id, { subscriptionDetails: details })).body).toMatchObject({
    ...{ url: receiver.url, subscriptionDetails: details, events: ['payment.failed'], status: 'ENABLED' },
  })
  await happen(t, merchant, 'payment.failed')
  await happen(t, merchant, 'payment.created')
  await t.runJobs()
  expect(told()).toEqual(['payment.failed'])
})

it('tells nothing while disabled, counts what it is behind, and tells it all when enabled', async () => {
  const id = await subscribed(merchant, receiver.url)
  expect((await patch(id, { status: 'disabled' })).body).toMatchObject({
    ...{ status: 'DISABLED', disabledReason: 'BY_MERCHANT' },
  })
  await happen(t, merchant, 'payment.created')
  await happen(t, merchant, 'payment.failed')
  await t.runJobs()
  expect(told()).toEqual([])
  expect(await read(id)).toMatchObject({ toldTo: 0, behind: 2 })
  expect((await patch(id, { status: 'ENABLED' })).body).not.toHaveProperty('disabledReason')
  await t.runJobs()
  expect(told()).toEqual(['payment.created', 'payment.failed'])
  expect(await read(id)).toMatchObject({ toldTo: 2, behind: 0 })
})

it('tells what was given up as well when the address is mended', async () => {
  const id = await subscribed(merchant, receiver.url)
  receiver.answer({ status: 500 })
  await happen(t, merchant, 'payment.created')
  await t.runJobs()
  expect(await read(id)).toMatchObject({ health: { failures: 1, failingSince: t.clock.now.toISOString() } })
  await t.house.sql`update webhook_delivery set status = 'failed', due_at = null, done_at = ${t.clock.now}`
  const mended = await openWebhookReceiver()
  expect((await patch(id, { url: mended.url })).body).toMatchObject({ health: { failures: 0 } })
  await t.runJobs()
  expect(mended.requests).toHaveLength(1)
  await mended.close()
})

it('does not tell what happened before somebody wanted it', async () => {
  const id = await subscribed(merchant, receiver.url, {
    subscriptionDetails: { type: 'EVENT', details: ['payment.failed'] },
  })
  for (let count = 0; count < 3; count++) await happen(t, merchant, 'payment.created')
  await t.runJobs()
  await patch(id, { subscriptionDetails: { type: 'ALL' } })
  await happen(t, merchant, 'payment.authorized')
  await t.runJobs()
  expect(told()).toEqual(['payment.authorized'])
})

it('makes a secret, shows it once, and signs with both until the overlap is over', async () => {
  const id = await subscribed(merchant, receiver.url)
  const rotate = (body: object) => merchant.call('POST', `${subscriptions}/${id}/rotate-secret`, { body })
  const { status, body } = await rotate({})
  const made = String(body.secretKey)
  expect([status, body]).toEqual([
    200,
    {
      ...{ subscriptionKey: id, secretKey: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) },
      overlapUntil: new Date(t.clock.now.getTime() + 86_400_000).toISOString(),
    },
  ])
  expect(JSON.stringify(await read(id))).not.toContain(made)
  const next = async () => {
    await happen(t, merchant, 'payment.created')
    await t.runJobs()
    const request = receiver.requests.at(-1) as Received
    return [secretKey, made, 'another secret of the merchant'].map((secret) => signedBy(secret, request))
  }
  expect(await next()).toEqual([true, true, false])
  t.clock.forward(86_400_000)
  expect(await next()).toEqual([false, true, false])
  const given = await rotate({ secretKey: 'another secret of the merchant', overlapSeconds: 0 })
  expect(given.body).toEqual({ subscriptionKey: id, overlapUntil: t.clock.now.toISOString() })
  expect(await next()).toEqual([false, false, true])
  expect(t.logged()).not.toContain(made)
})

it('has room for twenty subscriptions of a merchant', async () => {
  for (let count = 0; count < 20; count++) expect((await subscribe(merchant, receiver.url)).status).toBe(200)
  expect(await subscribe(merchant, receiver.url)).toMatchObject({
    ...{ status: 400, body: { errorCode: 'TOO_MANY_SUBSCRIPTIONS' } },
  })
})
