import type { Sql, Tx } from '../db/connect.ts'
import { ending, type Held } from '../jobs/held.ts'
import { assert } from '../kernel/assert.ts'
import type { MerchantId } from '../kernel/id.ts'
import type { Attempt, Delivery, DeliveryId, DeliveryStatus } from './delivery.ts'
import type { EndpointId } from './endpoint.ts'
import { type EventRow, eventColumns, toEvent } from './event.store.ts'
import type { Event, EventType } from './event.ts'

export type DeliveryRow = {
  id: DeliveryId
  endpoint_id: EndpointId
  sequence: bigint
  event_id: Event['id']
  type: EventType
  happened_at: Date
  status: DeliveryStatus
  tries: number
  attempts: number
  due_at: Date | null
  created_at: Date
  done_at: Date | null
}

export const toDelivery = (row: DeliveryRow): Delivery => ({
  id: row.id,
  endpointId: row.endpoint_id,
  sequence: Number(row.sequence),
  eventId: row.event_id,
  type: row.type,
  happenedAt: row.happened_at,
  status: row.status,
  tries: row.tries,
  attempts: row.attempts,
  dueAt: row.due_at,
  createdAt: row.created_at,
  doneAt: row.done_at,
})

/** A delivery with its event, to be sent. */
export type Parcel = Readonly<{ delivery: Delivery; event: Event }>

/**
 * Those up to a place of the sequence whose time has come, the longest due first; of those due together, in the order
 * of the sequence.
 */
export async function listDue(
  sql: Sql,
  { endpointId, upTo, now, limit }: Readonly<{ endpointId: EndpointId; upTo: number; now: Date; limit: number }>,
): Promise<Parcel[]> {
  const rows = await sql<(EventRow & { delivery: string } & Omit<DeliveryRow, 'id'>)[]>`
    select ${eventColumns(sql)}, due.id as delivery, due.endpoint_id, due.event_id, due.status, due.tries,
      due.attempts, due.due_at, due.created_at, due.done_at
    from (select * from webhook_delivery
      where endpoint_id = ${endpointId} and status = 'waiting' and due_at <= ${now} and sequence <= ${upTo}
      order by due_at, sequence limit ${limit}) as due
      join event_sequence on event_sequence.event_id = due.event_id
      join event on event.id = due.event_id and event.happened_at = due.happened_at
    order by due.due_at, due.sequence`
  return rows.map((row) => ({
    delivery: toDelivery({ ...row, id: row.delivery as DeliveryId }),
    event: toEvent(row),
  }))
}

export type Tried = Readonly<{ delivery: Delivery; attempt: Attempt }>

/** What an endpoint was told in one go. `held`: the job that ends with it, unless it was asked for again. */
export type Told = Readonly<{
  endpointId: EndpointId
  tried: readonly Tried[]
  toldTo: number
  held?: Held | undefined
}>

/**
 * What was tried, what has become of each delivery, and up to where each endpoint has been told (never back): one
 * statement, so that outside of a transaction it is one by itself. Each endpoint is there once. Answers the ids of the
 * jobs that have ended.
 */
export async function saveTried(sql: Sql | Tx, told: readonly Told[]): Promise<Set<string>> {
  const rows = told.flatMap(({ tried }) => tried.map(({ delivery, attempt }) => toRow({ ...delivery, ...attempt })))
  const held = told.flatMap((one) => one.held ?? [])
  const ended = await sql<{ id: string }[]>`
    with row as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::text::json) as row (${deliveryTypes(sql)}, at timestamptz,
        "tookMs" int, outcome text, "httpStatus" int, says text, "responseBody" text)),
    saved as (${upsertDeliveries(sql, 1)} returning id, endpoint_id, sequence, attempts),
    tried as (
      insert into webhook_attempt (delivery_id, number, happened_at, endpoint_id, at, took_ms, outcome, http_status, says,
        response_body)
      select saved.id, saved.attempts, "happenedAt", endpoint_id, at, "tookMs", outcome, "httpStatus", says, "responseBody"
      from row join saved on endpoint_id = "endpointId" and saved.sequence = row.sequence),
    moved as (
      update webhook_endpoint set told_to = place
      from unnest(${told.map(({ endpointId }) => endpointId)}::uuid[], ${told.map(({ toldTo }) => toldTo)}::bigint[])
        as told (endpoint_id, place)
      where id = endpoint_id and told_to < place)
    ${ending(sql, held)}`
  return new Set(ended.map(({ id }) => id))
}

/** New ones, and those that are there made to wait again; these have been tried before. */
export async function saveAgain(tx: Tx, deliveries: readonly Delivery[]): Promise<void> {
  await tx`
    with row as materialized (
      select * from json_to_recordset(${JSON.stringify(deliveries.map(toRow))}::text::json) as row (${deliveryTypes(tx)}))
    ${upsertDeliveries(tx, 0)}`
}

/** As JSON would write it, much faster: dates as texts, and nothing of what is null. */
function toRow(row: Delivery | (Delivery & Attempt)): object {
  const texts: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(row))
    if (value !== null) texts[name] = value instanceof Date ? value.toISOString() : value
  return texts
}

const deliveryTypes = (sql: Sql | Tx) => sql`
  id uuid, "endpointId" uuid, sequence bigint, "eventId" uuid, type text, "happenedAt" timestamptz, status text,
  tries int, attempts int, "dueAt" timestamptz, "createdAt" timestamptz, "doneAt" timestamptz`

/** `more`: how many attempts those that are there have had since. Counted here, should two be at it at once. */
const upsertDeliveries = (sql: Sql | Tx, more: 0 | 1) => sql`
  insert into webhook_delivery (endpoint_id, sequence, happened_at, id, event_id, type, status, tries, attempts, due_at,
    created_at, done_at)
  select "endpointId", sequence, "happenedAt", id, "eventId", type, status, tries, attempts, "dueAt", "createdAt", "doneAt"
  from row
  on conflict (endpoint_id, sequence, happened_at) do update set status = excluded.status, tries = excluded.tries,
    attempts = webhook_delivery.attempts + ${more}, due_at = excluded.due_at, done_at = excluded.done_at`

/** The receiver is back: what failed meanwhile, and what waits, is tried at once. */
export async function letAllBeDue(tx: Tx, endpointId: EndpointId, since: Date, now: Date): Promise<void> {
  await tx`
    update webhook_delivery set status = 'waiting', tries = 0, due_at = ${now}, done_at = null
    where endpoint_id = ${endpointId} and (status = 'waiting' and due_at > ${now}
      or status = 'failed' and done_at >= ${since})`
}

export async function findDeliveryRow(
  sql: Sql | Tx,
  merchantId: MerchantId,
  id: string,
): Promise<Delivery | undefined> {
  const [row] = await sql<DeliveryRow[]>`
    select webhook_delivery.* from webhook_delivery
      join webhook_endpoint on webhook_endpoint.id = webhook_delivery.endpoint_id
    where webhook_delivery.id = ${id} and merchant_id = ${merchantId}`
  return row && toDelivery(row)
}

/** Due now, with its schedule before it. */
export async function letBeDue(tx: Tx, { id, happenedAt }: Delivery, now: Date): Promise<Delivery> {
  const [row] = await tx<DeliveryRow[]>`
    update webhook_delivery set status = 'waiting', tries = 0, due_at = ${now}, done_at = null
    where id = ${id} and happened_at = ${happenedAt} returning *`
  assert(row, 'a delivery that was found is there')
  return toDelivery(row)
}

/** Those that failed since then, and those that wait. Answers how many. */
export async function letFailedBeDue(tx: Tx, endpointId: EndpointId, since: Date, now: Date): Promise<number> {
  const { count } = await tx`
    update webhook_delivery set status = 'waiting', tries = 0, due_at = ${now}, done_at = null
    where endpoint_id = ${endpointId} and (status = 'waiting' or status = 'failed' and done_at >= ${since})`
  return count
}
