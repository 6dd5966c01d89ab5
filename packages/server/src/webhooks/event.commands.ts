import type { Tx } from '../db/connect.ts'
import type { House } from '../house.ts'
import type { News } from './event.ts'

/** Promise to tell the merchant. Takes the caller's transaction: what was not committed is never announced. */
export async function announce(house: Pick<House, 'newId' | 'now'>, tx: Tx, news: readonly News[]): Promise<void> {
  if (news.length === 0) return
  const at = house.now()
  const column = <T>(pick: (item: News) => T): T[] => news.map(pick)
  await tx`insert into event (id, merchant_id, type, resource_type, resource_id, data, request_id, happened_at)
    select id, merchant_id, type, resource_type, resource_id, data::jsonb, request_id, ${at}::timestamptz
    from unnest(${news.map(() => house.newId<'event'>())}::uuid[], ${column((one) => one.merchantId)}::uuid[],
      ${column((one) => one.type)}::text[], ${column((one) => one.resourceType)}::text[],
      ${column((one) => one.resourceId)}::uuid[], ${column((one) => JSON.stringify(one.data))}::text[],
      ${column((one) => one.requestId ?? null)}::text[])
    as row (id, merchant_id, type, resource_type, resource_id, data, request_id)`
}
