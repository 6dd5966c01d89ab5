import { afterEach, beforeEach, expect, it } from 'vitest'
import { transact } from '../../src/db/connect.ts'
import type { MerchantId } from '../../src/kernel/id.ts'
import { createMerchant } from '../../src/merchants/merchant.commands.ts'
import { subscribe, updateEndpoint } from '../../src/webhooks/endpoint.commands.ts'
import type { Endpoint } from '../../src/webhooks/endpoint.ts'
import { announce, numberEvents } from '../../src/webhooks/event.commands.ts'
import type { EventType } from '../../src/webhooks/event.ts'
import { openLaneDesk } from '../../src/webhooks/lane.desk.ts'
import { deliverEvents } from '../../src/webhooks/lane.jobs.ts'
import { advanceTo } from '../advance.ts'
import { openTestHouse, type TestHouse } from '../test-house.ts'
import { openWebhookReceiver, type WebhookReceiver } from '../webhook-receiver.ts'

let t: TestHouse
let receiver: WebhookReceiver
let merchantId: MerchantId
beforeEach(async () => {
  t = await openTestHouse()
  receiver = await openWebhookReceiver()
  merchantId = (await createMerchant(t.house, { name: 'Corner Store' })).merchant.id
})
afterEach(async () => {
  await t.close()
  await receiver.close()
})

const secret = 'a secret of the merchant, long enough'
const listen = (url = receiver.url): Promise<Endpoint> =>
  subscribe(t.house, {
    ...{ merchantId, url, secret, wish: { kind: 'everything' }, description: null, alertEmail: null },
  })

/** House time begins at 15:00; each event is about a payment of its own unless one is named. */
async function happen(type: EventType, resourceId: string = t.house.newId()): Promise<string> {
  const data = { transactionType: 'DEBIT', clientReferenceId: 'order-1' }
  await transact(t.house.sql, (tx) =>
    announce(t.house, tx, [{ type, merchantId, resourceType: 'payment', resourceId, data }]),
  )
  return resourceId
}
const minutesLater = (minutes: number): Date => new Date(t.clock.now.getTime() + minutes * 60_000)
const wait = (minutes: number) => advanceTo(t, minutesLater(minutes))
const told = () => receiver.requests.map(({ rawBody }) => JSON.parse(rawBody.toString()) as Record<string, unknown>)
const attempts = async () =>
  (await t.house.sql`select number, outcome, http_status, at from webhook_attempt order by at, number`).map((row) => ({
    ...row,
  }))

it('gives events their places without gaps, in the order in which they were written', async () => {
  const one = await happen('payment.created')
  const other = await happen('payment.created')
  await happen('payment.authorized', one)
  await numberEvents(t.house)
  await happen('payment.failed', one)
  await numberEvents(t.house)
  const rows = await t.house.sql`
    select sequence::int, type, resource_id, resource_version from event_sequence order by sequence`
  expect(rows.map((row) => Object.values(row))).toEqual([
    [1, 'payment.created', one, 1],
    [2, 'payment.created', other, 1],
    [3, 'payment.authorized', one, 2],
    [4, 'payment.failed', one, 3],
  ])
})

it('numbers what many transactions write at once without a gap, each resource in its own order', async () => {
  const ids = Array.from({ length: 20 }, () => t.house.newId())
  const story = async (id: string) => {
    for (const type of ['payment.created', 'payment.authorized', 'payment.scheduled'] as const) {
      await happen(type, id)
      await numberEvents(t.house)
    }
  }
  await Promise.all(ids.map(story))
  const rows = await t.house.sql<{ sequence: number; type: string; resource_id: string; resource_version: number }[]>`
    select sequence::int, type, resource_id, resource_version from event_sequence order by sequence`
  expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
  for (const id of ids)
    expect(rows.filter((row) => row.resource_id === id).map((row) => [row.type, row.resource_version])).toEqual([
      ['payment.created', 1],
      ['payment.authorized', 2],
      ['payment.scheduled', 3],
    ])
})

it('tells an endpoint everything that happens after it subscribed, in order', async () => {
  await happen('payment.created')
  await wait(1)
  await listen()
  const id = await happen('payment.created')
  await happen('payment.authorized', id)
  await wait(1)
  expect(told().map(({ eventType, sequence, resourceVersion }) => [eventType, sequence, resourceVersion])).toEqual([
    ['payment.created', 2, 1],
    ['payment.authorized', 3, 2],
  ])
  expect(told()[0]).toMatchObject({
    ...{ resourceId: id, resourceType: 'payment', paymentType: 'DEBIT', clientReferenceId: 'order-1' },
    metadata: { resourceId: id, resourceType: 'payment', transactionType: 'DEBIT', clientReferenceId: 'order-1' },
  })
})

it('tells once what gets its place while it looks what there is to tell', async () => {
  const { id } = await listen()
  await happen('payment.created')
  await numberEvents(t.house)
  let looks = 0
  const meanwhile = async (lane: unknown) => {
    await happen('payment.authorized')
    await numberEvents(t.house)
    return lane
  }
  const sql = new Proxy(t.house.sql, {
    apply(target, self, words) {
      const answer = Reflect.apply(target as never, self, words) as Promise<unknown>
      return String(words[0]).includes('left join event_counter') && looks++ === 0 ? answer.then(meanwhile) : answer
    },
  })
  const desk = openLaneDesk({ ...t.house, sql })
  await deliverEvents(t.house, desk, id, { id: '0', revision: 0 })
  await deliverEvents(t.house, desk, id, { id: '0', revision: 0 })
  expect(looks).toBeGreaterThan(0)
  expect(told().map(({ sequence }) => sequence)).toEqual([1, 2])
})

it('tries again what failed in the midst of many, though all that come after it are taken at once', async () => {
  await listen()
  let calls = 0
  receiver.answer(() => (++calls === 150 ? { status: 500 } : {}))
  for (let n = 0; n < 230; n++) await happen('payment.created')
  await wait(1)
  expect(new Set(told().map(({ id }) => id)).size).toBe(230)
  expect(told()).toHaveLength(231)
  const rows = await t.house.sql`select status, count(*)::int as many from webhook_delivery group by status`
  expect(rows.map((row) => ({ ...row }))).toEqual([{ status: 'delivered', many: 230 }])
})

it('counts a failure that ends a round, and forgets it when what comes after it is taken', async () => {
  const { id } = await listen()
  let calls = 0
  receiver.answer(() => (++calls === 200 ? { status: 500 } : {}))
  for (let n = 0; n < 230; n++) await happen('payment.created')
  await wait(1)
  const [health] = await t.house.sql`select failures, failing_since from webhook_endpoint where id = ${id}`
  expect({ ...health }).toEqual({ failures: 0, failing_since: null })
})

it('tries again at 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, and then leaves it to a person', async () => {
  await listen()
  receiver.answer({ status: 500, body: 'no' })
  await happen('payment.created')
  await wait(60 * 24 * 6)
  const rows = await t.house.sql<{ at: Date }[]>`select webhook_attempt.at from webhook_attempt
    join webhook_delivery on id = delivery_id where type = 'payment.created' order by number`
  const gaps = rows.slice(1).map(({ at }, index) => (at.getTime() - (rows[index]?.at.getTime() ?? 0)) / 60_000)
  const planned = [5 / 60, 5, 30, 120, 300, 600, 840, 1200, 1440]
  expect(gaps).toHaveLength(planned.length)
  for (const [index, minutes] of planned.entries()) {
    expect(gaps[index]).toBeGreaterThanOrEqual(minutes)
    expect(gaps[index]).toBeLessThanOrEqual(minutes * 1.1 + 15)
  }
  const ids = told().flatMap(({ id, eventType }) => (eventType === 'payment.created' ? [id] : []))
  expect(ids).toHaveLength(10)
  expect(new Set(ids).size).toBe(1)
  expect(
    await t.house.sql`
    select status, tries, attempts from webhook_delivery where type = 'payment.created'`,
  ).toMatchObject([{ status: 'failed', tries: 10, attempts: 10 }])
})

it('leaves an endpoint that keeps failing alone but for probes, and tells it everything when it is back', async () => {
  await listen()
  receiver.answer({ status: 503 })
  for (let count = 0; count < 40; count++) await happen('payment.created')
  await wait(30)
  const before = receiver.requests.length
  expect(before).toBeLessThan(40)
  receiver.answer({ status: 204 })
  await wait(30)
  const ids = receiver.requests.slice(before).map(({ headers }) => headers['webhook-id'])
  expect(new Set(ids).size).toBe(40)
  expect(ids).toHaveLength(40)
  expect(await t.house.sql`select failures, failing_since, probe_at from webhook_endpoint`).toMatchObject([
    { failures: 0, failing_since: null, probe_at: null },
  ])
})

it('believes a receiver that names a later moment', async () => {
  await listen()
  receiver.answer({ status: 429, headers: { 'retry-after': '1800' } })
  await happen('payment.created')
  await wait(29)
  expect(receiver.requests).toHaveLength(1)
  await wait(10)
  expect(receiver.requests).toHaveLength(2)
})

it('does not follow a redirect, and says so', async () => {
  await listen()
  receiver.answer({ status: 302, headers: { location: '/elsewhere' } })
  await happen('payment.created')
  await wait(0)
  expect(receiver.requests).toHaveLength(1)
  expect(await t.house.sql`select outcome, http_status, says from webhook_attempt`).toMatchObject([
    { outcome: 'refused', http_status: 302, says: expect.stringContaining('Redirects are not followed') },
  ])
})

it('disables an endpoint that answers 410, keeps what it was not told, and tells it when it is enabled again', async () => {
  const { id } = await listen()
  receiver.answer({ status: 410 })
  await happen('payment.created')
  await wait(0)
  await happen('payment.authorized')
  await wait(1)
  expect(receiver.requests).toHaveLength(1)
  expect(await t.house.sql`select status, disabled_why from webhook_endpoint`).toMatchObject([
    { status: 'disabled', disabled_why: 'gone' },
  ])
  receiver.answer({ status: 200 })
  await updateEndpoint(t.house, merchantId, id, { enabled: true })
  await wait(1)
  expect(told().map(({ eventType }) => eventType)).toEqual(
    expect.arrayContaining(['payment.created', 'payment.authorized', 'webhook.disabled']),
  )
})

it("tells the merchant's other endpoints after an hour of failure, and disables after five days", async () => {
  const other = await openWebhookReceiver()
  await listen(other.url)
  const { id } = await listen()
  await updateEndpoint(t.house, merchantId, id, { alertEmail: 'ada@shop.example' })
  receiver.answer({ status: 500 })
  await happen('payment.created')
  await wait(70)
  expect(t.letters).toMatchObject([{ to: 'ada@shop.example', text: expect.stringContaining(receiver.url) }])
  const types = () =>
    other.requests.map(({ rawBody }) => String((JSON.parse(rawBody.toString()) as { eventType: string }).eventType))
  expect(types()).toEqual(['payment.created', 'webhook.failing'])
  await wait(60 * 24 * 5)
  expect(t.letters.map(({ subject }) => subject)).toEqual([
    'Your webhook address does not take deliveries',
    'Your webhook subscription was disabled',
  ])
  expect(types()).toEqual(['payment.created', 'webhook.failing', 'webhook.disabled'])
  expect(await t.house.sql`select status, disabled_why from webhook_endpoint order by id`).toMatchObject([
    { status: 'enabled', disabled_why: null },
    { status: 'disabled', disabled_why: 'failing' },
  ])
  await other.close()
})

it('writes down what each attempt met', async () => {
  await listen()
  receiver.answer({ status: 400, body: 'I do not know this \u0000 order' })
  await happen('payment.created')
  await wait(0)
  expect(await t.house.sql`select response_body, took_ms >= 0 as took from webhook_attempt`).toMatchObject([
    { response_body: 'I do not know this \uFFFD order', took: true },
  ])
  expect(await attempts()).toMatchObject([{ number: 1, outcome: 'refused', http_status: 400 }])
})
