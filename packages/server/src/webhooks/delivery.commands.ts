import { transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { looksLikeId, type MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { findDeliveryRow, letBeDue, letFailedBeDue } from './delivery.store.ts'
import type { Delivery } from './delivery.ts'
import { saveHealth, takeEndpoint } from './endpoint.store.ts'
import type { Endpoint } from './endpoint.ts'
import { wakeLane } from './lane.commands.ts'
import { insertReplay, listReplays, type Replay, sequencesWithin } from './replay.store.ts'

/** Only what is enabled can be told anything. */
function mustBeEnabled(endpoint: Endpoint): Endpoint {
  if (endpoint.status !== 'enabled') throw new Refusal('subscription_disabled', { id: endpoint.id })
  return endpoint
}

/**
 * Sends a delivery once more, now, whatever came of it before; its schedule begins again. Refuses: delivery_not_found,
 * subscription_not_found, subscription_disabled.
 */
export async function resend(house: House, merchantId: MerchantId, id: string): Promise<Delivery> {
  return transact(house.sql, async (tx) => {
    const found = looksLikeId(id) ? await findDeliveryRow(tx, merchantId, id) : undefined
    if (!found) throw new Refusal('delivery_not_found', { id })
    const endpoint = mustBeEnabled(await takeEndpoint(tx, merchantId, found.endpointId))
    const delivery = await letBeDue(tx, found, house.now())
    // A person says that it is worth trying.
    if (endpoint.health.probeAt) await saveHealth(tx, endpoint.id, { ...endpoint.health, probeAt: house.now() })
    await wakeLane(tx, endpoint.id)
    return delivery
  })
}

/**
 * Sends everything that has failed since then, and everything that waits to be tried again. Answers how many.
 * Refuses: subscription_not_found, subscription_disabled.
 */
export const resendFailed = (house: House, merchantId: MerchantId, id: string, since: Date): Promise<number> =>
  transact(house.sql, async (tx) => {
    const endpoint = mustBeEnabled(await takeEndpoint(tx, merchantId, id))
    const many = await letFailedBeDue(tx, endpoint.id, since, house.now())
    if (endpoint.health.probeAt) await saveHealth(tx, endpoint.id, { ...endpoint.health, probeAt: house.now() })
    await wakeLane(tx, endpoint.id)
    return many
  })

/** Under way at the same time. They are gone through one after another. */
const mostReplays = 10

/** Both ends are in it. */
export type Stretch = Readonly<
  { kind: 'sequences'; first: number; last: number } | { kind: 'times'; from: Date; to: Date }
>

/**
 * Tells an endpoint a stretch of the merchant's events again, or for the first time if it did not exist then: what of
 * it the endpoint wants, each under its own id. What it has not been told at all yet comes to it anyway, and is left
 * out. Answers undefined when nothing happened in the stretch. Refuses: subscription_not_found, subscription_disabled,
 * too_many_replays.
 */
export const replay = (
  house: House,
  merchantId: MerchantId,
  id: string,
  stretch: Stretch,
): Promise<Replay | undefined> =>
  transact(house.sql, async (tx) => {
    const endpoint = mustBeEnabled(await takeEndpoint(tx, merchantId, id))
    if ((await listReplays(tx, endpoint.id)).length >= mostReplays) throw new Refusal('too_many_replays')
    const within = stretch.kind === 'sequences' ? stretch : await sequencesWithin(tx, merchantId, stretch)
    const first = Math.max(1, within?.first ?? 1)
    const last = Math.min(within?.last ?? 0, endpoint.toldTo)
    if (last < first) return undefined
    const made: Replay = { id: house.newId(), endpointId: endpoint.id, first, last, next: first }
    await insertReplay(tx, made, house.now())
    await wakeLane(tx, endpoint.id)
    return made
  })
