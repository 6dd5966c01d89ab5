import { setTimeout as sleep } from 'node:timers/promises'
import { numberEvents } from '../../packages/server/src/webhooks/event.commands.ts'
import { perSecond, type Row } from '../measuring/table.ts'
import type { AnnounceOrder, Committed } from './announcer.ts'
import { type Deployment, openListeners, withWorker } from './deployment.ts'
import { startPart } from './part.ts'

const events = 100_000
const merchants = 20
const seconds = 5

/** What it costs to give events their places: many that wait, and as they come. */
export async function benchNumbering(deployment: Deployment): Promise<Row[]> {
  return [await many(deployment), await asTheyCome(deployment)]
}

async function many(deployment: Deployment): Promise<Row> {
  const { sql } = deployment
  const { live } = await deployment.receiver.open(merchants, 0)
  for (const { merchantId } of await openListeners(deployment, live))
    await sql`
      with told as (
        insert into event (id, merchant_id, type, resource_type, resource_id, data, request_id, happened_at)
        select uuidv7(), ${merchantId}, 'payment.authorized', 'payment', gen_random_uuid(), '{}', null, now()
        from generate_series(1, ${events / merchants}::int)
        returning id, merchant_id, type, resource_id, happened_at)
      insert into event_unnumbered (event_id, merchant_id, type, resource_id, happened_at) select * from told`
  await sql`vacuum analyze`
  const began = performance.now()
  const numbered = await numberEvents({ sql })
  const took = (performance.now() - began) / 1_000
  if (numbered !== events) throw new Error(`${numbered} events were numbered, not ${events}`)
  return {
    metric: `events given their places, ${events.toLocaleString('en-US')} waiting`,
    ours: perSecond(events / took),
  }
}

/** Changes of one event each, 32 at a time, as fast as they go, while a worker numbers and delivers them. */
async function asTheyCome(deployment: Deployment): Promise<Row> {
  const { sql, url, receiver } = deployment
  const { live } = await receiver.open(merchants, 0)
  const merchantIds = (await openListeners(deployment, live)).map(({ merchantId }) => merchantId)
  const announcer = await startPart('announcer', process.env)
  try {
    return await withWorker(deployment, async () => {
      const began = performance.now()
      const order: AnnounceOrder = { url, merchantIds, perSecond: null, seconds }
      const { length } = await announcer.ask<Committed>(order)
      const announced = length / ((performance.now() - began) / 1_000)
      while ((await countUnnumbered(sql)) > 0) await sleep(5)
      const numbered = length / ((performance.now() - began) / 1_000)
      return {
        metric: '  announced, and given their places, as they come',
        ours: `${perSecond(announced)}, ${perSecond(numbered)}`,
      }
    })
  } finally {
    await announcer.stop()
  }
}

const countUnnumbered = async (sql: Deployment['sql']): Promise<number> =>
  (await sql<{ many: number }[]>`select count(*)::int as many from event_unnumbered`)[0]?.many ?? 0
