import type { Sql } from '../db/connect.ts'
import type { Day } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { books } from '../ledger/books.ts'
import type { LineKind, MovementSubject } from '../payouts/payout-statement.ts'
import type { Period } from './report.ts'

/** A payout and its statement. Cents, signed as the merchant feels them. */
export type PaidOut = Readonly<{
  id: string
  day: Day
  amount: bigint
  afterEntry: bigint
  lastEntry: bigint
  lines: readonly Readonly<{ kind: LineKind; many: number; amount: bigint }>[]
}>

/** A merchant's payouts of a period, oldest first, without those that were canceled: at most one a day. */
export async function listPayouts(sql: Sql, merchantId: MerchantId, period: Period): Promise<PaidOut[]> {
  const payouts = await sql<Omit<PaidOut, 'lines'>[]>`
    select id, day, amount, after_entry as "afterEntry", last_entry as "lastEntry" from payout
    where merchant_id = ${merchantId} and day between ${period.firstDay} and ${period.lastDay} and status <> 'canceled'
    order by day`
  const lines = await sql<(PaidOut['lines'][number] & { payoutId: string })[]>`
    select payout_id as "payoutId", kind, many, amount from payout_line
    where payout_id = any(${payouts.map(({ id }) => id)}::uuid[])`
  return payouts.map((payout) => ({ ...payout, lines: lines.filter(({ payoutId }) => payoutId === payout.id) }))
}

/**
 * An entry of the merchant's available account that a payout pays out, and the payment that it follows from, if any.
 */
export type PaidEntry = Readonly<{
  entry: bigint
  postedAt: Date
  moved: bigint
  /** The account on the other side, as statements name it. */
  other: string
  subject: MovementSubject
  paymentId: string | null
  paymentAmount: bigint | null
  clientReferenceId: string | null
}>

/** In the order in which they were written, those after an entry. What they are about is looked up one by one. */
export const listPaidEntries = (
  sql: Sql,
  merchantId: MerchantId,
  { lastEntry }: PaidOut,
  after: bigint,
  limit: number,
): Promise<PaidEntry[]> =>
  sql<PaidEntry[]>`
    select entry.id as entry, journal.posted_at as "postedAt", moved,
      case when other.merchant_id is null then other.id else split_part(other.id, ':', 3) end as other,
      coalesce(payment.type, case when payout.id is null then 'none' else 'payout' end) as subject,
      payment.id as "paymentId", payment.amount as "paymentAmount", client_reference_id as "clientReferenceId"
    from ledger_account as account
    cross join lateral (
      select * from (
        (select id, amount as moved, debit_account as other, subject_id, journal from ledger_entry
         where credit_account = account.number and id > ${after} and id <= ${lastEntry} order by id limit ${limit})
        union all
        (select id, -amount, credit_account, subject_id, journal from ledger_entry
         where debit_account = account.number and id > ${after} and id <= ${lastEntry} order by id limit ${limit}))
        as both_sides
      order by id limit ${limit}) as entry
    cross join lateral (select posted_at from ledger_journal where number = entry.journal limit 1) as journal
    cross join lateral (select id, merchant_id from ledger_account where number = entry.other limit 1) as other
    left join lateral (select id, type, amount, client_reference_id from payment
      where id = entry.subject_id limit 1) as payment on true
    left join lateral (select id from payout where id = entry.subject_id limit 1) as payout on true
    where account.id = ${books.available(merchantId)} order by entry.id`
