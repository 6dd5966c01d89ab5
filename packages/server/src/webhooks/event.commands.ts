import type { Tx } from '../db/connect.ts'
import type { House } from '../house.ts'
import type { News } from './event.ts'

/** Promise to tell the merchant. Takes the caller's transaction: what was not committed is never announced. */
export async function announce(house: Pick<House, 'newId' | 'now'>, tx: Tx, news: readonly News[]): Promise<void> {
  if (news.length === 0) return
  const at = house.now()
  const rows = news.map((item) => ({
    id: house.newId<'event'>(),
    merchant_id: item.merchantId,
    type: item.type,
    resource_type: item.resourceType,
    resource_id: item.resourceId,
    data: item.data,
    request_id: item.requestId ?? null,
    happened_at: at,
  }))
  await tx`insert into event (id, merchant_id, type, resource_type, resource_id, data, request_id, happened_at)
    select id, merchant_id, type, resource_type, resource_id, data, request_id, happened_at
    from jsonb_to_recordset(${tx.json(rows as never)}) as row (id uuid, merchant_id uuid, type text,
      resource_type text, resource_id uuid, data jsonb, request_id text, happened_at timestamptz)`
}
