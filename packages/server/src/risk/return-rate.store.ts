import type { Sql, Tx } from '../db/connect.ts'
import type { Day } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { returnCodes } from '../rails/ach/return-code.ts'
import type { Counts, SpanDays, Thresholds } from './return-rate.ts'

const codesOf = (rate: 'unauthorized' | 'administrative'): string[] =>
  returnCodes.filter((one) => one.rate === rate).map(({ code }) => code)
const unauthorized = codesOf('unauthorized')
const administrative = codesOf('administrative')

/** Until when the diary has been counted. Locks the count until the transaction ends. Null: never yet. */
export async function takeCountedUntil(tx: Tx): Promise<Date | null> {
  const [row] = await tx<{ until: Date | null }[]>`select counted_until as until from return_rate_count for update`
  return row?.until ?? null
}

export async function findCountedUntil(sql: Sql): Promise<Date | null> {
  const [row] = await sql<{ until: Date | null }[]>`select counted_until as until from return_rate_count`
  return row?.until ?? null
}

/** When the first payment was made. Undefined: there is none. */
export async function findBeginning(tx: Tx): Promise<Date | undefined> {
  const [row] = await tx<{ at: Date }[]>`select created_at as at from payment order by id limit 1`
  return row?.at
}

/**
 * Counts what the diary tells of from one instant up to another, and remembers that it did. A debit counts when it
 * settles, on that day. A return counts on the day of the debit that came back: of the presentment's settlement, or, if
 * it came back before it had settled, on the day for which it was sent, and the debit with it. A return that was
 * dishonored is taken back, from the day on which it was counted.
 */
export async function countDiary(tx: Tx, from: Date, until: Date): Promise<void> {
  await tx`
    with line as (
      select move.payment_id, move.seq, move.fact, move.fact ->> 'kind' as kind, payment.merchant_id
      from payment_move as move
      join payment on payment.id = move.payment_id and payment.type = 'debit'
      where move.moved_at >= ${from} and move.moved_at < ${until}
        and move.fact ->> 'kind' in ('settled', 'returned', 'return_reversed')),
    came_back as (
      select line.merchant_id, line.payment_id, case line.kind when 'returned' then 1 else -1 end as many,
        returned.seq, returned.code
      from line
      cross join lateral (
        select seq, fact ->> 'code' as code from payment_move
        where payment_id = line.payment_id and seq <= line.seq and fact ->> 'kind' = 'returned'
        order by seq desc limit 1) as returned
      where line.kind <> 'settled'),
    original as (
      select came_back.*, coalesce(settled.day, sent.day) as day, settled.day is null as unsettled
      from came_back
      cross join lateral (
        select coalesce(max(seq), 0) as seq from payment_move
        where payment_id = came_back.payment_id and seq < came_back.seq and fact ->> 'kind' = 'retried') as presented
      left join lateral (
        select (fact ->> 'on')::date as day from payment_move
        where payment_id = came_back.payment_id and seq > presented.seq and seq < came_back.seq
          and fact ->> 'kind' = 'settled'
        order by payment_move.seq desc limit 1) as settled on true
      left join lateral (
        select (fact ->> 'effectiveOn')::date as day from payment_move
        where payment_id = came_back.payment_id and seq < came_back.seq and fact ->> 'kind' = 'scheduled'
        order by payment_move.seq desc limit 1) as sent on true),
    counted as (
      select merchant_id, (fact ->> 'on')::date as day, 1 as debits, 0 as unauthorized, 0 as administrative, 0 as returned
      from line where kind = 'settled'
      union all
      select merchant_id, day, case when unsettled then many else 0 end,
        case when code = any(${unauthorized}) then many else 0 end,
        case when code = any(${administrative}) then many else 0 end, many
      from original)
    merge into return_rate_day as known using (
      select merchant_id, day, sum(debits) as debits, sum(unauthorized) as unauthorized,
        sum(administrative) as administrative, sum(returned) as returned
      from counted group by merchant_id, day) as more
    on known.merchant_id = more.merchant_id and known.day = more.day
    when matched then update set debits = known.debits + more.debits,
      unauthorized = known.unauthorized + more.unauthorized,
      administrative = known.administrative + more.administrative, returned = known.returned + more.returned
    when not matched then insert (merchant_id, day, debits, unauthorized, administrative, returned)
      values (more.merchant_id, more.day, more.debits, more.unauthorized, more.administrative, more.returned)`
  await tx`update return_rate_count set counted_until = ${until}`
}

/** The counts of a span, of one merchant or, without one, of all together. */
export async function sumSpan(sql: Sql, merchantId: MerchantId | null, { from, to }: SpanDays): Promise<Counts> {
  const [row] = await sql<Counts[]>`
    select coalesce(sum(debits), 0)::int as debits, coalesce(sum(unauthorized), 0)::int as unauthorized,
      coalesce(sum(administrative), 0)::int as administrative, coalesce(sum(returned), 0)::int as returned
    from return_rate_day
    where day between ${from} and ${to} ${merchantId ? sql`and merchant_id = ${merchantId}` : sql``}`
  return row ?? { debits: 0, unauthorized: 0, administrative: 0, returned: 0 }
}

/** Merchants that have sent debits since a day, or whose rates were ever told of, in the order of their ids. */
export async function listWatched(sql: Sql, since: Day, after: string | null, limit: number): Promise<MerchantId[]> {
  const rows = await sql<{ id: MerchantId }[]>`
    select id from merchant
    where (exists (select from return_rate_day where merchant_id = merchant.id and day >= ${since})
        or exists (select from return_rate_standing where merchant_id = merchant.id))
      ${after ? sql`and id > ${after}` : sql``}
    order by id limit ${limit}`
  return rows.map(({ id }) => id)
}

type ThresholdRow = {
  from_day: Day
  unauthorized_bps: number
  administrative_bps: number
  overall_bps: number
  fewest_debits: number
}

/** Oldest first. */
export async function listThresholds(sql: Sql): Promise<Thresholds[]> {
  const rows = await sql<ThresholdRow[]>`select * from return_rate_threshold order by from_day`
  return rows.map((row) => ({
    from: row.from_day,
    bps: { unauthorized: row.unauthorized_bps, administrative: row.administrative_bps, overall: row.overall_bps },
    fewestDebits: row.fewest_debits,
  }))
}

/** False: others begin on that day already. */
export async function insertThresholds(sql: Sql, { from, bps, fewestDebits }: Thresholds): Promise<boolean> {
  const rows = await sql`
    insert into return_rate_threshold (from_day, unauthorized_bps, administrative_bps, overall_bps, fewest_debits)
    values (${from}, ${bps.unauthorized}, ${bps.administrative}, ${bps.overall}, ${fewestDebits})
    on conflict (from_day) do nothing returning from_day`
  return rows.length === 1
}
