import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { buildApi } from '../../src/main/api.ts'
import { numberEvents } from '../../src/webhooks/event.commands.ts'
import { type Answer, type Json, rows } from '../answer.ts'
import { openTestApi, type TestApi, type TestMerchant } from '../test-api.ts'
import { openWebhookReceiver } from '../webhook-receiver.ts'
import { forgotten, happen, subscribed, subscriptions } from '../webhook-story.ts'

let t: TestApi
let merchant: TestMerchant
beforeAll(async () => {
  t = await openTestApi()
})
afterAll(() => t.close())
beforeEach(async () => {
  merchant = await t.newMerchant()
})

const get = async (query = ''): Promise<Json> => (await merchant.get(`/v1/events${query}`)).body
const places = (page: Json) => rows(page.data).map(({ sequence }) => sequence)
const number = () => numberEvents(t.house)

it('lists every event in order, exactly as webhooks tell it', async () => {
  const receiver = await openWebhookReceiver()
  await subscribed(merchant, receiver.url)
  const id = await happen(t, merchant, 'payment.created')
  await happen(t, merchant, 'payment.failed', id)
  await t.runJobs()
  const page = await get()
  expect(page).toEqual({
    data: receiver.requests.map(({ rawBody }) => JSON.parse(rawBody.toString()) as unknown),
    ...{ hasMore: false, nextCursor: '2' },
  })
  expect(rows(page.data)[1]).toMatchObject({ eventType: 'payment.failed', resourceId: id, resourceVersion: 2 })
  await receiver.close()
})

it('goes through all of them once, by the cursor, and answers a cursor when there is nothing too', async () => {
  for (let count = 0; count < 5; count++) await happen(t, merchant, 'payment.created')
  await number()
  const seen: unknown[] = []
  let page = await get('?limit=2')
  for (; ; page = await get(`?limit=2&after=${page.nextCursor}`)) {
    seen.push(places(page))
    if (!page.hasMore) break
  }
  expect(seen).toEqual([[1, 2], [3, 4], [5]])
  expect(await get('?after=5')).toEqual({ data: [], hasMore: false, nextCursor: '5' })
  expect(await get('?after=900')).toEqual({ data: [], hasMore: false, nextCursor: '900' })
  expect(await get('?after=')).toMatchObject({ nextCursor: '5' })
  expect(await get('?after=latest')).toEqual({ data: [], hasMore: false, nextCursor: '5' })
})

it('finds events by type, category and what they are about, and need not be read again beyond them', async () => {
  const id = await happen(t, merchant, 'payment.created')
  await happen(t, merchant, 'customer.created')
  await happen(t, merchant, 'payment.failed', id)
  await happen(t, merchant, 'report.available')
  await happen(t, merchant, 'payment.created')
  await number()
  expect(await get('?types=payment.failed,Report.available')).toMatchObject({ data: [{}, {}], nextCursor: '5' })
  expect(places(await get('?categories=customer,REPORT'))).toEqual([2, 4])
  expect(places(await get('?categories=customer&types=payment.failed'))).toEqual([2, 3])
  expect(places(await get(`?resourceId=${id.toUpperCase()}`))).toEqual([1, 3])
  expect(await get('?types=customer.created&after=2')).toEqual({ data: [], hasMore: false, nextCursor: '5' })
  expect(await get('?types=payment.created&limit=1')).toMatchObject({
    data: [{ sequence: 1 }],
    hasMore: true,
    nextCursor: '1',
  })
})

it('passes over twenty thousand events of other types in one call, and says where it has come to', async () => {
  await t.house.sql`
    with told as (
      insert into event (id, merchant_id, type, resource_type, resource_id, data, happened_at)
      select id, ${merchant.id}, 'payment.created', 'payment', gen_random_uuid(), '{}', ${t.clock.now}
      from unnest(${Array.from({ length: 20_005 }, () => t.house.newId())}::uuid[]) as id returning *)
    insert into event_unnumbered (event_id, merchant_id, type, resource_id, happened_at)
    select id, merchant_id, type, resource_id, happened_at from told`
  await happen(t, merchant, 'payment.failed')
  await number()
  const first = await get('?types=payment.failed')
  expect(first).toEqual({ data: [], hasMore: true, nextCursor: '20000' })
  expect(places(await get(`?types=payment.failed&after=${first.nextCursor}`))).toEqual([20_006])
  const waited = await get('?types=payment.failed&waitSeconds=30')
  expect(places(waited)).toEqual([20_006])
})

it('begins at the oldest event that is kept, though places of others are', async () => {
  await forgotten(t, merchant, 20_005)
  await happen(t, merchant, 'payment.failed')
  await number()
  for (const query of ['', '?after=7', '?types=payment.failed']) expect(places(await get(query))).toEqual([20_006])
})

it('reads one event, and to whom it was delivered', async () => {
  const receiver = await openWebhookReceiver()
  receiver.answer({ status: 500 })
  const id = await subscribed(merchant, receiver.url)
  await happen(t, merchant, 'payment.created')
  await t.runJobs()
  const [event] = rows((await get()).data)
  const [delivery] = rows((await merchant.get(`${subscriptions}/${id}/deliveries`)).body.data)
  expect((await merchant.get(`/v1/events/${event?.id}`)).body).toEqual({
    ...event,
    deliveries: [
      {
        ...{ id: delivery?.id, subscriptionId: id, eventId: event?.id, eventType: 'payment.created', sequence: 1 },
        ...{ status: 'WAITING', attemptCount: 1, nextAttemptAt: expect.any(String), createdAt: expect.any(String) },
      },
    ],
  })
  await receiver.close()
})

const isDone = (answer: Promise<Answer>) => Promise.race([answer.then(() => true), sleep(50, false)])

it('waits for the next event of the merchant, and answers as soon as it has its place', async () => {
  const waiting = merchant.get('/v1/events?after=0&waitSeconds=30')
  expect(await isDone(waiting)).toBe(false)
  await happen(t, t.merchant, 'payment.created')
  await number()
  expect(await isDone(waiting)).toBe(false)
  await happen(t, merchant, 'payment.created')
  await number()
  expect((await waiting).body).toMatchObject({ data: [{ sequence: 1 }], hasMore: false, nextCursor: '1' })
})

it('waits on when what happened is not what was asked for', async () => {
  const waiting = merchant.get('/v1/events?types=payment.failed&waitSeconds=30')
  await happen(t, merchant, 'payment.created')
  await number()
  expect(await isDone(waiting)).toBe(false)
  await happen(t, merchant, 'payment.failed')
  await number()
  expect((await waiting).body).toMatchObject({ data: [{ sequence: 2 }], nextCursor: '2' })
})

it('answers at once when there is something, and when the time is over', async () => {
  expect((await get('?waitSeconds=1')).data).toEqual([])
  await happen(t, merchant, 'payment.created')
  await number()
  expect(places(await get('?waitSeconds=30'))).toEqual([1])
  expect(await get('?after=latest&waitSeconds=30')).toMatchObject({ data: [], nextCursor: '1' })
})

it('looks by itself where notifications do not arrive', async () => {
  const waiting = merchant.get('/v1/events?waitSeconds=30')
  expect(await isDone(waiting)).toBe(false)
  await happen(t, merchant, 'payment.created')
  await t.house.sql`
    with taken as (delete from event_unnumbered where merchant_id = ${merchant.id} returning *),
      counted as (insert into event_counter (merchant_id, last) values (${merchant.id}, 1))
    insert into event_sequence (merchant_id, sequence, event_id, type, resource_id, resource_version, happened_at)
    select merchant_id, 1, event_id, type, resource_id, 1, happened_at from taken`
  expect(places((await waiting).body)).toEqual([1])
})

/** One more than may wait at the same time; resolves when that one has been refused. */
async function crowd(signal: AbortSignal): Promise<Promise<Response>[]> {
  const headers = { authorization: `Bearer ${await merchant.token()}` }
  const url = `${t.apiUrl}/v1/events?after=0&waitSeconds=30`
  const all = Array.from({ length: 21 }, () => fetch(url, { headers, signal }))
  const refused = await Promise.race(all)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
  expect(await refused.json()).toMatchObject({ errorCode: 'TOO_MANY_WAITING' })
  return all
}

it('lets twenty requests of a merchant wait at the same time', async () => {
  const all = await crowd(AbortSignal.timeout(20_000))
  await happen(t, merchant, 'payment.created')
  await number()
  const statuses = (await Promise.all(all)).map(({ status }) => status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(20)
})

it('forgets those that went away', async () => {
  const leaving = new AbortController()
  const all = await crowd(leaving.signal)
  leaving.abort()
  await Promise.allSettled(all)
  let answer: Answer
  do answer = await merchant.get('/v1/events?waitSeconds=1')
  while (answer.status === 429)
  expect(answer.status).toBe(200)
})

it('waits no longer when the program is stopped', async () => {
  const api = await buildApi(t.house, { keys: [] })
  const arrived = Promise.withResolvers<void>()
  api.addHook('preHandler', async () => arrived.resolve())
  const url = await api.listen({ host: '127.0.0.1', port: 0 })
  const headers = { authorization: `Bearer ${await merchant.token()}` }
  const waiting = fetch(`${url}/v1/events?waitSeconds=30`, { headers }).then(
    ({ status }) => status,
    () => 'broken off',
  )
  await arrived.promise
  await api.close()
  expect([200, 'broken off']).toContain(await waiting)
})
