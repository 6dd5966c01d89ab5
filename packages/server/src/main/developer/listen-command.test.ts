import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { webhooks } from '@rialto/node-sdk'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Developer, type Following, openDeveloper, takeAway } from '../../../test/developer.ts'
import { openTestApi, type TestApi, type TestMerchant } from '../../../test/test-api.ts'
import { openWebhookReceiver, type WebhookReceiver } from '../../../test/webhook-receiver.ts'
import { happen, subscribed } from '../../../test/webhook-story.ts'
import { numberEvents } from '../../webhooks/event.commands.ts'
import type { EventType } from '../../webhooks/event.ts'

let t: TestApi
let merchant: TestMerchant
let ada: Developer
let receiver: WebhookReceiver
beforeAll(async () => {
  t = await openTestApi()
})
afterAll(() => t.close())
beforeEach(async () => {
  merchant = await t.newMerchant()
  ada = openDeveloper(t, merchant)
  receiver = await openWebhookReceiver()
  return async () => {
    ada.close()
    await receiver.close()
  }
})

async function happened(...types: EventType[]): Promise<void> {
  for (const type of types) await happen(t, merchant, type)
  await numberEvents(t.house)
}
const soon = { timeout: 15_000 }
const told = () => receiver.requests.map(({ rawBody }) => JSON.parse(rawBody.toString()).sequence as number)
const listen = async (...more: string[]): Promise<Following> => {
  const listening = ada.follow('listen', '--forward-to', receiver.url, ...more)
  await expect.poll(listening.notes, soon).toContain('Your signing secret is')
  return listening
}
const secret = async () => (await ada.rialto('listen', '--print-secret')).out.trim()

it('forwards each event in order, signed by both families, byte for byte as the platform sends it', async () => {
  const own = await openWebhookReceiver()
  await subscribed(merchant, own.url)
  const listening = await listen()
  await happened('payment.created', 'payment.authorized', 'customer.created')
  await expect.poll(told, soon).toEqual([1, 2, 3])
  expect(listening.notes()).toContain(`Your signing secret is ${await secret()} (it stays the same)`)
  const now = () => t.clock.real
  for (const { rawBody, headers } of receiver.requests) {
    const event = webhooks.verify(rawBody, headers, await secret(), { now })
    expect(headers['webhook-id']).toBe(event.id)
    const old = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('webhook-')))
    expect(webhooks.verify(rawBody, old, await secret(), { now })).toEqual(event)
    expect(() => webhooks.verify(rawBody, headers, 'whsec_anotherSecretOfTheSameLengthAsTheOther4=', { now })).toThrow()
  }
  await t.runJobs()
  const bytes = ({ requests }: WebhookReceiver) => requests.map(({ rawBody }) => rawBody.toString()).sort()
  expect(bytes(receiver)).toEqual(bytes(own))
  expect(receiver.requests[0]?.headers).toMatchObject({
    ...{ 'content-type': own.requests[0]?.headers['content-type'] },
    'user-agent': own.requests[0]?.headers['user-agent'],
  })
  await own.close()
  const [first = ''] = listening.lines()
  expect(first).toMatch(/^ {5}1 {2}2026-01-05 \d\d:\d\d:\d\dZ {2}payment\.created +…[0-9a-f]{12} {2}→ 200 \d+ ms$/)
  const end = await listening.interrupt()
  expect(end.code).toBe(0)
  expect(end.note).toContain('Forwarded up to sequence 3')
})

it('goes on where it stopped, for each address by itself, and keeps its secret', async () => {
  await happened('payment.created')
  const first = await listen()
  await happened('payment.created')
  await expect.poll(told, soon).toEqual([2])
  await first.interrupt()
  const kept = await secret()
  await happened('payment.authorized', 'payment.failed')
  const second = await listen()
  await expect.poll(told, soon).toEqual([2, 3, 4])
  await second.interrupt()
  expect(await secret()).toBe(kept)

  // To another address: from now on.
  const other = ada.follow('listen', '--forward-to', `${receiver.url}?other`)
  await expect.poll(other.notes, soon).toContain('after sequence 4')
  await other.interrupt()
  const again = await listen('--since', 'beginning', '--events', 'payment.created')
  await expect.poll(told, soon).toEqual([2, 3, 4, 1, 2])
  await again.interrupt()
  const places = join(ada.folder, 'listen')
  expect(readdirSync(places)).toHaveLength(1)
  expect(statSync(places).mode & 0o777).toBe(0o700)
})

it('waits for a receiver that is down, says so once, and skips nothing', async () => {
  const listening = await listen()
  await happened('payment.created')
  await expect.poll(told, soon).toEqual([1])
  const port = Number(new URL(receiver.url).port)
  await receiver.close()
  await happened('payment.authorized', 'payment.scheduled', 'payment.initiated')
  await expect.poll(listening.notes, soon).toContain('Waiting for it; nothing is skipped.')
  receiver = await openWebhookReceiver(port)
  await expect.poll(told, soon).toEqual([2, 3, 4])
  await expect.poll(listening.lines, soon).toHaveLength(4)
  expect(listening.lines()[1]).toMatch(/→ 200 \d+ ms, attempt \d+$/)
  expect(listening.notes().match(/Waiting for it/g)).toHaveLength(1)
  await listening.interrupt()
})

it('tells an event again that was not answered before it was interrupted', async () => {
  receiver.answer({ does: 'hang' })
  const listening = await listen()
  await happened('payment.created')
  await expect.poll(told, soon).toEqual([1])
  await listening.interrupt()
  receiver.answer({})
  const again = await listen('--since', '0')
  await expect.poll(told, soon).toEqual([1, 1])
  await again.interrupt()
})

it('takes any answer of the program for an answer, or stays until it is a good one, as is wished', async () => {
  receiver.answer(({ rawBody }) => (rawBody.includes('payment.failed') ? { status: 500, body: 'no such order' } : {}))
  const listening = await listen()
  await happened('payment.failed', 'payment.created')
  await expect.poll(told, soon).toEqual([1, 2])
  await expect.poll(listening.lines, soon).toHaveLength(2)
  expect(listening.lines()[0]).toMatch(/payment\.failed .* → 500 \d+ ms$/)
  expect(listening.notes()).toContain('it said: no such order')
  await listening.interrupt()

  let refusals = 2
  receiver.answer(() => ({ status: refusals-- > 0 ? 500 : 204 }))
  const patient = await listen('--retry', 'failed', '--json')
  await happened('payment.failed')
  await expect.poll(patient.lines, soon).toHaveLength(1)
  expect(JSON.parse(patient.lines()[0] ?? '')).toMatchObject({
    ...{ sequence: 3, eventType: 'payment.failed', forwarded: { status: 204, attempts: 3 } },
  })
  await patient.interrupt()
  await receiver.close()
  const hasty = await listen('--retry', 'never')
  await happened('payment.created')
  await expect.poll(hasty.lines, soon).toEqual([expect.stringContaining('→ no answer')])
  await hasty.interrupt()
  receiver = await openWebhookReceiver()
})

it('says what is used wrongly, and takes short addresses', async () => {
  expect(await ada.rialto('listen')).toMatchObject({ code: 2, note: expect.stringContaining('--forward-to') })
  expect(await ada.rialto('listen', '--forward-to', 'ftp://nowhere')).toMatchObject({ code: 2 })
  expect(await ada.rialto('listen', '--forward-to', receiver.url, '--retry', 'always')).toMatchObject({ code: 2 })
  const wrong = await ada.rialto('listen', '--forward-to', receiver.url, '--events', 'payment.suceeded')
  expect(wrong).toMatchObject({ code: 1, note: expect.stringContaining('did you mean payment.succeeded?') })
  for (const [short, full] of [
    ['localhost:1/a', 'http://localhost:1/a'],
    [':3000', 'http://localhost:3000/'],
    ['3000/hooks', 'http://localhost:3000/hooks'],
  ]) {
    const listening = ada.follow('listen', '--forward-to', String(short))
    await expect.poll(listening.notes, soon).toContain(` to ${full};`)
    await listening.interrupt()
  }
})

it('survives a restart of the API', async () => {
  const listening = await listen()
  const back = await takeAway(t)
  await expect.poll(listening.notes, soon).toContain('Waiting for it; nothing is lost.')
  await happened('payment.created')
  const again = await back()
  await expect.poll(told, soon).toEqual([1])
  expect(listening.notes()).toContain(`${t.apiUrl} answers again.`)
  expect(listening.notes().match(/Waiting for it/g)).toHaveLength(1)
  await listening.interrupt()

  // What it remembers is of no use in another database.
  await t.house.sql`update event_counter set last = 100 where merchant_id = ${merchant.id}`
  await happened('payment.created')
  const far = await listen()
  await expect.poll(told, soon).toEqual([1, 101])
  await far.interrupt()
  await t.house.sql`delete from event_sequence where merchant_id = ${merchant.id}`
  await t.house.sql`update event_counter set last = 7 where merchant_id = ${merchant.id}`
  const fresh = await listen()
  expect(fresh.notes()).toContain('It had come to sequence 101, but there are only 7')
  await fresh.interrupt()
  await again.close()
})
