import { type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { checkEndpointUrl } from '../net/endpoint-url.ts'
import { letAllBeDue } from './delivery.store.ts'
import {
  insertEndpoint,
  listEndpointRows,
  passUnwanted,
  saveEndpoint,
  saveHealth,
  takeEndpoint,
} from './endpoint.store.ts'
import { type Endpoint, healthy } from './endpoint.ts'
import { keepPlaces } from './event-sequence.store.ts'
import { wakeLane } from './lane.commands.ts'
import { sealSecret, useSecret } from './secret.commands.ts'
import { subscriptionTo, typesWanted, type Wish, without } from './subscription.ts'

const mostOfMerchant = 20

export type NewEndpoint = Readonly<{
  merchantId: MerchantId
  url: string
  secret: string
  wish: Wish
  description: string | null
  alertEmail: string | null
}>

/**
 * Tells a merchant at this address from now on. Several may want the same. Refuses: invalid_request (the address),
 * too_many_subscriptions.
 */
export async function subscribe(house: House, input: NewEndpoint): Promise<Endpoint> {
  const endpoint: Endpoint = {
    ...{ id: house.newId(), merchantId: input.merchantId, url: goodUrl(house, input.url) },
    ...{ description: input.description, alertEmail: input.alertEmail, subscription: subscriptionTo(input.wish) },
    ...{ status: 'enabled', disabledWhy: null, toldTo: 0, health: healthy, createdAt: house.now() },
  }
  const secret = await sealSecret(house, input.secret)
  return transact(house.sql, async (tx) => {
    // Two that subscribe at once take turns, so that neither goes beyond the limit.
    await tx`select 1 from merchant where id = ${input.merchantId} for no key update`
    await keepPlaces(tx)
    const others = await listEndpointRows(tx, [input.merchantId])
    if (others.length >= mostOfMerchant) throw new Refusal('too_many_subscriptions')
    await insertEndpoint(tx, endpoint)
    await useSecret(house, tx, endpoint.id, secret, 0)
    return endpoint
  })
}

function goodUrl({ settings }: Pick<House, 'settings'>, text: string): string {
  const checked = checkEndpointUrl(text, settings.endpoints)
  if ('url' in checked) return checked.url
  const message = `cannot be called: ${checked.problem.replace(/\.$/, '')}`
  const problem = { pointer: '/url', code: 'url', message }
  throw new Refusal('invalid_request', { errors: [problem] })
}

/** Takes some of what was wanted away; when nothing is left, the subscription ends. Refuses: subscription_not_found. */
export const unsubscribe = (house: House, merchantId: MerchantId, id: string, wish: Wish): Promise<Endpoint> =>
  changeEndpoint(house, merchantId, id, (endpoint) => {
    const left = without(endpoint.subscription, wish)
    return left ? { ...endpoint, subscription: left } : { ...endpoint, status: 'ended', disabledWhy: null }
  })

export type EndpointChange = Readonly<{
  url?: string | undefined
  wish?: Wish | undefined
  description?: string | null | undefined
  alertEmail?: string | null | undefined
  enabled?: boolean | undefined
}>

/**
 * Changes what is named and leaves the rest. Enabled again, it is told everything it has missed meanwhile, as far back
 * as events are kept. Refuses: subscription_not_found, invalid_request.
 */
export function updateEndpoint(
  house: House,
  merchantId: MerchantId,
  id: string,
  change: EndpointChange,
): Promise<Endpoint> {
  const url = change.url === undefined ? undefined : goodUrl(house, change.url)
  return changeEndpoint(house, merchantId, id, (endpoint) => ({
    ...endpoint,
    url: url ?? endpoint.url,
    subscription: change.wish ? subscriptionTo(change.wish) : endpoint.subscription,
    description: change.description === undefined ? endpoint.description : change.description,
    alertEmail: change.alertEmail === undefined ? endpoint.alertEmail : change.alertEmail,
    ...statusOf(endpoint, change.enabled),
  }))
}

function statusOf(endpoint: Endpoint, enabled: boolean | undefined): Pick<Endpoint, 'status' | 'disabledWhy'> {
  if (enabled === undefined) return { status: endpoint.status, disabledWhy: endpoint.disabledWhy }
  if (enabled) return { status: 'enabled', disabledWhy: null }
  return { status: 'disabled', disabledWhy: endpoint.disabledWhy ?? 'by_merchant' }
}

async function changeEndpoint(
  house: House,
  merchantId: MerchantId,
  id: string,
  change: (endpoint: Endpoint) => Endpoint,
): Promise<Endpoint> {
  return transact(house.sql, async (tx) => {
    await keepPlaces(tx)
    const before = await takeEndpoint(tx, merchantId, id)
    const after = change(before)
    await saveEndpoint(tx, after)
    if (after.subscription !== before.subscription) await passUnwanted(tx, before, typesWanted(before.subscription))
    const isFresh = after.url !== before.url || (after.status === 'enabled' && before.status !== 'enabled')
    if (isFresh) await beginAnew(tx, before, house.now())
    return isFresh ? { ...after, health: healthy } : after
  })
}

/** What failed before says nothing about an address that was mended: it is tried at once. */
async function beginAnew(tx: Tx, { id, health }: Endpoint, now: Date): Promise<void> {
  await saveHealth(tx, id, healthy)
  await letAllBeDue(tx, id, health.failingSince ?? now, now)
  await wakeLane(tx, id)
}

/**
 * Signs with another secret. The one before signs beside it for `overlapMs`, so that no delivery is refused while the
 * receiver changes over; answers until when. Refuses: subscription_not_found.
 */
export async function rotateSecret(
  house: House,
  merchantId: MerchantId,
  id: string,
  { secret, overlapMs }: { secret: string; overlapMs: number },
): Promise<{ endpoint: Endpoint; overlapUntil: Date }> {
  const fresh = await sealSecret(house, secret)
  return transact(house.sql, async (tx) => {
    const endpoint = await takeEndpoint(tx, merchantId, id)
    return { endpoint, overlapUntil: await useSecret(house, tx, endpoint.id, fresh, overlapMs) }
  })
}
