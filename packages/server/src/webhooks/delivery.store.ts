import type { Sql, Tx } from '../db/connect.ts'
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

/** Those whose time has come, the longest due first; of those due together, in the order of the sequence. */
export async function listDue(sql: Sql, endpointId: EndpointId, now: Date, limit: number): Promise<Parcel[]> {
  const rows = await sql<(EventRow & { delivery: string } & Omit<DeliveryRow, 'id'>)[]>`
    select ${eventColumns(sql)}, due.id as delivery, due.endpoint_id, due.event_id, due.status, due.tries,
      due.attempts, due.due_at, due.created_at, due.done_at
    from (select * from webhook_delivery
      where endpoint_id = ${endpointId} and status = 'waiting' and due_at <= ${now}
      order by due_at, sequence limit ${limit}) as due
      join event_sequence on event_sequence.event_id = due.event_id
      join event on event.id = due.event_id and event.happened_at = due.happened_at
    order by due.due_at, due.sequence`
  return rows.map((row) => ({
    delivery: toDelivery({ ...row, id: row.delivery as DeliveryId }),
    event: toEvent(row),
  }))
}

/** When the next of those that wait is due. */
export async function findNextDelivery(sql: Sql, endpointId: EndpointId): Promise<Date | undefined> {
  const [row] = await sql<{ due_at: Date }[]>`
    select due_at from webhook_delivery where endpoint_id = ${endpointId} and status = 'waiting'
    order by due_at limit 1`
  return row?.due_at
}

const column = <T, V>(rows: readonly T[], pick: (row: T) => V): V[] => rows.map(pick)
/** As text: the driver takes the type of an array of dates for that of a date. */
const instants = <T>(rows: readonly T[], pick: (row: T) => Date | null): (string | null)[] =>
  rows.map((row) => pick(row)?.toISOString() ?? null)

/** New ones, and what has become of those that were there. `again`: those that were there have been tried before. */
export async function saveDeliveries(tx: Tx, rows: readonly Delivery[], again?: 'again'): Promise<void> {
  if (rows.length === 0) return
  await tx`
    insert into webhook_delivery (endpoint_id, sequence, happened_at, id, event_id, type, status, tries, attempts,
      due_at, created_at, done_at)
    select * from unnest(${column(rows, (row) => row.endpointId)}::uuid[], ${column(rows, (row) => row.sequence)}::bigint[],
      ${instants(rows, (row) => row.happenedAt)}::timestamptz[], ${column(rows, (row) => row.id)}::uuid[],
      ${column(rows, (row) => row.eventId)}::uuid[], ${column(rows, (row) => row.type)}::text[],
      ${column(rows, (row) => row.status)}::text[], ${column(rows, (row) => row.tries)}::int[],
      ${column(rows, (row) => row.attempts)}::int[], ${instants(rows, (row) => row.dueAt)}::timestamptz[],
      ${instants(rows, (row) => row.createdAt)}::timestamptz[], ${instants(rows, (row) => row.doneAt)}::timestamptz[])
    on conflict (endpoint_id, sequence, happened_at) do update set status = excluded.status, tries = excluded.tries,
      attempts = ${again ? tx`webhook_delivery.attempts` : tx`excluded.attempts`}, due_at = excluded.due_at, done_at = excluded.done_at`
}

export type AttemptRow = Readonly<{ delivery: Delivery; attempt: Attempt }>

export async function insertAttempts(tx: Tx, rows: readonly AttemptRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx`
    insert into webhook_attempt (delivery_id, number, happened_at, endpoint_id, at, took_ms, outcome, http_status, says,
      response_body)
    select * from unnest(${column(rows, (row) => row.delivery.id)}::uuid[],
      ${column(rows, (row) => row.delivery.attempts)}::int[],
      ${instants(rows, (row) => row.delivery.happenedAt)}::timestamptz[],
      ${column(rows, (row) => row.delivery.endpointId)}::uuid[], ${instants(rows, (row) => row.attempt.at)}::timestamptz[],
      ${column(rows, (row) => row.attempt.tookMs)}::int[], ${column(rows, (row) => row.attempt.outcome)}::text[],
      ${column(rows, (row) => row.attempt.httpStatus)}::int[], ${column(rows, (row) => row.attempt.says)}::text[],
      ${column(rows, (row) => row.attempt.responseBody)}::text[])`
}

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
