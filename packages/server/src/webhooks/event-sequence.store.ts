import type { Tx } from '../db/connect.ts'
import type { TakenJob, Taker } from '../jobs/held.ts'
import { callingLanes, takenLanes, wakingLanes } from '../jobs/tasks.ts'
import { ringing } from './event.bell.ts'
import { isWanted } from './subscription.store.ts'

/** Held by whoever gives events their places, until its transaction ends. */
const lock = 5_280_161

/**
 * Waits while events are given their places, and keeps others from getting theirs until the transaction ends: they will
 * find what it has changed.
 */
export const keepPlaces = (tx: Tx): Promise<unknown> => tx`select pg_advisory_xact_lock_shared(${lock})`

/** How many got their places, and which of the lanes that were woken are `lanes`' own. */
export type Numbered = Readonly<{ many: number; taken: readonly TakenJob[] }>

/**
 * Gives the oldest events without a place theirs. Positions are given when a row is written, so that what was caused by
 * another change, and so was written after it was committed, comes after it. Wakes the lanes of the endpoints that want
 * some of them, but for those whose circuit is open, which are woken when they are to be probed.
 */
export async function numberOldest(tx: Tx, most: number, lanes?: Taker): Promise<Numbered> {
  // Sent together, begun one after the other: the second sees what was committed while the first waited.
  const turn = tx`select pg_advisory_xact_lock(${lock})`
  const numbering = tx<{ many: number; taken: TakenJob[] | null }[]>`
    with taken as (
      delete from event_unnumbered
      where position in (select position from event_unnumbered order by position limit ${most})
      returning position, event_id, merchant_id, type, resource_id, happened_at),
    counter as (
      insert into event_counter (merchant_id, last) select merchant_id, count(*) from taken group by merchant_id
      on conflict (merchant_id) do update set last = event_counter.last + excluded.last
      returning merchant_id, last),
    version as (
      select resource_id, coalesce((select max(resource_version) from event_sequence
        where event_sequence.resource_id = touched.resource_id), 0) as last
      from (select distinct resource_id from taken) as touched),
    numbered as (
      insert into event_sequence (merchant_id, sequence, event_id, type, resource_id, resource_version, happened_at)
      select taken.merchant_id,
        counter.last - count(*) over (partition by taken.merchant_id)
          + row_number() over (partition by taken.merchant_id order by position),
        event_id, type, taken.resource_id,
        version.last + row_number() over (partition by taken.resource_id order by position), happened_at
      from taken join counter using (merchant_id) join version using (resource_id)
      returning merchant_id, type),
    ${wakingLanes(
      tx,
      tx`select distinct id from numbered join webhook_endpoint using (merchant_id)
        where status = 'enabled' and probe_at is null and ${isWanted(tx, tx`numbered.type`)} order by id`,
      lanes,
    )}
    select (select count(*)::int from numbered) as many, (${takenLanes(tx)}) as taken, (${callingLanes(tx)}) as called,
      (${ringing(tx, tx`select merchant_id from counter`)}) as rung`
  const [, [row]] = await Promise.all([turn, numbering])
  return { many: row?.many ?? 0, taken: row?.taken ?? [] }
}
