import type { House } from '../house.ts'
import { looksLikeId, type MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { type DeliveryRow, findDeliveryRow, toDelivery } from './delivery.store.ts'
import type { Attempt, Delivery, DeliveryStatus } from './delivery.ts'
import type { EndpointId } from './endpoint.ts'
import { findEventRow } from './event.store.ts'
import type { Event, EventType } from './event.ts'

type Reader = Pick<House, 'sql'>

export type DeliveryFilter = Readonly<{
  limit: number
  /** Those about events before this place of the sequence. */
  before: number | null
  status: DeliveryStatus | null
  type: EventType | null
}>

export type RecordedAttempt = Omit<Attempt, 'retryAfterMs'>
export type DeliveryWithLast = Readonly<{ delivery: Delivery; last: RecordedAttempt | null }>

/** Of an endpoint, the newest event first, each with what its last attempt met. */
export async function listDeliveries(
  { sql }: Reader,
  endpointId: EndpointId,
  { limit, before, status, type }: DeliveryFilter,
): Promise<DeliveryWithLast[]> {
  // Written out, so that the index of those that wait or have failed can be used.
  const withStatus = {
    waiting: sql`and status = 'waiting'`,
    failed: sql`and status = 'failed'`,
    delivered: sql`and status = 'delivered'`,
  }
  const rows = await sql<(DeliveryRow & { last: Omit<RecordedAttempt, 'at'> & { at: string } })[]>`
    select delivery.*, (
      select json_build_object('at', at, 'tookMs', took_ms, 'outcome', outcome, 'httpStatus', http_status,
        'says', says, 'responseBody', response_body)
      from webhook_attempt where delivery_id = delivery.id and happened_at = delivery.happened_at
      order by number desc limit 1) as last
    from (select * from webhook_delivery where endpoint_id = ${endpointId}
      ${before === null ? sql`` : sql`and sequence < ${before}`}
      ${status === null ? sql`` : withStatus[status]}
      ${type === null ? sql`` : sql`and type = ${type}`}
      order by sequence desc limit ${limit}) as delivery
    order by sequence desc`
  return rows.map((row) => ({
    delivery: toDelivery(row),
    last: row.last && { ...row.last, at: new Date(row.last.at) },
  }))
}

/** Attempts are in their order, the newest hundred. The event is gone when it is no longer kept. */
export type DeliveryStory = Readonly<{
  delivery: Delivery
  attempts: readonly RecordedAttempt[]
  event: Event | undefined
}>

/** Refuses delivery_not_found, also for another merchant's. */
export async function getDelivery({ sql }: Reader, merchantId: MerchantId, id: string): Promise<DeliveryStory> {
  const delivery = looksLikeId(id) ? await findDeliveryRow(sql, merchantId, id) : undefined
  if (!delivery) throw new Refusal('delivery_not_found')
  const attempts = await sql<RecordedAttempt[]>`
    select at, took_ms as "tookMs", outcome, http_status as "httpStatus", says, response_body as "responseBody"
    from webhook_attempt where delivery_id = ${delivery.id} and happened_at = ${delivery.happenedAt}
    order by number desc limit 100`
  return { delivery, attempts: attempts.toReversed(), event: await findEventRow(sql, merchantId, delivery.eventId) }
}

/** To every endpoint that was told of an event, or is to be told again. */
export async function listDeliveriesOf({ sql }: Reader, { id, happenedAt }: Event): Promise<Delivery[]> {
  const rows = await sql<DeliveryRow[]>`
    select * from webhook_delivery where event_id = ${id} and happened_at = ${happenedAt} order by id limit 100`
  return rows.map(toDelivery)
}
