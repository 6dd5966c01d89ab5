import { type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import type { Held } from '../jobs/held.ts'
import { ask } from '../jobs/tasks.ts'
import { letAllBeDue, saveTried, type Tried } from './delivery.store.ts'
import { afterAttempt, isGone, isSuccess } from './delivery.ts'
import { disable, saveHealth } from './endpoint.store.ts'
import { type DisabledWhy, type Endpoint, failedAgain, healthy } from './endpoint.ts'
import { announce } from './event.commands.ts'
import { keepPlaces } from './event-sequence.store.ts'
import type { LaneDesk } from './lane.desk.ts'
import type { Sent } from './send.jobs.ts'
import type { Trouble } from './trouble-mail.jobs.ts'

/** What was tried in one go, and up to which place of the sequence the endpoint has then been told. */
export type Round = Readonly<{ sent: readonly Sent[]; toldTo: number }>

/**
 * What came of a round: every attempt, what becomes of each delivery, and how the endpoint is doing. `held`: the job
 * that ends with it unless it was asked for again; answers whether it did.
 */
export async function recordRound(
  house: House,
  desk: LaneDesk,
  endpoint: Endpoint,
  { sent, toldTo }: Round,
  held?: Held,
): Promise<boolean> {
  const now = house.now()
  const tried: Tried[] = sent.map(({ parcel, attempt }) => {
    return { delivery: afterAttempt(parcel.delivery, attempt, now, () => dice(house)), attempt }
  })
  const { failures } = endpoint.health
  if (failures === 0 && sent.every(({ attempt }) => isSuccess(attempt)))
    return desk.record({ endpointId: endpoint.id, tried, toldTo, held })
  const health = sent.reduce(
    (soFar, { attempt }) => (isSuccess(attempt) ? healthy : failedAgain(soFar, now)),
    endpoint.health,
  )
  const isBack = endpoint.health.probeAt !== null && health.failures === 0
  const gone = sent.some(({ attempt }) => isGone(attempt))
  await transact(house.sql, async (tx) => {
    await keepPlaces(tx)
    await saveTried(tx, [{ endpointId: endpoint.id, tried, toldTo }])
    if (health !== endpoint.health) await saveHealth(tx, endpoint.id, health)
    if (isBack) await letAllBeDue(tx, endpoint.id, endpoint.health.failingSince ?? now, now)
    if (gone && (await disable(tx, endpoint.id, 'gone')))
      await tellOf(house, tx, { ...endpoint, health }, 'disabled', 'gone')
  })
  return false
}

/** From 0 to 1. */
const dice = (house: House): number => (house.random(1)[0] ?? 0) / 255

/** Nothing is lost: what it was not told waits until it is enabled again. */
export const disableLane = (house: House, endpoint: Endpoint, why: DisabledWhy): Promise<void> =>
  transact(house.sql, async (tx) => {
    if (await disable(tx, endpoint.id, why)) await tellOf(house, tx, endpoint, 'disabled', why)
  })

/** Once in a row of failures. */
export const warnOfFailing = (house: House, endpoint: Endpoint): Promise<void> =>
  transact(house.sql, async (tx) => {
    await saveHealth(tx, endpoint.id, { ...endpoint.health, alertedAt: house.now() })
    await tellOf(house, tx, endpoint, 'failing')
  })

/** By an event, and by e-mail where an address was left. */
async function tellOf(
  house: House,
  tx: Tx,
  { id, merchantId, url, health, alertEmail }: Endpoint,
  trouble: Trouble,
  reason?: DisabledWhy,
): Promise<void> {
  const since = health.failingSince?.toISOString()
  const data = { url, ...(since ? { failingSince: since } : {}), ...(reason ? { reason } : {}) }
  await announce(house, tx, [{ type: `webhook.${trouble}`, merchantId, resourceType: 'webhook', resourceId: id, data }])
  if (alertEmail) await ask(tx, 'mail-trouble', { endpointId: id, letterId: house.newId(), trouble })
}
