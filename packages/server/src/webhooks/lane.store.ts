import type { Sql } from '../db/connect.ts'
import { type EndpointRow, type SealedSecret, toEndpoint } from './endpoint.store.ts'
import type { Endpoint, EndpointId } from './endpoint.ts'
import type { Event } from './event.ts'
import { isWanted } from './subscription.store.ts'

/** An endpoint, and what there is to tell it, all of one moment. */
export type Lane = Readonly<{
  endpoint: Endpoint
  /** What signs, the newest first. */
  secrets: readonly SealedSecret[]
  /** The last place of its merchant's sequence. */
  last: number
  /** When the first of the deliveries that wait is due. */
  dueAt: Date | null
  /** A stretch of the sequence is to be told again. */
  replays: boolean
  /** The first of what it wants and has not been told: so many, if there are. */
  fresh: readonly Event[]
}>

type FreshRow = Omit<Event, 'happenedAt'> & Readonly<{ happenedAt: string }>
type Row = EndpointRow & Omit<Lane, 'endpoint' | 'last' | 'fresh'> & Readonly<{ last: bigint; fresh: FreshRow[] }>

/** An endpoint, and up to where it has been told, which need not be written down yet. */
export type Look = Readonly<{ endpointId: EndpointId; toldTo: number }>

/** In the order of what is asked; undefined for what is no endpoint. */
export async function findLanes(
  sql: Sql,
  looks: readonly Look[],
  { now, most }: Readonly<{ now: Date; most: number }>,
): Promise<(Lane | undefined)[]> {
  const rows = await sql<Row[]>`
    with lane as (
      select webhook_endpoint.*, greatest(told_to, look.place) as from_place, coalesce(event_counter.last, 0) as last
      from unnest(${looks.map(({ endpointId }) => endpointId)}::uuid[], ${looks.map(({ toldTo }) => toldTo)}::bigint[])
          as look (id, place)
        join webhook_endpoint using (id) left join event_counter using (merchant_id))
    select lane.*,
      (select due_at from webhook_delivery where endpoint_id = lane.id and status = 'waiting'
        order by due_at limit 1) as "dueAt",
      (select coalesce(json_agg(json_build_object('id', id, 'sealed', sealed) order by expires_at desc nulls first, id desc),
          '[]')
        from webhook_secret where endpoint_id = lane.id and (expires_at is null or expires_at > ${now})) as secrets,
      exists (select from webhook_replay where endpoint_id = lane.id and next <= webhook_replay.last) as replays,
      (select coalesce(json_agg(told), '[]') from (
        select event.id, event.type, resource_type as "resourceType", event.resource_id as "resourceId", data,
          request_id as "requestId", event.happened_at as "happenedAt", sequence, resource_version as "resourceVersion"
        from event_sequence cross join lateral (select * from event
          where event.id = event_sequence.event_id and event.happened_at = event_sequence.happened_at offset 0) as event
        where event_sequence.merchant_id = lane.merchant_id and sequence > from_place and sequence <= lane.last
          and ${isWanted(sql, sql`event_sequence.type`)}
        order by sequence limit ${most}) as told) as fresh
    from lane`
  const found = new Map(rows.map((row) => [row.id, row]))
  return looks.map(({ endpointId, toldTo }) => {
    const row = found.get(endpointId)
    return row && toLane(row, toldTo)
  })
}

function toLane({ secrets, dueAt, replays, fresh, last, ...row }: Row, toldTo: number): Lane {
  const endpoint = toEndpoint(row)
  return {
    endpoint: { ...endpoint, toldTo: Math.max(endpoint.toldTo, toldTo) },
    ...{ secrets, last: Number(last), dueAt, replays },
    fresh: fresh.map((event) => ({ ...event, happenedAt: new Date(event.happenedAt) })),
  }
}
