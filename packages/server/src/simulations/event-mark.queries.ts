import type { House } from '../house.ts'
import type { MerchantId } from '../kernel/id.ts'

/** A place in a merchant's events: those that came later have greater ids. Null: before all of them. */
export type EventMark = string | null

export async function findEventMark({ sql }: Pick<House, 'sql'>, merchantId: MerchantId): Promise<EventMark> {
  const [row] = await sql<{ id: string }[]>`
    select id from event where merchant_id = ${merchantId} order by id desc limit 1`
  return row?.id ?? null
}

/** How many of each type came after a mark. */
export async function countEventsAfter(
  { sql }: Pick<House, 'sql'>,
  merchantId: MerchantId,
  mark: EventMark,
): Promise<Record<string, number>> {
  const rows = await sql<{ type: string; count: number }[]>`
    select type, count(*)::int as count from event
    where merchant_id = ${merchantId} ${mark ? sql`and id > ${mark}` : sql``} group by type order by type`
  return Object.fromEntries(rows.map(({ type, count }) => [type, count]))
}

/** Whether one of this type, and about this resource if it is named, came after a mark. */
export async function hasEventAfter(
  { sql }: Pick<House, 'sql'>,
  merchantId: MerchantId,
  mark: EventMark,
  wanted: { type: string; resourceId: string | null },
): Promise<boolean> {
  const [row] = await sql`
    select 1 from event
    where merchant_id = ${merchantId} and type = ${wanted.type} ${mark ? sql`and id > ${mark}` : sql``}
      ${wanted.resourceId ? sql`and resource_id = ${wanted.resourceId}` : sql``} limit 1`
  return row !== undefined
}
