import type { Sql, Tx } from '../db/connect.ts'
import type { Day } from '../kernel/banking-day.ts'
import type { PaymentId } from '../kernel/id.ts'

/** The days of a payment's first and of its latest return. */
export type ReturnDays = Readonly<{ first: Day; last: Day }>

/** By payment. One that never came back is not among them. */
export async function readReturnDays(
  sql: Sql | Tx,
  payments: readonly PaymentId[],
): Promise<Map<PaymentId, ReturnDays>> {
  if (payments.length === 0) return new Map()
  const rows = await sql<{ id: PaymentId; first: Day; last: Day }[]>`
    select payment_id as id, min(fact ->> 'on') as first, max(fact ->> 'on') as last
    from payment_move where payment_id = any(${[...payments]}::uuid[]) and fact ->> 'kind' = 'returned'
    group by payment_id`
  return new Map(rows.map(({ id, first, last }) => [id, { first, last }]))
}

/** Whether the merchant has let it go once. */
export async function wasReleased(tx: Tx, payment: PaymentId): Promise<boolean> {
  const rows = await tx`select from payment_move where payment_id = ${payment} and fact ->> 'kind' = 'released' limit 1`
  return rows.length > 0
}
