import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { MerchantId } from '../../src/kernel/id.ts'
import { createMerchant } from '../../src/merchants/merchant.commands.ts'
import { subscribe } from '../../src/webhooks/endpoint.commands.ts'
import { openTestHouse, type TestHouse } from '../test-house.ts'
import { openWebhookReceiver, type Reply, type WebhookReceiver } from '../webhook-receiver.ts'
import type { Orders } from './webhook-process.ts'

/** How often somebody is killed, and how many changes there are meanwhile. The whole of it: 20 and 10,000. */
const kills = Number(process.env.WEBHOOK_KILLS ?? 4)
const changes = Number(process.env.WEBHOOK_CHANGES ?? 1_000)
const gadgets = 60
const secondsPerKill = 1

let t: TestHouse
const running = new Set<ChildProcess>()
const receivers: WebhookReceiver[] = []
beforeEach(async () => {
  t = await openTestHouse()
})
afterEach(async () => {
  await Promise.all([...running].map(kill))
  await t.close()
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()))
})

function start(program: string, orders: Orders): ChildProcess {
  const file = join(import.meta.dirname, `${program}.ts`)
  const child = spawn(process.execPath, [file, JSON.stringify(orders)], { stdio: ['ignore', 'ignore', 'inherit'] })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** A merchant whose gadgets change, and its programs that are told of it. */
async function openMerchant(programs: number): Promise<{ id: MerchantId; listening: WebhookReceiver[] }> {
  const { id: merchantId } = (await createMerchant(t.house, { name: 'Corner Store' })).merchant
  const opened = await Promise.all(Array.from({ length: programs }, () => openWebhookReceiver()))
  receivers.push(...opened)
  for (const receiver of opened) {
    receiver.answer(badly)
    const wish = { kind: 'everything' } as const
    const secret = 'a secret of the merchant, long enough'
    await subscribe(t.house, { merchantId, url: receiver.url, secret, wish, description: null, alertEmail: null })
  }
  await t.house.sql`insert into gadget select ${merchantId}, gen_random_uuid() from generate_series(1, ${gadgets}::int)`
  return { id: merchantId, listening: opened }
}

/** Most answers are good. */
function badly(): Reply {
  const chance = Math.random()
  if (chance < 0.03) return { status: 500 }
  if (chance < 0.05) return { does: 'reset' }
  return chance < 0.053 ? { does: 'hang' } : {}
}

/** One that changes things and two workers; whoever is killed has a successor at once. Answers when all is told. */
async function liveThroughKills(orders: Orders): Promise<number> {
  const programs = ['webhook-changes', 'webhook-worker', 'webhook-worker']
  const cast = programs.map((program) => start(program, orders))
  let killed = 0
  for (; killed < kills; killed++) {
    await sleep(500 + Math.random() * 1_000 * secondsPerKill)
    if (await isAllTold()) break
    const who = Math.floor(Math.random() * cast.length)
    await kill(cast[who] as ChildProcess)
    cast[who] = start(programs[who] ?? '', orders)
  }
  while (!(await isAllTold())) await sleep(50)
  return killed
}

async function isAllTold(): Promise<boolean> {
  const [row] = await t.house.sql<{ told: boolean }[]>`
    select (select sum(version) from gadget) >= ${changes} and not exists (select from event_unnumbered)
      and not exists (select from webhook_endpoint join event_counter using (merchant_id) where told_to < last)
      and not exists (select from webhook_delivery where status <> 'delivered') as told`
  return row?.told === true
}

type Body = Readonly<{
  id: string
  resourceId: string
  resourceVersion: number
  metadata: Readonly<{ value: number }>
}>

const bodiesOf = ({ requests }: WebhookReceiver): Body[] =>
  requests.map(({ rawBody }) => JSON.parse(rawBody.toString()) as Body)

/** A merchant's program as the documentation advises: what it has seen is dropped, and what is stale. */
function modelOf(receiver: WebhookReceiver) {
  const seen = new Set<string>()
  const model = new Map<string, { value: number; version: number }>()
  for (const { id, resourceId, resourceVersion: version, metadata } of bodiesOf(receiver)) {
    if (seen.has(id) || version <= (model.get(resourceId)?.version ?? 0)) continue
    seen.add(id)
    model.set(resourceId, { value: metadata.value, version })
  }
  return model
}

it('tells every change at least once, always in the same words, however often a worker or the API is killed', async () => {
  const { sql } = t.house
  await sql`create table gadget (merchant_id uuid not null, id uuid primary key, value int not null default 0,
    version int not null default 0)`
  const merchants = [await openMerchant(2), await openMerchant(1)]
  const vaultKey = Buffer.from(t.vaultKey.bytes).toString('base64')
  const perSecond = changes / (kills * secondsPerKill)
  const killed = await liveThroughKills({
    ...{ databaseUrl: t.databaseUrl, vaultKey, began: Date.now(), changes, perSecond },
  })
  expect(killed, 'somebody was killed').toBeGreaterThan(0)

  for (const { id: merchantId, listening } of merchants) {
    const events = await sql<{ id: string; sequence: number; resource_id: string; resource_version: number }[]>`
      select event_id as id, sequence::int, resource_id, resource_version from event_sequence
      where merchant_id = ${merchantId} order by sequence`
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1))
    const state = await sql<{ id: string; value: number; version: number }[]>`
      select id, value, version from gadget where merchant_id = ${merchantId} and version > 0`
    for (const receiver of listening) {
      const words = new Map<string, string>()
      for (const { headers, rawBody } of receiver.requests) {
        const id = String(headers['webhook-id'])
        expect(rawBody.toString()).toBe(words.get(id) ?? rawBody.toString())
        words.set(id, rawBody.toString())
      }
      expect(new Set(words.keys())).toEqual(new Set(events.map(({ id }) => id)))
      expect(modelOf(receiver)).toEqual(new Map(state.map(({ id, value, version }) => [id, { value, version }])))
    }
  }
}, 600_000)
