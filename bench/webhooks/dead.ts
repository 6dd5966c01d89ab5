import type { Effort } from '../measuring/effort.ts'
import { freePorts } from '../measuring/processes.ts'
import { median, ms, type Row, spread } from '../measuring/table.ts'
import { type Deployment, type Listener, openListeners, withWorker } from './deployment.ts'
import { announceFor, leastRounds, quantilesOf } from './latency.ts'
import { type Part, startPart } from './part.ts'

const bar = 1.2
const endpoints = 200
const dead = 20
/** A call that hangs is given up after ten seconds: this long at least. */
const leastSeconds = 12

/**
 * What endpoints feel of their neighbours: half of the dead take calls and never answer, at the rest nobody listens.
 */
export async function benchDead(deployment: Deployment, { seconds, ...effort }: Effort): Promise<Row[]> {
  const rounds = Math.max(leastRounds, effort.rounds)
  const { receiver } = deployment
  const { live, hanging } = await receiver.open(endpoints, dead / 2)
  const listeners = await openListeners(deployment, live)
  const ways = [...hanging, ...(await freePorts(dead / 2))]
  const announcer = await startPart('announcer', process.env)
  const without: number[] = []
  const beside: number[] = []
  try {
    await withWorker(deployment, async () => {
      const healthy = () => measure(deployment, announcer, listeners, Math.max(leastSeconds, seconds))
      await announceFor(deployment, announcer, listeners, 3)
      for (let round = 0; round < rounds; round++) {
        without.push(await healthy())
        await lead(deployment, listeners, ways)
        beside.push(await healthy())
        await lead(deployment, listeners, live)
      }
    })
  } finally {
    await announcer.stop()
  }
  const ratio = median(beside) / median(without)
  return [
    {
      metric: `the same, ${dead} of ${endpoints} endpoints dead, p99 of the others`,
      ours: ms(median(beside)) + spread(beside),
      yardstick: `none dead ${ms(median(without))}${spread(without)}`,
      ...{ ratio, bar: `at most ${bar}`, clears: ratio <= bar },
    },
  ]
}

/** The p99 of all but those that may be dead. */
async function measure(deployment: Deployment, announcer: Part, listeners: readonly Listener[], seconds: number) {
  const isHealthy = (listener: number) => listener >= dead
  return quantilesOf(await announceFor(deployment, announcer, listeners, seconds, isHealthy)).p99
}

/**
 * The first endpoints lead to these ports from now on, as if nothing had ever failed there, and have missed nothing.
 */
async function lead({ sql }: Deployment, listeners: readonly Listener[], ports: readonly number[]): Promise<void> {
  for (const [index, { endpointId, merchantId }] of listeners.slice(0, dead).entries()) {
    await sql`delete from webhook_delivery where endpoint_id = ${endpointId} and status = 'waiting'`
    await sql`update webhook_endpoint set url = ${`http://127.0.0.1:${ports[index]}/webhooks`}, failures = 0,
        failing_since = null, probe_at = null,
        told_to = (select last from event_counter where merchant_id = ${merchantId})
      where id = ${endpointId}`
  }
}
