import type { Tx } from '../db/connect.ts'
import type { PaymentId } from '../kernel/id.ts'

/** Which of these payments are reversals, each with the debit that it gives back. */
export const listReversals = (tx: Tx, ids: readonly string[]): Promise<{ id: PaymentId; refundOf: PaymentId }[]> =>
  tx<{ id: PaymentId; refundOf: PaymentId }[]>`
    select id, refund_of as "refundOf" from payment
    where id = any(${[...ids]}::uuid[]) and reversal_reason is not null order by id`
