import { setTimeout as sleep } from 'node:timers/promises'
import type { Effort } from '../measuring/effort.ts'
import { median, ms, type Row, spread } from '../measuring/table.ts'
import type { AnnounceOrder, Committed } from './announcer.ts'
import type { ListenOrder } from './bare-listen.ts'
import { type Deployment, type Listener, openListeners, withWorker } from './deployment.ts'
import { type Part, startPart } from './part.ts'

const bar = 3
const perSecond = 200
const merchants = 20
/** A moment in which somebody else had the machine is not to be the answer. */
export const leastRounds = 3
/** What has not come by then never will. */
const limitMs = 60_000

/** From the moment in which a change is committed until its event is received, beside the least that could do it. */
export async function benchLatency(deployment: Deployment, { seconds, ...effort }: Effort): Promise<Row[]> {
  const rounds = Math.max(leastRounds, effort.rounds)
  const { receiver, url } = deployment
  const { live } = await receiver.open(merchants, 0)
  const listeners = await openListeners(deployment, live)
  const announcer = await startPart('announcer', process.env)
  const bare = await startPart('bare-listen', process.env)
  try {
    const ours: Quantiles[] = []
    const theirs: Quantiles[] = []
    await withWorker(deployment, async () => {
      await announceFor(deployment, announcer, listeners, 3)
      for (let round = 0; round < rounds; round++) {
        ours.push(quantilesOf(await announceFor(deployment, announcer, listeners, seconds)))
        theirs.push(await listenFor(deployment, bare, { url, ports: live, perSecond, seconds }))
      }
    })
    const p99 = (runs: readonly Quantiles[]) => runs.map((run) => run.p99)
    const ratio = median(p99(ours)) / median(p99(theirs))
    return [
      {
        metric: `from commit to receipt, ${perSecond} events/s of ${merchants} merchants, p99`,
        ours: ms(median(p99(ours))) + spread(p99(ours)),
        yardstick: `LISTEN and undici ${ms(median(p99(theirs)))}${spread(p99(theirs))}`,
        ...{ ratio, bar: `at most ${bar}`, clears: ratio <= bar },
      },
      {
        metric: '  p50',
        ours: ms(median(ours.map(({ p50 }) => p50))),
        yardstick: ms(median(theirs.map(({ p50 }) => p50))),
      },
    ]
  } finally {
    await Promise.all([announcer.stop(), bare.stop()])
  }
}

/** How long each event took, in milliseconds, and to which of the listeners. */
export type Taken = readonly Readonly<{ ms: number; listener: number }>[]
export type Quantiles = Readonly<{ p50: number; p99: number }>

export function quantilesOf(taken: Taken): Quantiles {
  const sorted = taken.map((one) => one.ms).sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}

/** The platform's way: an announcing process beside the worker. Those of `isAwaited` only are waited for. */
export async function announceFor(
  { url, receiver }: Deployment,
  announcer: Part,
  listeners: readonly Listener[],
  seconds: number,
  isAwaited: (listener: number) => boolean = () => true,
): Promise<Taken> {
  await receiver.forget(true)
  const merchantIds = listeners.map(({ merchantId }) => merchantId)
  const order: AnnounceOrder = { url, merchantIds, perSecond, seconds }
  const committed = (await announcer.ask<Committed>(order)).filter(([, , merchant]) => isAwaited(merchant))
  return takenBy(receiver, committed)
}

async function listenFor({ receiver }: Deployment, bare: Part, order: ListenOrder): Promise<Quantiles> {
  await receiver.forget(true)
  return quantilesOf(await takenBy(receiver, await bare.ask<Committed>(order)))
}

async function takenBy(receiver: Deployment['receiver'], committed: Committed): Promise<Taken> {
  const until = performance.now() + limitMs
  for (;;) {
    const arrivals = new Map(await receiver.arrivals())
    const taken = committed.flatMap(([id, at, listener]) => {
      const arrived = arrivals.get(id)
      return arrived === undefined ? [] : [{ ms: arrived - at, listener }]
    })
    if (taken.length === committed.length) return taken
    if (performance.now() > until) throw new Error(`${committed.length - taken.length} events never came`)
    await sleep(100)
  }
}
