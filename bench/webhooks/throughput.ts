import { setTimeout as sleep } from 'node:timers/promises'
import type { Effort } from '../measuring/effort.ts'
import { processorSeconds } from '../measuring/memory.ts'
import { median, perSecond, type Row, spread } from '../measuring/table.ts'
import type { LoopOrder } from './bare-loop.ts'
import {
  type Deployment,
  insertBacklog,
  isAllTold,
  type Listener,
  openListeners,
  wakeAll,
  withWorker,
} from './deployment.ts'
import { type Part, startPart } from './part.ts'

const bar = 0.5
const events = 20_000
const warmUp = 2_000
/** Short ones, and a machine that others share is faster in one than in the next. */
const leastRounds = 5
/** As many as the platform has under way to one endpoint. */
const atOnce = 16

/**
 * Deliveries per second, every one written down, beside a bare loop that posts the same bodies and remembers nothing.
 */
export async function benchThroughput(deployment: Deployment, effort: Effort): Promise<Row[]> {
  const rounds = Math.max(leastRounds, effort.rounds)
  const rows: Row[] = []
  await withWorker(deployment, async (worker) => {
    const loop = await startPart('bare-loop', process.env)
    try {
      for (const merchants of [1, 20]) {
        const { live } = await deployment.receiver.open(merchants, 0)
        const listeners = await openListeners(deployment, live)
        await deliver(deployment, listeners, warmUp / merchants)
        await post(deployment, loop, listeners, warmUp / merchants)
        const ours: number[] = []
        const bare: number[] = []
        const used = processorSeconds(worker.pid)
        for (let round = 0; round < rounds; round++) {
          ours.push(await deliver(deployment, listeners, events / merchants))
          bare.push(await post(deployment, loop, listeners, events / merchants))
        }
        const each = ((processorSeconds(worker.pid) - used) / rounds / events) * 1e6
        rows.push(...rowsOf(merchants, ours, bare, each))
      }
    } finally {
      await loop.stop()
    }
  })
  return rows
}

function rowsOf(merchants: number, ours: number[], bare: number[], each: number): Row[] {
  const ratio = median(ours.map((rate, round) => rate / (bare[round] ?? Number.NaN)))
  return [
    {
      metric: `deliveries, ${merchants} merchant${merchants === 1 ? '' : 's'} with one endpoint`,
      ours: perSecond(median(ours)) + spread(ours),
      yardstick: `undici ${perSecond(median(bare))}${spread(bare)}`,
      ...{ ratio, bar: `${bar}`, clears: ratio >= bar },
    },
    { metric: '  processor time of one', ours: `worker ${Math.round(each)} µs` },
  ]
}

/** Answers deliveries per second, from the moment in which the lanes are woken until the last one is written down. */
async function deliver(deployment: Deployment, listeners: readonly Listener[], ofEach: number): Promise<number> {
  const { sql, receiver } = deployment
  await insertBacklog(sql, listeners, ofEach)
  await sql`vacuum analyze`
  await receiver.forget(false)
  const began = performance.now()
  await wakeAll(sql, listeners)
  while (!(await isAllTold(sql, listeners))) await sleep(10)
  const took = (performance.now() - began) / 1_000
  const many = listeners.length * ofEach
  await check(deployment, many)
  return many / took
}

async function check({ sql, receiver }: Deployment, many: number): Promise<void> {
  const received = await receiver.count()
  const [row] = await sql<{ not: number }[]>`
    select count(*)::int as not from webhook_delivery where status <> 'delivered' or attempts <> 1`
  if (received !== many || row?.not !== 0) throw new Error(`${many} were to be told once, ${received} were received`)
}

/** The events that were delivered last, posted once more by the bare loop. */
async function post({ url, receiver }: Deployment, loop: Part, listeners: readonly Listener[], ofEach: number) {
  await loop.ask({ do: 'load', url, listeners, ofEach, atOnce } satisfies LoopOrder)
  await receiver.forget(false)
  const tookMs = await loop.ask<number>({ do: 'post' } satisfies LoopOrder)
  const many = listeners.length * ofEach
  if ((await receiver.count()) !== many) throw new Error('the bare loop did not post everything')
  return many / (tookMs / 1_000)
}
