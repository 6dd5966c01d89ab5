import { type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import type { Taker } from '../jobs/held.ts'
import type { News } from './event.ts'
import { numberOldest } from './event-sequence.store.ts'

/** Whoever gives events their places hears on this channel that there are some. */
export const announced = 'event_announced'

/** Promise to tell the merchant. Takes the caller's transaction: what was not committed is never announced. */
export async function announce(house: Pick<House, 'newId' | 'now'>, tx: Tx, news: readonly News[]): Promise<void> {
  if (news.length === 0) return
  const at = house.now()
  const column = <T>(pick: (item: News) => T): T[] => news.map(pick)
  await tx`
    with told as (
      insert into event (id, merchant_id, type, resource_type, resource_id, data, request_id, happened_at)
      select id, merchant_id, type, resource_type, resource_id, data::jsonb, request_id, ${at}::timestamptz
      from unnest(${news.map(() => house.newId<'event'>())}::uuid[], ${column((one) => one.merchantId)}::uuid[],
        ${column((one) => one.type)}::text[], ${column((one) => one.resourceType)}::text[],
        ${column((one) => one.resourceId)}::uuid[], ${column((one) => JSON.stringify(one.data))}::text[],
        ${column((one) => one.requestId ?? null)}::text[])
      as row (id, merchant_id, type, resource_type, resource_id, data, request_id)
      returning id, merchant_id, type, resource_id, happened_at),
    noted as (
      insert into event_unnumbered (event_id, merchant_id, type, resource_id, happened_at)
      select * from told order by id
      returning position)
    select pg_notify(${announced}, '') from noted limit 1`
}

/** So many get their places in one transaction. */
const most = 5_000

/**
 * Gives every event that was committed its place in its merchant's sequence, in the order in which they were written,
 * and wakes the lanes of the endpoints that want them; answers how many. One at a time does this, wherever it runs; it
 * takes no lock that a change would wait for. `lanes`: does the work of as many of them as it can.
 */
export async function numberEvents({ sql }: Pick<House, 'sql'>, lanes?: Taker): Promise<number> {
  for (let sum = 0; ; ) {
    const { many, taken } = await transact(sql, (tx) => numberOldest(tx, most, lanes))
    lanes?.begin(taken)
    sum += many
    if (many < most) return sum
  }
}
