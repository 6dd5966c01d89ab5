import { remind } from '../agenda/agenda.commands.ts'
import { transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { findNextDelivery, listDue, type Parcel } from './delivery.store.ts'
import { findLane, type Lane } from './endpoint.store.ts'
import { dueForFailing, type Endpoint, type EndpointId, failureLookedAt } from './endpoint.ts'
import { listEventRows } from './event.store.ts'
import { wakeLane } from './lane.commands.ts'
import { disableLane, recordRound, warnOfFailing } from './lane-record.commands.ts'
import { expandReplay } from './replay.commands.ts'
import { circuitOpensAfter } from './schedule.ts'
import { openSecrets } from './secret.commands.ts'
import { type Sent, sendAll } from './send.jobs.ts'
import { typesWanted } from './subscription.ts'

/** So many are taken at a time: a lane's memory does not grow with what waits for it. */
const mostAtOnce = 200
/** Then other lanes of the process have their turn. Real time. */
const sliceMs = 15_000

/**
 * Tells an endpoint what it has not been told yet: first what is due again, then the merchant's events in their order,
 * until nothing is left or the endpoint fails. While it fails it is given no more than would open its circuit; while
 * that is open, one at a time, when a probe is due. Told twice is possible (a worker may die before it has written down
 * what it did), never told is not: the event's id is the same each time.
 */
export async function deliverEvents(house: House, endpointId: EndpointId): Promise<void> {
  const began = performance.now()
  for (;;) {
    const lane = await findLane(house.sql, endpointId)
    if (lane?.endpoint.status !== 'enabled') return
    if (!(await round(house, lane))) return rest(house, lane)
    if (performance.now() - began > sliceMs) return wakeLane(house.sql, endpointId)
  }
}

/** Answers whether there is more to do: then the lane is looked at again. */
async function round(house: House, lane: Lane): Promise<boolean> {
  const { endpoint } = lane
  const now = house.now()
  const consequence = dueForFailing(endpoint.health, now)
  if (consequence === 'disable') {
    await disableLane(house, endpoint, 'failing')
    return true
  }
  if (consequence === 'alert') {
    await warnOfFailing(house, endpoint)
    return true
  }
  const { probeAt, failures } = endpoint.health
  if (probeAt && probeAt > now) return false
  const limit = probeAt ? 1 : failures > 0 ? circuitOpensAfter - failures : mostAtOnce
  if (lane.replays) await expandReplay(house, endpoint, limit)
  const { parcels, seenTo } = await gatherParcels(house, lane, now, limit)
  if (parcels.length === 0 && seenTo === endpoint.toldTo) return false
  const secrets = parcels.length === 0 ? [] : await openSecrets(house, endpoint.id)
  const sent = await sendAll(house, endpoint, secrets, parcels)
  await recordRound(house, endpoint, {
    sent,
    toldTo: sent.length === parcels.length ? seenTo : lastTold(endpoint, sent),
  })
  return true
}

/** Those beyond what it had been told are in the order of the sequence. */
const lastTold = ({ toldTo }: Endpoint, sent: readonly Sent[]): number =>
  Math.max(toldTo, ...sent.map(({ parcel }) => parcel.delivery.sequence))

/** What is to be sent, and up to which place the sequence has been read when all of it has been. */
async function gatherParcels(
  house: House,
  { endpoint, last }: Lane,
  now: Date,
  limit: number,
): Promise<{ parcels: Parcel[]; seenTo: number }> {
  // What happens now is not to wait behind all that is told again.
  const due = await listDue(house.sql, endpoint.id, now, Math.ceil(limit / 2))
  const room = limit - due.length
  const fresh =
    room > 0 && last > endpoint.toldTo
      ? await listEventRows(house.sql, {
          ...{ merchantId: endpoint.merchantId, after: endpoint.toldTo, limit: room },
          types: typesWanted(endpoint.subscription),
        })
      : []
  const seenTo = fresh.length < room ? Math.max(last, endpoint.toldTo) : (fresh.at(-1)?.sequence ?? endpoint.toldTo)
  const opened = fresh.map(
    (event): Parcel => ({
      event,
      delivery: {
        ...{
          id: house.newId(),
          endpointId: endpoint.id,
          sequence: event.sequence,
          eventId: event.id,
          type: event.type,
        },
        ...{ happenedAt: event.happenedAt, status: 'waiting', tries: 0, attempts: 0, dueAt: now, createdAt: now },
        doneAt: null,
      },
    }),
  )
  return { parcels: [...due, ...opened], seenTo }
}

/** Nothing more can be done now: the agenda says when it can. */
async function rest(house: House, { endpoint, last }: Lane): Promise<void> {
  const { probeAt } = endpoint.health
  const nextDue = last > endpoint.toldTo ? house.now() : await findNextDelivery(house.sql, endpoint.id)
  const sendAt = nextDue && probeAt && probeAt > nextDue ? probeAt : nextDue
  const moments = [sendAt, failureLookedAt(endpoint.health)].filter((at) => at !== null && at !== undefined)
  if (moments.length === 0) return
  const first = new Date(Math.min(...moments.map((at) => at.getTime())))
  const payload = { endpointId: endpoint.id }
  await transact(house.sql, (tx) => remind(tx, first, 'deliver-events', payload, `lane:${endpoint.id}`))
}
