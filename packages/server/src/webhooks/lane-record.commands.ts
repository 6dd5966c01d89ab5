import { type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { ask } from '../jobs/tasks.ts'
import { type AttemptRow, insertAttempts, letAllBeDue, saveDeliveries } from './delivery.store.ts'
import { afterAttempt, type Delivery, isGone, isSuccess } from './delivery.ts'
import { disable, saveHealth, saveToldTo } from './endpoint.store.ts'
import { type DisabledWhy, type Endpoint, failedAgain, healthy } from './endpoint.ts'
import { announce } from './event.commands.ts'
import type { Sent } from './send.jobs.ts'
import type { Trouble } from './trouble-mail.jobs.ts'

/** What came of a round: every attempt, what becomes of each delivery, and how the endpoint is doing. */
export async function recordRound(
  house: House,
  endpoint: Endpoint,
  { sent, toldTo }: { sent: readonly Sent[]; toldTo: number },
): Promise<void> {
  const now = house.now()
  const told: AttemptRow[] = sent.map(({ parcel, attempt }) => {
    const delivery: Delivery = afterAttempt(parcel.delivery, attempt, now, dice(house))
    return { delivery, attempt }
  })
  const health = sent.reduce(
    (soFar, { attempt }) => (isSuccess(attempt) ? healthy : failedAgain(soFar, now)),
    endpoint.health,
  )
  const isBack = endpoint.health.probeAt !== null && health.failures === 0
  const gone = sent.some(({ attempt }) => isGone(attempt))
  await transact(house.sql, async (tx) => {
    await saveDeliveries(
      tx,
      told.map(({ delivery }) => delivery),
    )
    await insertAttempts(tx, told)
    if (toldTo > endpoint.toldTo) await saveToldTo(tx, endpoint.id, toldTo)
    if (health !== endpoint.health && !(health === healthy && endpoint.health.failures === 0))
      await saveHealth(tx, endpoint.id, health)
    if (isBack) await letAllBeDue(tx, endpoint.id, endpoint.health.failingSince ?? now, now)
    if (gone && (await disable(tx, endpoint.id, 'gone')))
      await tellOf(house, tx, { ...endpoint, health }, 'disabled', 'gone')
  })
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
