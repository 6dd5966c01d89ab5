import type { Tx } from '../db/connect.ts'
import type { MerchantId } from '../kernel/id.ts'
import type { EventType } from './event.ts'

/** Held by whoever gives events their places, until its transaction ends. */
const lock = 5_280_161

export type Numbered = Readonly<{ merchantId: MerchantId; types: EventType[]; many: number }>

/**
 * Gives the oldest events without a place theirs; answers of which merchants and types they are. Positions are given
 * when a row is written, so that what was caused by another change, and so was written after it was committed, comes
 * after it.
 */
export async function numberOldest(tx: Tx, most: number): Promise<Numbered[]> {
  // Sent together, begun one after the other: the second sees what was committed while the first waited.
  const turn = tx`select pg_advisory_xact_lock(${lock})`
  const numbered = tx<Numbered[]>`
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
      returning merchant_id, type)
    select merchant_id as "merchantId", array_agg(distinct type) as types, count(*)::int as many
    from numbered group by merchant_id`
  return (await Promise.all([turn, numbered]))[1]
}
