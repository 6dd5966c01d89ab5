import type { Sql } from '../db/connect.ts'
import { Money } from '../kernel/money.ts'
import { type Payment, type PaymentFact, unborn } from '../payments/payment.ts'
import type { ReportId } from './report.ts'

/** A payment as it was recorded, and what has happened to it since. */
export type History = Readonly<{ payment: Payment; facts: readonly PaymentFact[]; at: readonly Date[] }>

type Row = {
  id: Payment['id']
  type: Payment['type']
  merchant_id: Payment['merchantId']
  customer_id: Payment['customerId']
  account_id: Payment['accountId']
  request_key: string
  client_reference_id: string | null
  soft_descriptor: string | null
  amount: bigint
  request_id: string | null
  created_at: Date
  refund_of: Payment['refundOf']
  facts: PaymentFact[] | null
  instants: Date[] | null
}

/**
 * Payments that a report is about, in the order of their ids, each with its diary up to an instant. Each is looked up
 * by itself (`limit 1`): a join is planned for more than a page, and would read all payments there are for each page.
 */
export async function listHistories(
  sql: Sql,
  reportId: ReportId,
  until: Date,
  after: string | null,
  limit: number,
): Promise<History[]> {
  const rows = await sql<Row[]>`
    select payment.id, type, merchant_id, customer_id, account_id, request_key, client_reference_id, soft_descriptor,
      amount, request_id, created_at, refund_of, diary.facts, diary.instants
    from (select payment_id from report_line where report_id = ${reportId} ${after ? sql`and payment_id > ${after}` : sql``}
      order by payment_id limit ${limit}) as line
    cross join lateral (select * from payment where id = line.payment_id limit 1) as payment
    cross join lateral (
      select jsonb_agg(fact order by seq) as facts, array_agg(moved_at order by seq) as instants
      from payment_move where payment_id = line.payment_id and moved_at < ${until}) as diary
    order by payment.id`
  return rows.map((row) => ({ payment: newborn(row), facts: row.facts ?? [], at: row.instants ?? [] }))
}

const newborn = (row: Row): Payment => ({
  ...unborn,
  id: row.id,
  type: row.type,
  merchantId: row.merchant_id,
  customerId: row.customer_id,
  accountId: row.account_id,
  requestKey: row.request_key,
  clientReferenceId: row.client_reference_id,
  softDescriptor: row.soft_descriptor,
  amount: Money.of(row.amount),
  requestId: row.request_id,
  createdAt: row.created_at,
  refundOf: row.refund_of,
})
