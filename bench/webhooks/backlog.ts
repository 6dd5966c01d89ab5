import { setTimeout as sleep } from 'node:timers/promises'
import { mostResidentMb } from '../measuring/memory.ts'
import { mb, type Row } from '../measuring/table.ts'
import { type Deployment, insertBacklog, openListeners, wakeAll, withWorker } from './deployment.ts'

const merchants = 20
const small = 10_000
const large = 1_000_000
/** Delivered in both runs, so that the heap has the same to clear away. */
const delivered = 30_000
/** Of the small run. */
const flat = 1.25

/** Memory of a worker that has much to tell, beside one that has little. */
export async function benchBacklog(deployment: Deployment): Promise<Row[]> {
  const ofSmall = await mostMemory(deployment, small)
  const ofLarge = await mostMemory(deployment, large)
  const ratio = ofSmall && ofLarge ? ofLarge / ofSmall : undefined
  return [
    {
      metric: `most memory of the worker (RSS), ${large.toLocaleString('en-US')} deliveries waiting`,
      ours: mb(ofLarge),
      yardstick: `${small.toLocaleString('en-US')} waiting ${mb(ofSmall)}`,
      ...(ratio === undefined ? {} : { ratio, bar: `flat: at most ${flat}`, clears: ratio <= flat }),
    },
  ]
}

/** The small backlog is filled up again whenever it has been told. */
async function mostMemory(deployment: Deployment, backlog: number): Promise<number | undefined> {
  const { sql, receiver } = deployment
  const { live } = await receiver.open(merchants, 0)
  const listeners = await openListeners(deployment, live)
  await insertBacklog(sql, listeners, backlog / merchants)
  await sql`vacuum analyze`
  await receiver.forget(false)
  return withWorker(deployment, async ({ pid }) => {
    await wakeAll(sql, listeners)
    for (let filled = backlog; ; await sleep(20)) {
      const received = await receiver.count()
      if (received >= delivered) return mostResidentMb(pid)
      if (received < filled) continue
      await insertBacklog(sql, listeners, backlog / merchants)
      await wakeAll(sql, listeners)
      filled += backlog
    }
  })
}
