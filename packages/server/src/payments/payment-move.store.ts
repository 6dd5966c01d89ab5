import type { Tx } from '../db/connect.ts'
import type { Day } from '../kernel/banking-day.ts'
import { looksLikeId, type MerchantId, type PaymentId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { type PaymentRow, toPayment } from './payment.store.ts'
import type { Payment, PaymentFact } from './payment.ts'

/** Locks the row until the transaction ends. Refuses payment_not_found. */
export async function takePayment(tx: Tx, id: PaymentId): Promise<Payment> {
  const payment = (await takePayments(tx, [id])).find((one) => one.id === id)
  if (!payment) throw new Refusal('payment_not_found')
  return payment
}

/**
 * Locks the rows until the transaction ends, a refund's debit with it, in id order, so that two who lock never wait for
 * each other in a circle.
 */
export async function takePayments(tx: Tx, ids: readonly PaymentId[]): Promise<Payment[]> {
  const rows = await tx<PaymentRow[]>`
    select * from payment
    where id = any(array(
      select id from unnest(${[...ids]}::uuid[]) as id
      union select refund_of from payment where id = any(${[...ids]}::uuid[]) and refund_of is not null))
    order by id for update`
  return rows.map(toPayment)
}

/**
 * Locks a merchant's own payment by an id from outside, a refund's debit with it. Refuses payment_not_found, also for
 * another merchant's.
 */
export async function takeMerchantsPayment(tx: Tx, merchantId: MerchantId, id: string): Promise<Payment> {
  if (!looksLikeId(id)) throw new Refusal('payment_not_found')
  const payment = await takePayment(tx, id.toLowerCase() as PaymentId)
  if (payment.merchantId !== merchantId) throw new Refusal('payment_not_found')
  return payment
}

export type Moved = Readonly<{ before: Payment; fact: PaymentFact; after: Payment }>

/** States and diary lines of many payments, in one statement. The rows are locked. */
export async function saveMoves(tx: Tx, moved: readonly Moved[], at: Date): Promise<void> {
  if (moved.length === 0) return
  const after = moved.map((one) => one.after)
  const returned = (key: 'returnCode' | 'returnedFrom') =>
    after.map((one) => (one.status === 'retryable' || one.status === 'returned' ? one[key] : null))
  await tx`
    with row as (
      select * from unnest(
        ${after.map((one) => one.id)}::uuid[], ${after.map((one) => one.status)}::text[],
        ${after.map((one) => (one.status === 'declined' ? one.declineCode : null))}::text[],
        ${after.map((one) => one.moves)}::int[], ${after.map((one) => one.presentment)}::int[],
        ${after.map((one) => one.fee.minor.toString())}::bigint[],
        ${after.map((one) => one.inHold.minor.toString())}::bigint[],
        ${after.map((one) => one.settledOn)}::date[], ${after.map((one) => one.firstSettledOn)}::date[],
        ${after.map((one) => one.fundsOn)}::date[], ${returned('returnCode')}::text[],
        ${returned('returnedFrom')}::text[], ${after.map((one) => one.payoutId)}::uuid[],
        ${after.map((one) => String(one.isReversed))}::text[]::boolean[],
        ${moved.map(({ fact }) => JSON.stringify(fact))}::text[])
      as row (id, status, decline_code, moves, presentment, fee, in_hold, settled_on, first_settled_on, funds_on,
        return_code, returned_from, payout_id, is_reversed, fact)),
    diary as (
      insert into payment_move (payment_id, seq, fact, moved_at)
      select id, moves, fact::jsonb, ${at}::timestamptz from row)
    update payment set status = row.status, decline_code = row.decline_code, moves = row.moves,
      presentment = row.presentment, fee = row.fee, in_hold = row.in_hold, settled_on = row.settled_on,
      first_settled_on = row.first_settled_on, funds_on = row.funds_on, return_code = row.return_code,
      returned_from = row.returned_from, payout_id = row.payout_id, is_reversed = row.is_reversed
    from row where payment.id = row.id`
}

/** Settled debits whose hold ends by a day, locked in id order, as everybody does it. */
export async function takeToRelease(tx: Tx, day: Day, limit: number): Promise<Payment[]> {
  const rows = await tx<PaymentRow[]>`
    select * from payment where status = 'settled' and id in (
      select id from payment where status = 'settled' and type = 'debit' and funds_on <= ${day}
      order by funds_on, merchant_id, id limit ${limit})
    order by id for update`
  return rows.map(toPayment)
}
