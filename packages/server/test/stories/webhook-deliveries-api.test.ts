import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Json, rows } from '../answer.ts'
import { openTestApi, type TestApi, type TestMerchant } from '../test-api.ts'
import { openWebhookReceiver, type WebhookReceiver } from '../webhook-receiver.ts'
import { forgotten, happen, secretKey, subscribed, subscriptions } from '../webhook-story.ts'

let t: TestApi
let receiver: WebhookReceiver
let merchant: TestMerchant
let id: string
beforeAll(async () => {
  t = await openTestApi()
})
afterAll(() => t.close())
beforeEach(async () => {
  merchant = await t.newMerchant()
  receiver = await openWebhookReceiver()
  id = await subscribed(merchant, receiver.url)
  return () => receiver.close()
})

const get = async (path: string): Promise<Json> => (await merchant.get(`${subscriptions}/${id}${path}`)).body
const post = (path: string, body?: object) => merchant.call('POST', `${subscriptions}/${id}${path}`, { body })
const patch = (body: object) => merchant.call('PATCH', `${subscriptions}/${id}`, { body })
const told = () => receiver.requests.map(({ rawBody }) => JSON.parse(rawBody.toString()) as Record<string, unknown>)
const sequences = () => told().map(({ sequence }) => sequence)

async function happenTimes(many: number): Promise<void> {
  for (let count = 0; count < many; count++) await happen(t, merchant, 'payment.created')
  await t.runJobs()
}

it('lists deliveries, the newest event first, a page at a time', async () => {
  await happenTimes(5)
  const pages: unknown[] = []
  for (let after: string | null = ''; after !== null; ) {
    const page: Json = await get(`/deliveries?limit=2&after=${after}`)
    pages.push(rows(page.data).map(({ sequence }) => sequence))
    after = page.nextCursor as unknown as string | null
  }
  expect(pages).toEqual([[5, 4], [3, 2], [1]])
  const [newest] = rows((await get('/deliveries')).data)
  expect(newest).toEqual({
    ...{
      id: expect.any(String),
      subscriptionId: id,
      eventId: told()[4]?.id,
      eventType: 'payment.created',
      sequence: 5,
    },
    ...{ status: 'DELIVERED', attemptCount: 1, createdAt: expect.any(String), finishedAt: expect.any(String) },
    lastAttempt: { at: t.clock.now.toISOString(), tookMs: expect.any(Number), outcome: 'DELIVERED', httpStatus: 200 },
  })
})

it('finds deliveries by what became of them and by what they tell', async () => {
  receiver.answer({ status: 500, body: 'broken' })
  await happen(t, merchant, 'payment.failed')
  await t.runJobs()
  receiver.answer({ status: 200 })
  await happenTimes(1)
  const types = async (query: string) => rows((await get(`/deliveries${query}`)).data).map(({ eventType }) => eventType)
  expect(await types('?status=waiting')).toEqual(['payment.failed'])
  expect(await types('?status=DELIVERED')).toEqual(['payment.created'])
  expect(await types('?status=FAILED')).toEqual([])
  expect(await types('?eventType=Payment.Failed')).toEqual(['payment.failed'])
  expect(await types('?eventType=payment.failed&status=DELIVERED')).toEqual([])
})

it('shows what each attempt met, and the event as it was told', async () => {
  receiver.answer({ status: 400, body: 'I do not know this order' })
  await happenTimes(1)
  const [listed] = rows((await get('/deliveries')).data)
  const { body } = await merchant.get(`/v1/webhook/deliveries/${listed?.id}`)
  expect(body).toMatchObject({
    ...{ status: 'WAITING', attemptCount: 1, nextAttemptAt: expect.any(String), event: told()[0] },
    attempts: [
      {
        ...{ outcome: 'REFUSED', httpStatus: 400, says: expect.stringContaining('400') },
        ...{ responseBody: 'I do not know this order', at: t.clock.now.toISOString() },
      },
    ],
  })
  expect(body).not.toHaveProperty('finishedAt')
})

it('sends a delivery again when asked, under the same id, with whatever body the call has', async () => {
  await happenTimes(1)
  const [first] = rows((await get('/deliveries')).data)
  const path = `/v1/webhook/deliveries/${first?.id}`
  for (const raw of [undefined, '', '{}']) {
    const answer = await merchant.call('POST', `${path}/resend`, {
      raw,
      headers: { 'content-type': 'application/json' },
    })
    expect(answer).toMatchObject({ status: 200, body: { id: first?.id, status: 'WAITING' } })
    await t.runJobs()
  }
  expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect((await merchant.get(path)).body).toMatchObject({
    status: 'DELIVERED',
    attemptCount: 4,
    attempts: [{}, {}, {}, {}],
  })
})

it('sends again what was given up since a moment', async () => {
  receiver.answer({ status: 500 })
  await happenTimes(2)
  const moment = t.clock.now.toISOString()
  await t.house.sql`update webhook_delivery set status = 'failed', due_at = null,
    done_at = ${t.clock.now}::timestamptz - (sequence - 1) * interval '1 hour' where endpoint_id = ${id}`
  receiver.answer({ status: 200 })
  expect((await post('/resend-failed', { since: moment })).body).toEqual({ resent: 1 })
  await t.runJobs()
  expect(sequences()).toEqual([1, 2, 1])
  expect((await get('/statistics')).failed).toBe(1)
})

it('refuses to send to a disabled subscription anything but an example', async () => {
  await happenTimes(1)
  await patch({ status: 'DISABLED' })
  const [delivery] = rows((await get('/deliveries')).data)
  for (const answer of [
    await merchant.call('POST', `/v1/webhook/deliveries/${delivery?.id}/resend`),
    await post('/resend-failed', { since: '2026-01-01' }),
    await post('/replays', { fromSequence: 1 }),
  ])
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'INVALID_STATE', errorId: 10122 } })
  expect((await post('/examples', { eventType: 'payment.failed' })).body.outcome).toBe('DELIVERED')
})

it('sends an example of any event at once, and tells what came of it', async () => {
  receiver.answer({ status: 422, body: 'no such order' })
  const { status, body } = await post('/examples', { eventType: 'PAYMENT.failed' })
  const [request] = receiver.requests
  expect([status, body]).toEqual([
    200,
    {
      ...{ outcome: 'REFUSED', httpStatus: 422, tookMs: expect.any(Number), says: expect.stringContaining('422') },
      responseBody: 'no such order',
      sent: {
        body: request?.rawBody.toString(),
        headers: {
          ...{ 'content-type': 'application/json', 'user-agent': expect.any(String) },
          ...{ 'webhook-id': request?.headers['webhook-id'], 'webhook-timestamp': expect.stringMatching(/^\d+$/) },
          ...{ 'x-signature-uniqueid': expect.any(String), 'x-signature-timestamp': expect.any(String) },
        },
      },
    },
  ])
  expect(request?.headers['webhook-signature']).toMatch(/^v1,/)
  expect(told()[0]).toMatchObject({
    ...{ id: request?.headers['webhook-id'], eventType: 'payment.failed', achReturnCode: 'R01', example: true },
    ...{ sequence: 0, resourceVersion: 0, metadata: { achReturnCode: 'R01' } },
  })
  // It is no delivery, and says nothing about how the subscription is doing.
  expect(rows((await get('/deliveries')).data)).toEqual([])
  expect(await get('')).toMatchObject({ health: { failures: 0 } })

  receiver.answer({ does: 'reset' })
  const broken = await post('/examples', { eventType: 'report.available' })
  expect(broken.body).toMatchObject({ outcome: 'RESET', says: expect.any(String), sent: { body: expect.any(String) } })
  expect(broken.body).not.toHaveProperty('httpStatus')
  expect(broken.text).not.toContain(secretKey)
})

it('counts what came of the attempts of a day and of a week', async () => {
  expect(await get('/statistics')).toEqual({
    last24Hours: { attempts: 0, delivered: 0, failed: 0 },
    last7Days: { attempts: 0, delivered: 0, failed: 0 },
    ...{ waiting: 0, failed: 0, behind: 0 },
  })
  await happenTimes(3)
  t.clock.forward(25 * 60 * 60_000)
  const then = t.clock.now.toISOString()
  receiver.answer({ status: 500 })
  await happenTimes(1)
  await patch({ status: 'DISABLED' })
  await happenTimes(2)
  expect(await get('/statistics')).toEqual({
    last24Hours: {
      ...{ attempts: 1, delivered: 0, failed: 1, successRate: 0 },
      ...{ medianMs: expect.any(Number), p95Ms: expect.any(Number) },
    },
    last7Days: {
      ...{ attempts: 4, delivered: 3, failed: 1, successRate: 0.75 },
      ...{ medianMs: expect.any(Number), p95Ms: expect.any(Number) },
    },
    ...{ waiting: 1, oldestWaitingSince: then, failed: 0, behind: 2 },
  })
})

it('tells a stretch of events again, and what happened before it subscribed as well', async () => {
  await happenTimes(2)
  const late = await openWebhookReceiver()
  id = await subscribed(merchant, late.url)
  const bodies = () => late.requests.map(({ rawBody }) => JSON.parse(rawBody.toString()) as { sequence: number })
  t.clock.forward(60_000)
  const from = t.clock.now.toISOString()
  await happenTimes(2)
  t.clock.forward(60_000)
  await happenTimes(1)
  expect(bodies().map(({ sequence }) => sequence)).toEqual([3, 4, 5])

  const made = await post('/replays', { fromSequence: 1, toSequence: 2 })
  expect([made.status, made.body]).toEqual([201, { replayId: expect.any(String), fromSequence: 1, toSequence: 2 }])
  expect((await get('/replays')).data).toEqual([{ ...made.body, nextSequence: 1 }])
  await t.runJobs()
  expect((await get('/replays')).data).toEqual([])
  const between = await post('/replays', { from, to: new Date(Date.parse(from) + 30_000).toISOString() })
  expect([between.status, between.body]).toMatchObject([201, { fromSequence: 3, toSequence: 4 }])
  await t.runJobs()
  const rest = await post('/replays', { fromSequence: 5 })
  expect([rest.status, rest.body]).toMatchObject([201, { fromSequence: 5, toSequence: 5 }])
  await t.runJobs()
  expect(bodies().map(({ sequence }) => sequence)).toEqual([3, 4, 5, 1, 2, 3, 4, 5])
  expect(new Set(late.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(5)
  await late.close()
})

it('says so when there is nothing to tell again, and has room for ten replays', async () => {
  await happenTimes(1)
  for (const body of [
    { fromSequence: 2 },
    { from: '2025-01-01', to: '2025-01-02' },
    { fromSequence: 7, toSequence: 9 },
  ])
    expect(await post('/replays', body)).toMatchObject({
      status: 200,
      body: { says: expect.stringContaining('Nothing') },
    })
  for (let count = 0; count < 10; count++) expect((await post('/replays', { fromSequence: 1 })).status).toBe(201)
  expect(await post('/replays', { fromSequence: 1 })).toMatchObject({
    status: 400,
    body: { errorCode: 'TOO_MANY_REPLAYS' },
  })
})

it('leaves out of a replay what is no longer kept', async () => {
  merchant = await t.newMerchant()
  await forgotten(t, merchant, 3)
  id = await subscribed(merchant, receiver.url)
  await happenTimes(2)
  expect((await post('/replays', { fromSequence: 1, toSequence: 5 })).status).toBe(201)
  await t.runJobs()
  expect(sequences()).toEqual([4, 5, 4, 5])
  expect(await get('/statistics')).toMatchObject({ waiting: 0, behind: 0 })
})
