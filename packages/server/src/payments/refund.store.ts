import type { Tx } from '../db/connect.ts'
import { type PaymentRow, toPayment } from './payment.store.ts'
import type { Payment } from './payment.ts'

const idsOf = (payments: readonly Payment[]): string[] => payments.map(({ id }) => id)

/** Which refunds of these debits have not been sent yet, locked. The debits are locked. */
export async function takeUnsentRefunds(tx: Tx, debits: readonly Payment[]): Promise<Payment[]> {
  if (debits.length === 0) return []
  const rows = await tx<PaymentRow[]>`
    select * from payment where refund_of = any(${idsOf(debits)}::uuid[]) and status in ('created', 'authorized')
    order by id for update`
  return rows.map(toPayment)
}

/** Those of these refunds that wait for a file, though their debit came back or never was made. All are locked. */
export async function takeRefundsOfEnded(tx: Tx, refunds: readonly Payment[]): Promise<Payment[]> {
  if (refunds.length === 0) return []
  const rows = await tx<PaymentRow[]>`
    select refund.* from payment refund join payment debit on debit.id = refund.refund_of
    where refund.id = any(${idsOf(refunds)}::uuid[]) and refund.status = 'authorized'
      and debit.status in ('retryable', 'returned', 'canceled', 'declined')
    order by refund.id`
  return rows.map(toPayment)
}

/** A refund of this debit has been accepted. The constraint never_refunded_beyond_its_amount judges. */
export async function addRefunded(tx: Tx, debit: Payment, refund: Payment): Promise<void> {
  await tx`update payment set refunded = refunded + ${refund.amount.minor} where id = ${debit.id}`
}

/**
 * Counts what is refunded of these refunds' debits: what was not paid, or came back, is not. Answers the debits of
 * which more has been given back than was taken, because a refund that had come back was paid after all when another
 * had been made: they count as refunded in full.
 */
export async function countRefunded(tx: Tx, refunds: readonly Payment[]): Promise<Payment[]> {
  if (refunds.length === 0) return []
  const debits = refunds.map(({ refundOf }) => refundOf)
  // By itself: a statement that waited for a lock still sees the refunds as they were before it waited.
  await tx`select from payment where id = any(${debits}::uuid[]) order by id for update`
  const rows = await tx<(PaymentRow & { beyond: boolean })[]>`
    update payment set refunded = least(live.amount, payment.amount)
    from (
      select debit.id, (
        select coalesce(sum(amount), 0)::int8 from payment
        where refund_of = debit.id and status not in ('canceled', 'returned')) as amount
      from payment debit where debit.id = any(${debits}::uuid[])) as live
    where payment.id = live.id
    returning payment.*, live.amount > payment.amount as beyond`
  return rows.filter(({ beyond }) => beyond).map(toPayment)
}

export type Reversed = Readonly<{
  debit: Payment
  /** What it was given back when it was reversed last. */
  feeGivenBack: string
  /** The reversal that is under way, or was made. Null: none. */
  reversalId: Payment['id'] | null
}>

/** Debits that were reversed, locked. */
export async function takeReversed(tx: Tx, debits: readonly string[]): Promise<Reversed[]> {
  if (debits.length === 0) return []
  const rows = await tx<(PaymentRow & { fee_back: string | null; reversal_id: Payment['id'] | null })[]>`
    select payment.*, (
        select fact->>'feeBack' from payment_move where payment_id = payment.id and fact->>'kind' = 'reversed'
        order by seq desc limit 1) as fee_back, (
        select id from payment as reversal where reversal.refund_of = payment.id
          and reversal.reversal_reason is not null and reversal.status not in ('canceled', 'returned')
        order by id limit 1) as reversal_id
    from payment where id = any(${[...debits]}::uuid[]) order by id for update`
  return rows.map((row) => ({ debit: toPayment(row), feeGivenBack: row.fee_back ?? '0', reversalId: row.reversal_id }))
}

/** Those of these debits of which something has been given back, or is on its way. */
export async function readRefunded(tx: Tx, debits: readonly Payment[]): Promise<Payment[]> {
  if (debits.length === 0) return []
  const rows = await tx<PaymentRow[]>`
    select * from payment where id = any(${idsOf(debits)}::uuid[]) and refunded > 0 order by id`
  return rows.map(toPayment)
}
