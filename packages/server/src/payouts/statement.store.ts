import type { Sql, Tx } from '../db/connect.ts'
import type { BankingDay } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { books } from '../ledger/books.ts'
import type { PayoutId } from './payout.ts'
import type { MovementSubject, Movements } from './payout-statement.ts'

/** Where the next statement of a merchant begins. */
export type Latest = Readonly<{
  day: BankingDay
  createdAt: Date
  /** The entry by which it was accepted: what comes after it is in the next statement. */
  acceptedEntry: bigint
  /** What it left behind, in cents. */
  carried: bigint
}>

/** A merchant's latest payout, whatever became of it. The merchant is held. */
export async function findLatest(tx: Tx, merchantId: MerchantId): Promise<Latest | undefined> {
  const [row] = await tx<Latest[]>`
    select day, created_at as "createdAt",
      (select id from ledger_entry where subject_id = payout.id and subject_seq = 1) as "acceptedEntry",
      coalesce((select -amount from payout_line where payout_id = payout.id and kind = 'carried_to'), 0) as carried
    from payout where merchant_id = ${merchantId} order by last_entry desc limit 1`
  return row
}

/** The newest entry of the merchant's available account, which is locked. */
export async function findLastEntry(tx: Tx, merchantId: MerchantId): Promise<bigint> {
  const [row] = await tx<{ last: bigint | null }[]>`
    select greatest(
      (select max(id) from ledger_entry where credit_account = account.number),
      (select max(id) from ledger_entry where debit_account = account.number)) as last
    from ledger_account as account where account.id = ${books.available(merchantId)}`
  return row?.last ?? 0n
}

/** Which entries: of whose available account, after the first number, up to the last. */
export type Period = Readonly<{ merchantId: MerchantId; afterEntry: bigint; lastEntry: bigint }>

/** Of a merchant's own account the part, of the platform's the whole name. */
const partOf = (sql: Sql | Tx) =>
  sql`case when other.merchant_id is null then other.id else split_part(other.id, ':', 3) end`

/** Entries of the available account as a statement sees them. `moved` is signed as the merchant feels it. */
const movementsOf = (sql: Sql | Tx, { merchantId, afterEntry, lastEntry }: Period) => sql`
  select moved, payment.amount as payment_amount,
    case when payment.id is not null then payment.type when payout.id is not null then 'payout' else 'none' end as subject,
    ${partOf(sql)} as other
  from ledger_account as account
  cross join lateral (
    select id, amount as moved, debit_account as other, subject_id from ledger_entry
    where credit_account = account.number and id > ${afterEntry} and id <= ${lastEntry}
    union all
    select id, -amount, credit_account, subject_id from ledger_entry
    where debit_account = account.number and id > ${afterEntry} and id <= ${lastEntry}) as entry
  join ledger_account as other on other.number = entry.other
  left join payment on payment.id = entry.subject_id
  left join payout on payout.id = entry.subject_id
  where account.id = ${books.available(merchantId)}`

/** What moved in a period, put together by sort: a handful of rows, however many entries there are. */
export const sumMovements = (tx: Sql | Tx, period: Period): Promise<Movements[]> =>
  tx<Movements[]>`
    select subject, other, sum(moved)::int8 as moved, count(*)::int as many,
      count(*) filter (where payment_amount > moved)::int as "withFee",
      coalesce(sum(payment_amount), 0)::int8 as amount
    from (${movementsOf(tx, period)}) as movement
    group by subject, other, moved > 0`

export type Movement = Readonly<{
  entry: bigint
  subject: Exclude<MovementSubject, 'payout' | 'none'>
  other: string
  moved: bigint
  paymentId: string
  paymentAmount: bigint
  clientReferenceId: string | null
}>

/**
 * The first movements of payments, refunds and credits in a period, in the order in which they happened. Each side is
 * read along its index, no further than needed.
 */
export const listMovements = (sql: Sql, period: Period, limit: number): Promise<Movement[]> =>
  sql<Movement[]>`
    select entry, payment.type as subject, moved, payment.id as "paymentId", payment.amount as "paymentAmount",
      payment.client_reference_id as "clientReferenceId", ${partOf(sql)} as other
    from (
      (${oneSide(sql, period, 'credit_account', limit)})
      union all
      (${oneSide(sql, period, 'debit_account', limit)})
      order by entry limit ${limit}) as movement
    join payment on payment.id = subject_id
    join ledger_account as other on other.number = movement.other
    order by entry`

type Column = 'credit_account' | 'debit_account'

const oneSide = (sql: Sql, { merchantId, afterEntry, lastEntry }: Period, mine: Column, limit: number) => sql`
  select ledger_entry.id as entry, subject_id,
    ${mine === 'credit_account' ? sql`debit_account` : sql`credit_account`} as other,
    ${mine === 'credit_account' ? sql`ledger_entry.amount` : sql`-ledger_entry.amount`} as moved
  from ledger_entry
  where ${sql(mine)} = (select number from ledger_account where id = ${books.available(merchantId)})
    and id > ${afterEntry} and id <= ${lastEntry} and exists (select from payment where payment.id = subject_id)
  order by id limit ${limit}`

/**
 * A merchant's payments that may be paid out and are in no payout on its way: none yet, or one that is over. Over are
 * payouts that were canceled or came back, and those whose payments all know: one that is still `available` then had
 * been returned, and the return has been reversed.
 */
const free = (tx: Tx, merchantId: MerchantId) => tx`
  merchant_id = ${merchantId} and status = 'available' and (payout_id is null or exists (
    select from payout where payout.id = payment.payout_id
      and (payout.status in ('canceled', 'returned') or disbursed_at is not null)))`

/** Marks a merchant's free payments as contained in a payout, and locks them in id order. */
export async function markFree(tx: Tx, merchantId: MerchantId, payoutId: PayoutId): Promise<void> {
  await tx`
    with chosen as (select id from payment where ${free(tx, merchantId)} order by id for update)
    update payment set payout_id = ${payoutId} from chosen where payment.id = chosen.id`
}

export async function hasFree(tx: Tx, merchantId: MerchantId): Promise<boolean> {
  const rows = await tx`select id from payment where ${free(tx, merchantId)} limit 1`
  return rows.length > 0
}

/** Some payments of a payout that have not been told that it reached the merchant. */
export async function listUntold<Id>(sql: Sql | Tx, payoutId: PayoutId, limit: number): Promise<Id[]> {
  const rows = await sql<{ id: Id }[]>`
    select id from payment where payout_id = ${payoutId} and status = 'available' order by id limit ${limit}`
  return rows.map(({ id }) => id)
}
