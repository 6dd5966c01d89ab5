import type { Tx } from '../db/connect.ts'
import { callingLanes, wakingLanes } from '../jobs/tasks.ts'
import { ringing } from './event.bell.ts'
import { catalogue, isWanted } from './subscription.store.ts'

/** Held by whoever gives events their places, until its transaction ends. */
const lock = 5_280_161

/**
 * Waits while events are given their places, and keeps others from getting theirs until the transaction ends: they will
 * find what it has changed.
 */
export const keepPlaces = (tx: Tx): Promise<unknown> => tx`select pg_advisory_xact_lock_shared(${lock})`

/**
 * Gives the oldest events without a place theirs; answers how many. Positions are given when a row is written, so that
 * what was caused by another change, and so was written after it was committed, comes after it. Wakes the lanes of the
 * endpoints that want some of them, but for those whose circuit is open, which are woken when they are to be probed.
 */
export async function numberOldest(tx: Tx, most: number): Promise<number> {
  // Sent together, begun one after the other: the second sees what was committed while the first waited.
  const turn = tx`select pg_advisory_xact_lock(${lock})`
  const numbering = tx<{ many: number }[]>`
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
      tx`select id from webhook_endpoint where status = 'enabled' and probe_at is null
        and merchant_id in (select merchant_id from counter)
        and exists (select from ${catalogue(tx)} join numbered using (type)
          where numbered.merchant_id = webhook_endpoint.merchant_id and ${isWanted(tx)})
        order by id`,
    )}
    select (select count(*)::int from numbered) as many, (${callingLanes(tx)}) as called,
      (${ringing(tx, tx`select merchant_id from counter`)}) as rung`
  const [, [row]] = await Promise.all([turn, numbering])
  return row?.many ?? 0
}
