import type { Sql, Tx } from '../db/connect.ts'
import type { Id, MerchantId } from '../kernel/id.ts'
import type { EndpointId } from './endpoint.ts'
import type { Event, EventType } from './event.ts'

export type ReplayId = Id<'replay'>

/** A stretch of the sequence, both ends in it, that an endpoint is told again; up to `next` it has been made due. */
export type Replay = Readonly<{ id: ReplayId; endpointId: EndpointId; first: number; last: number; next: number }>

type Row = { id: ReplayId; endpoint_id: EndpointId; first: bigint; last: bigint; next: bigint }

const toReplay = (row: Row): Replay => ({
  id: row.id,
  endpointId: row.endpoint_id,
  first: Number(row.first),
  last: Number(row.last),
  next: Number(row.next),
})

export async function insertReplay(tx: Tx, replay: Replay, createdAt: Date): Promise<void> {
  await tx`insert into webhook_replay (id, endpoint_id, first, last, next, created_at)
    values (${replay.id}, ${replay.endpointId}, ${replay.first}, ${replay.last}, ${replay.next}, ${createdAt})`
}

/** The oldest that has not come to its end, locked. */
export async function takeReplay(tx: Tx, endpointId: EndpointId): Promise<Replay | undefined> {
  const [row] = await tx<Row[]>`
    select * from webhook_replay where endpoint_id = ${endpointId} and next <= last order by id limit 1 for update`
  return row && toReplay(row)
}

export async function moveReplay(tx: Tx, id: ReplayId, next: number): Promise<void> {
  await tx`update webhook_replay set next = ${next} where id = ${id}`
}

/** Those that have not come to their ends, the oldest first. */
export async function listReplays(sql: Sql | Tx, endpointId: EndpointId): Promise<Replay[]> {
  const rows = await sql<Row[]>`
    select * from webhook_replay where endpoint_id = ${endpointId} and next <= last order by id limit 100`
  return rows.map(toReplay)
}

export type Place = Readonly<{ sequence: number; eventId: Event['id']; type: EventType; happenedAt: Date }>

/** What of a stretch is still to be told, in the order of the sequence: places may outlive their events. */
export async function listPlaces(
  tx: Tx,
  merchantId: MerchantId,
  { next, last }: Replay,
  types: readonly EventType[],
  limit: number,
): Promise<Place[]> {
  const rows = await tx<{ sequence: bigint; event_id: Event['id']; type: EventType; happened_at: Date }[]>`
    select sequence, event_id, type, happened_at from event_sequence
      cross join lateral (select 1 from event
        where event.id = event_id and event.happened_at = event_sequence.happened_at offset 0) as kept
    where merchant_id = ${merchantId} and sequence between ${next} and ${last} and type = any(${[...types]})
    order by sequence limit ${limit}`
  return rows.map((row) => ({
    sequence: Number(row.sequence),
    eventId: row.event_id,
    type: row.type,
    happenedAt: row.happened_at,
  }))
}

/** The places of what happened between two moments, both in it. Undefined: nothing did. */
export async function sequencesWithin(
  tx: Tx,
  merchantId: MerchantId,
  { from, to }: { from: Date; to: Date },
): Promise<{ first: number; last: number } | undefined> {
  const [row] = await tx<{ first: bigint | null; last: bigint | null }[]>`
    select min(sequence) as first, max(sequence) as last from event_sequence
    where merchant_id = ${merchantId} and happened_at between ${from} and ${to}`
  return row?.first && row.last ? { first: Number(row.first), last: Number(row.last) } : undefined
}
