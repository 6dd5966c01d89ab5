import type { Sql, Tx } from '../db/connect.ts'
import type { Day } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { instantsOf } from './report.ts'

/** A merchant that gets reports, and whether a payout was made for them on the day. */
export type Recipient = Readonly<{ id: MerchantId; name: string; paidOut: boolean }>

/**
 * Merchants that want reports and have had a payment by the end of the day, in the order of their ids. From then on
 * they get a file every day, so that one that is missing is missed.
 */
export async function listRecipients(sql: Sql, day: Day, after: string | null, limit: number): Promise<Recipient[]> {
  const { until } = instantsOf({ firstDay: day, lastDay: day })
  return sql<Recipient[]>`
    select id, name, exists (select from payout
        where merchant_id = merchant.id and day = ${day} and status <> 'canceled') as "paidOut"
    from merchant
    where wants_reports ${after ? sql`and id > ${after}` : sql``}
      and (select created_at from payment where merchant_id = merchant.id order by id limit 1) < ${until}
    order by id limit ${limit}`
}

/**
 * The sealed settings of a merchant's own drop. Null: the deployment's folder. Undefined: there is no such merchant.
 */
export async function findDrop(sql: Sql, merchantId: MerchantId): Promise<string | null | undefined> {
  const [row] = await sql<{ sealed: string | null }[]>`
    select report_drop_sealed as sealed from merchant where id = ${merchantId}`
  return row?.sealed
}

/** Whether there is such a merchant. */
export async function saveDrop(tx: Tx, merchantId: MerchantId, sealed: string | null): Promise<boolean> {
  const rows = await tx`update merchant set report_drop_sealed = ${sealed} where id = ${merchantId} returning id`
  return rows.length === 1
}

/** Whether there is such a merchant. */
export async function saveWantsReports(tx: Tx, merchantId: MerchantId, wants: boolean): Promise<boolean> {
  const rows = await tx`update merchant set wants_reports = ${wants} where id = ${merchantId} returning id`
  return rows.length === 1
}

/** A page at a time. */
export const listSealedDrops = (sql: Sql, after: string | null): Promise<{ id: MerchantId; sealed: string }[]> =>
  sql<{ id: MerchantId; sealed: string }[]>`select id, report_drop_sealed as sealed from merchant
    where report_drop_sealed is not null ${after ? sql`and id > ${after}` : sql``} order by id limit 500`

export async function replaceSealedDrop(sql: Sql, id: string, before: string, sealed: string): Promise<void> {
  await sql`update merchant set report_drop_sealed = ${sealed} where id = ${id} and report_drop_sealed = ${before}`
}
