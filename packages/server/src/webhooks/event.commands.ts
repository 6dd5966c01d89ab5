import { type Sql, type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { ask } from '../jobs/tasks.ts'
import { ring } from './event.bell.ts'
import type { News } from './event.ts'
import { numberOldest } from './event-sequence.store.ts'
import { wakeLanesFor } from './lane.commands.ts'

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
      returning id, merchant_id, type, resource_id, happened_at)
    insert into event_unnumbered (event_id, merchant_id, type, resource_id, happened_at)
    select * from told order by id`
  await ask(tx, 'number-events', {})
}

/** So many get their places in one transaction. */
const most = 5_000

/**
 * Gives every event that was committed its place in its merchant's sequence, in the order in which they were written,
 * and wakes the lanes of the endpoints that want them. One at a time does this, wherever it runs; it takes no lock that
 * a change would wait for.
 */
export async function numberEvents(house: Pick<House, 'sql'>): Promise<void> {
  while ((await numberSome(house.sql)) === most) {}
}

const numberSome = (sql: Sql): Promise<number> =>
  transact(sql, async (tx) => {
    const numbered = await numberOldest(tx, most)
    await wakeLanesFor(tx, numbered)
    await ring(
      tx,
      numbered.map(({ merchantId }) => merchantId),
    )
    return numbered.reduce((sum, { many }) => sum + many, 0)
  })
