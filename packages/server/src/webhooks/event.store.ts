import type { Sql, Tx } from '../db/connect.ts'
import type { MerchantId } from '../kernel/id.ts'
import type { Event, EventData, EventType, ResourceType } from './event.ts'

export type EventRow = {
  id: Event['id']
  type: EventType
  resource_type: ResourceType
  resource_id: string
  data: EventData
  request_id: string | null
  happened_at: Date
  sequence: bigint
  resource_version: number
}

export const toEvent = (row: EventRow): Event => ({
  id: row.id,
  type: row.type,
  resourceType: row.resource_type,
  resourceId: row.resource_id,
  data: row.data,
  requestId: row.request_id,
  happenedAt: row.happened_at,
  sequence: Number(row.sequence),
  resourceVersion: row.resource_version,
})

/** The columns of an event in its place. */
export const eventColumns = (sql: Sql | Tx) => sql`
  event.id, event.type, event.resource_type, event.resource_id, event.data, event.request_id, event.happened_at,
  event_sequence.sequence, event_sequence.resource_version`

export type EventsAfter = Readonly<{
  merchantId: MerchantId
  after: number
  /** Null: all. */
  types: readonly EventType[] | null
  resourceId?: string | null
  /** The last place that is looked at. Null: there is none. */
  upTo?: number | null
  limit: number
}>

/**
 * In the order of the sequence. `offset 0` keeps the events from being joined as a whole: the planner does not know
 * that each place has one, and would read all there are to give the first few.
 */
export async function listEventRows(sql: Sql | Tx, wanted: EventsAfter): Promise<Event[]> {
  const { merchantId, after, types, resourceId = null, upTo = null, limit } = wanted
  const rows = await sql<EventRow[]>`
    select ${eventColumns(sql)} from event_sequence
      cross join lateral (select * from event
        where event.id = event_sequence.event_id and event.happened_at = event_sequence.happened_at offset 0) as event
    where event_sequence.merchant_id = ${merchantId} and event_sequence.sequence > ${after}
      ${upTo === null ? sql`` : sql`and event_sequence.sequence <= ${upTo}`}
      ${types === null ? sql`` : sql`and event_sequence.type = any(${[...types]})`}
      ${resourceId === null ? sql`` : sql`and event_sequence.resource_id = ${resourceId}`}
    order by event_sequence.sequence limit ${limit}`
  return rows.map(toEvent)
}

/** Events written together may get their places in another order than their ids. */
const mostOutOfOrder = 100

/** The places of a merchant's oldest event that is kept, and of the newest: one after the newest, if none is kept. */
export async function findEnds(sql: Sql, merchantId: MerchantId): Promise<{ first: number; last: number }> {
  const [row] = await sql<{ first: bigint | null; last: bigint | null }[]>`
    select (select min(sequence) from event_sequence where event_id in (
        select id from event where merchant_id = ${merchantId} order by id limit ${mostOutOfOrder})) as first,
      (select last from event_counter where merchant_id = ${merchantId}) as last`
  const last = Number(row?.last ?? 0)
  return { first: Number(row?.first ?? last + 1), last }
}

export async function findEventRow(sql: Sql, merchantId: MerchantId, id: string): Promise<Event | undefined> {
  const [row] = await sql<EventRow[]>`
    select ${eventColumns(sql)} from event_sequence
      join event on event.id = event_sequence.event_id and event.happened_at = event_sequence.happened_at
    where event_sequence.event_id = ${id} and event_sequence.merchant_id = ${merchantId}`
  return row && toEvent(row)
}
