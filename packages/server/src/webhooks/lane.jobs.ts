import { remind } from '../agenda/agenda.commands.ts'
import { transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { drop, type Held, letGo } from '../jobs/held.ts'
import { listDue, type Parcel } from './delivery.store.ts'
import { isSuccess } from './delivery.ts'
import { dueForFailing, type Endpoint, type EndpointId, failureLookedAt } from './endpoint.ts'
import type { Event } from './event.ts'
import { wakeLane } from './lane.commands.ts'
import { type LaneDesk, mostAtOnce } from './lane.desk.ts'
import type { Lane } from './lane.store.ts'
import { disableLane, type Round, recordRound, warnOfFailing } from './lane-record.commands.ts'
import { expandReplay } from './replay.commands.ts'
import { circuitOpensAfter } from './schedule.ts'
import { openSecrets } from './secret.commands.ts'
import { type Sent, sendAll } from './send.jobs.ts'

/** Then other lanes of the process have their turn. Real time. */
const sliceMs = 15_000

/**
 * Tells an endpoint what it has not been told yet: first what is due again, then the merchant's events in their order,
 * until nothing is left or the endpoint fails. While it fails it is given no more than would open its circuit; while
 * that is open, one at a time, when a probe is due. Told twice is possible (a worker may die before it has written down
 * what it did), never told is not: the event's id is the same each time.
 */
export async function deliverEvents(house: House, desk: LaneDesk, endpointId: EndpointId, held: Held): Promise<void> {
  const endAt = performance.now() + sliceMs
  for (let job: Held | undefined = held; job; job = await letGo(house.sql, job)) {
    const come = await tell(house, desk, endpointId, job, endAt)
    if (come === 'out of time') return giveWay(house, endpointId, job)
    if (come === 'ended') return
  }
}

const giveWay = (house: House, endpointId: EndpointId, held: Held): Promise<void> =>
  transact(house.sql, async (tx) => {
    await drop(tx, held)
    await wakeLane(tx, endpointId)
  })

/**
 * Round after round; while one is sent the next one is looked for, and the one before it is written down. `ended`: the
 * job has, with the last one.
 */
async function tell(
  house: House,
  desk: LaneDesk,
  endpointId: EndpointId,
  held: Held,
  endAt: number,
): Promise<'all told' | 'ended' | 'out of time'> {
  const sight = openSight(desk, endpointId)
  let toldTo = 0
  let writing: Promise<unknown> = Promise.resolve()
  try {
    while (performance.now() < endAt) {
      const lane = await sight.look(toldTo)
      if (lane?.endpoint.status !== 'enabled') return 'all told'
      if (!isCalm(house, lane)) await writing
      else if (lane.fresh.length === mostAtOnce) sight.lookAhead(lane.fresh.at(-1)?.sequence ?? 0)
      const round = await takeRound(house, lane)
      await writing
      if (round === 'look again') continue
      if (round === undefined) {
        await rest(house, lane)
        return 'all told'
      }
      const calm = isCalm(house, lane) && round.sent.every(({ attempt }) => isSuccess(attempt))
      // Whatever came since the lane was looked at has asked for its job again.
      if (calm && round.toldTo === lane.last && !lane.dueAt)
        return (await recordRound(house, desk, lane.endpoint, round, held)) ? 'ended' : 'all told'
      writing = recordRound(house, desk, lane.endpoint, round)
      writing.catch(() => undefined)
      if (!calm) {
        sight.forget()
        await writing
      }
      toldTo = round.toldTo
    }
    return 'out of time'
  } finally {
    await writing
  }
}

/** What was seen longer ago may have changed: who has disabled an endpoint is not to hear more. Real time. */
const seenWithinMs = 500

/** Sees a lane, and on demand beforehand what it will be when it has been told up to some place. */
function openSight(desk: LaneDesk, endpointId: EndpointId) {
  let ahead: { toldTo: number; at: number; lane: Promise<Lane | undefined> } | undefined
  return {
    lookAhead(toldTo: number): void {
      ahead = { toldTo, at: performance.now(), lane: desk.look({ endpointId, toldTo }) }
      ahead.lane.catch(() => undefined)
    },
    /** What was seen beforehand does not know that something failed since. */
    forget(): void {
      ahead = undefined
    },
    look(toldTo: number): Promise<Lane | undefined> {
      const seen = ahead
      ahead = undefined
      const isOfUse = seen?.toldTo === toldTo && performance.now() - seen.at < seenWithinMs
      return isOfUse ? seen.lane : desk.look({ endpointId, toldTo })
    },
  }
}

/** There is only what has not been told yet, and the endpoint takes it. */
const isCalm = (house: House, { endpoint, dueAt, replays }: Lane): boolean =>
  endpoint.health.failures === 0 && !replays && !(dueAt && dueAt <= house.now())

/** Sends what can be sent now. Undefined: nothing can. */
async function takeRound(house: House, lane: Lane): Promise<Round | 'look again' | undefined> {
  const { endpoint } = lane
  const now = house.now()
  const consequence = dueForFailing(endpoint.health, now)
  if (consequence === 'disable') await disableLane(house, endpoint, 'failing')
  if (consequence === 'alert') await warnOfFailing(house, endpoint)
  if (consequence !== 'nothing') return 'look again'
  const { probeAt, failures } = endpoint.health
  if (probeAt && probeAt > now) return undefined
  const limit = probeAt ? 1 : failures > 0 ? circuitOpensAfter - failures : mostAtOnce
  if (lane.replays) await expandReplay(house, endpoint, limit)
  const { parcels, seenTo } = await gatherParcels(house, lane, now, limit)
  if (parcels.length === 0 && seenTo === endpoint.toldTo) return undefined
  const secrets = parcels.length === 0 ? [] : await openSecrets(house, lane.secrets)
  const sent = await sendAll(house, endpoint, secrets, parcels)
  return { sent, toldTo: sent.length === parcels.length ? seenTo : lastTold(endpoint, sent) }
}

/** Those beyond what it had been told are in the order of the sequence. */
const lastTold = ({ toldTo }: Endpoint, sent: readonly Sent[]): number =>
  Math.max(toldTo, ...sent.map(({ parcel }) => parcel.delivery.sequence))

/** What is to be sent, and up to which place the sequence has been read when all of it has been. */
async function gatherParcels(
  house: House,
  { endpoint, last, dueAt, replays, fresh }: Lane,
  now: Date,
  limit: number,
): Promise<{ parcels: Parcel[]; seenTo: number }> {
  const isDue = replays || (dueAt && dueAt <= now)
  const due = isDue
    ? // What happens now is not to wait behind all that is told again.
      await listDue(house.sql, { endpointId: endpoint.id, upTo: endpoint.toldTo, now, limit: Math.ceil(limit / 2) })
    : []
  const taken = fresh.slice(0, limit - due.length)
  const isAll = taken.length === fresh.length && fresh.length < mostAtOnce
  const seenTo = isAll ? Math.max(last, endpoint.toldTo) : (taken.at(-1)?.sequence ?? endpoint.toldTo)
  return { parcels: [...due, ...taken.map((event) => opened(house, endpoint, event, now))], seenTo }
}

const opened = (house: House, { id: endpointId }: Endpoint, event: Event, now: Date): Parcel => ({
  event,
  delivery: {
    ...{ id: house.newId(), endpointId, sequence: event.sequence, eventId: event.id, type: event.type },
    ...{ happenedAt: event.happenedAt, status: 'waiting', tries: 0, attempts: 0, dueAt: now, createdAt: now },
    doneAt: null,
  },
})

/** Nothing more can be done now: the agenda says when it can. */
async function rest(house: House, { endpoint, last, dueAt }: Lane): Promise<void> {
  const { probeAt } = endpoint.health
  const nextDue = last > endpoint.toldTo ? house.now() : dueAt
  const sendAt = nextDue && probeAt && probeAt > nextDue ? probeAt : nextDue
  const moments = [sendAt, failureLookedAt(endpoint.health)].filter((at) => at !== null)
  if (moments.length === 0) return
  const first = new Date(Math.min(...moments.map((at) => at.getTime())))
  const payload = { endpointId: endpoint.id }
  await transact(house.sql, (tx) => remind(tx, first, 'deliver-events', payload, `lane:${endpoint.id}`))
}
