import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Developer, openDeveloper } from '../../../test/developer.ts'
import { openTestApi, type TestApi, type TestMerchant } from '../../../test/test-api.ts'
import { openWebhookReceiver, type WebhookReceiver } from '../../../test/webhook-receiver.ts'
import { happen, subscribed } from '../../../test/webhook-story.ts'
import { numberEvents } from '../../webhooks/event.commands.ts'
import type { EventType } from '../../webhooks/event.ts'

let t: TestApi
let receiver: WebhookReceiver
let merchant: TestMerchant
let ada: Developer
beforeAll(async () => {
  t = await openTestApi()
  receiver = await openWebhookReceiver()
})
afterAll(async () => {
  await t.close()
  await receiver.close()
})
beforeEach(async () => {
  merchant = await t.newMerchant()
  ada = openDeveloper(t, merchant)
  return () => ada.close()
})

const story: readonly EventType[] = ['payment.created', 'payment.authorized', 'payment.failed', 'payment.created']

/** Each an hour after the one before; the last one happens now. */
async function happened(types: readonly EventType[] = story): Promise<string[]> {
  const about: string[] = []
  for (const [index, type] of types.entries()) {
    if (index > 0) t.clock.forward(60 * 60_000)
    about.push(await happen(t, merchant, type))
  }
  await numberEvents(t.house)
  return about
}
type Listed = { events: { id: string; sequence: number; eventType: string }[] }
const places = async (...words: string[]) =>
  (await ada.json<Listed>('events', 'list', ...words)).events.map(({ sequence }) => sequence)

it('lists the newest events, the newest last, a line for each', async () => {
  const [, , , last] = await happened()
  const { out, note, code } = await ada.rialto('events', 'list', '--limit', '2')
  expect({ note, code }).toEqual({ note: '', code: 0 })
  const lines = out.trimEnd().split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/^ {5}3 {2}2026-01-\d\d \d\d:00:00Z {2}payment\.failed +payment [0-9a-f-]{36} {2}order-1$/)
  expect(lines[1]).toContain(`payment ${last}`)
  expect(await places()).toEqual([1, 2, 3, 4])
  expect(await places('--types', 'payment.created')).toEqual([1, 4])
  expect(await places('--types', 'payment.created', '--limit', '1')).toEqual([4])
  expect(await ada.rialto('events', 'list', '--types', 'payment.held')).toMatchObject({
    ...{ code: 0, out: 'There are no such events.\n' },
  })
})

it('lists what came since a place, a time or a while ago', async () => {
  await happened()
  expect(await places('--since', '2')).toEqual([3, 4])
  expect(await places('--since', 'beginning')).toEqual([1, 2, 3, 4])
  expect(await places('--since', 'now')).toEqual([])
  const hoursAgo = (hours: number) => new Date(t.clock.now.getTime() - hours * 60 * 60_000).toISOString()
  expect(await places('--since', hoursAgo(1))).toEqual([3, 4])
  expect(await places('--since', hoursAgo(0.5))).toEqual([4])
  expect(await places('--since', '2h')).toEqual([2, 3, 4])
  expect(await places('--since', 'PT30M')).toEqual([4])
  expect(await places('--since', '1w')).toEqual([1, 2, 3, 4])
  const first = await ada.rialto('events', 'list', '--since', 'beginning', '--limit', '3')
  expect(first.note).toBe('There are more: --since 3\n')
  expect(await ada.rialto('events', 'list', '--since', 'yesterday')).toMatchObject({ code: 2 })
})

it('says what the API says of a type that does not exist', async () => {
  const { out, note, code } = await ada.rialto('events', 'list', '--types', 'payment.failled')
  expect({ out, code }).toEqual({ out: '', code: 1 })
  expect(note).toContain('did you mean payment.failed?')
  expect(note).toMatch(/\n {2}request [0-9a-f-]{36}\n/)
})

it('follows events as they happen, until Ctrl-C', async () => {
  await happened()
  const tail = ada.follow('events', 'tail', '--types', 'payment.succeeded,payment.failed')
  const all = ada.follow('events', 'tail', '--since', '3', '--json')
  await expect.poll(all.lines).toHaveLength(1)
  // By then each has asked from where on it follows, so that it misses nothing.
  const asked = () => t.house.sql`select 1 from api_request where merchant_id = ${merchant.id} and path = '/v1/events'`
  await expect.poll(async () => (await asked()).length, { timeout: 5_000 }).toBe(2)
  await happen(t, merchant, 'payment.created')
  await happen(t, merchant, 'payment.succeeded')
  await numberEvents(t.house)
  await expect.poll(tail.lines, { timeout: 10_000 }).toEqual([expect.stringMatching(/^ {5}6 .* payment\.succeeded /)])
  await expect.poll(all.lines, { timeout: 10_000 }).toHaveLength(3)
  expect(all.lines().map((line) => JSON.parse(line).sequence)).toEqual([4, 5, 6])
  expect(await tail.interrupt()).toMatchObject({ code: 0, note: '' })
  expect(await all.interrupt()).toMatchObject({ code: 0 })
})

it('shows an event by its sequence or its id, with its deliveries', async () => {
  await subscribed(merchant, receiver.url)
  await happened(['payment.created'])
  await t.runJobs()
  const { out } = await ada.rialto('events', 'show', '1')
  expect(out).toContain('"eventType": "payment.created"')
  expect(out).toMatch(/delivery [0-9a-f-]{36} {2}subscription [0-9a-f-]{36} {2}DELIVERED {2}1 attempt\n$/)
  const [event] = (await ada.json<Listed>('events', 'list')).events
  expect(await ada.json('events', 'show', event?.id ?? '')).toMatchObject({ deliveries: [{ status: 'DELIVERED' }] })
  expect(await ada.rialto('events', 'show', '99')).toMatchObject({ code: 1, note: expect.stringContaining('99') })
  expect(await ada.rialto('events', 'show', merchant.id)).toMatchObject({ code: 1 })
  expect(await ada.rialto('events', 'show', 'newest')).toMatchObject({ code: 2 })
})

it('has an event told again: to all it was told to, to one of them, or one delivery', async () => {
  await happened(['payment.created'])
  const subscription = await subscribed(merchant, receiver.url)
  const other = await subscribed(merchant, `${receiver.url}?other`)
  const [payment = ''] = await happened(['payment.failed'])
  const told = () => receiver.requests.filter(({ rawBody }) => rawBody.includes(payment)).length
  await t.runJobs()
  expect(told()).toBe(2)
  const all = await ada.rialto('events', 'resend', '2')
  expect(all).toMatchObject({ code: 0 })
  expect(all.out.trimEnd().split('\n')).toHaveLength(2)
  await t.runJobs()
  expect(told()).toBe(4)
  const { resent } = await ada.json<{ resent: { id: string; subscriptionId: string }[] }>(
    ...['events', 'resend', '2', '--subscription', subscription],
  )
  expect(resent).toMatchObject([{ subscriptionId: subscription }])
  await t.runJobs()
  expect(told()).toBe(5)
  expect((await ada.rialto('events', 'resend', resent[0]?.id ?? '')).out).toContain('2 payment.failed')
  await t.runJobs()
  expect(told()).toBe(6)
  // What came before a subscription can be told to it as well, and to nobody otherwise.
  expect(await ada.rialto('events', 'resend', '1')).toMatchObject({ code: 1 })
  expect((await ada.rialto('events', 'resend', '1', '--subscription', other)).out).toBe(`Being told to ${other}: 1.\n`)
  expect(await ada.rialto('events', 'resend', merchant.id)).toMatchObject({ code: 1 })
})
