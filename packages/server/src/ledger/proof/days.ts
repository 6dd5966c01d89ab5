import type { Tx } from '../../db/connect.ts'
import { Money } from '../../kernel/money.ts'
import { type Check, type Difference, firstOf } from './check.ts'

/**
 * What moved on our account at the bank, day by day, is what the bank's reports say. A report that was taken in and not
 * applied yet has moved nothing in the books, or only some: its day is judged later.
 */
export const days: Check = {
  name: 'days',
  promises: 'What moved at the bank on each day is what the bank reported for that day.',
  async run(tx) {
    const [counts] = await tx<{ days: number; reports: number }[]>`
      select count(distinct day)::int as days,
        (select count(*)::int from ach_report where ${isAboutMoney(tx)} and status <> 'new') as reports
      from ledger_journal as journal
      where exists (select from ledger_entry join ledger_account as bank on bank.id = 'bank:settlement'
        where journal = journal.number and bank.number in (debit_account, credit_account))`
    return { looked: { ...counts }, difference: firstOf([await unlikeReports(tx)]) }
  },
}

const isAboutMoney = (tx: Tx) => tx`kind in ('settled', 'returned', 'dishonored', 'contested')`

/**
 * Day and cents, signed as our account at the bank feels them. What came back before it had settled never was in a
 * settlement, and moved nothing. What does not fit is booked all the same, as in suspense.
 */
const told = (tx: Tx) => tx`
  select (told->>'on')::date as day, (told->>'debits')::bigint - (told->>'credits')::bigint as cents
  from ach_report where kind = 'settled' and status <> 'new'
  union all
  select (told->>'on')::date,
    (told->>'amount')::bigint * case when (told->>'direction' = 'debit') = (kind <> 'dishonored') then -1 else 1 end
      * case when ${isOurOwn(tx)} then -1 else 1 end
  from ach_report as report
  where kind in ('returned', 'dishonored', 'contested')
    and (status = 'excepted' and ${isInSuspense(tx)} or status = 'applied' and ${hadSettled(tx)})
  union all
  -- The bank has put right what a person saw was wrong.
  select (resolved_at at time zone 'America/New_York')::date, -amount
  from rail_exception where resolution like 'settled_back:%' and amount is not null`

/** What came in a batch whose totals disagree is not believed, and moved nothing. */
const isInSuspense = (tx: Tx) => tx`exists (
  select from rail_exception where report_id = report.id and amount is not null)`

/** It is about the entry with which a batch balances: our account was its receiver, not its sender. */
const isOurOwn = (tx: Tx) => tx`exists (
  select from rail_exception where report_id = report.id and reason = 'offset_entry')`

/** Whether the entry that a report is about had settled when it came back: by the diary of whose entry it is. */
const hadSettled = (tx: Tx) => tx`exists (
  select from ach_entry as entry
  cross join lateral (
    select seq, fact from payment_move where payment_id = entry.subject_id
    union all select seq, fact from payout_move where payout_id = entry.subject_id) as line
  where entry.bank_id = report.bank_id and entry.trace_number = report.told->>'traceNumber'
    and entry.amount = (report.told->>'amount')::bigint
    and (line.fact->>'kind', line.fact->>'code') in (
      ('returned', coalesce(report.told->>'returnCode', report.told->>'code')), ('return_reversed', report.told->>'code'))
    and (report.kind = 'dishonored') = (line.fact->>'kind' = 'return_reversed')
    and coalesce(line.fact->>'on', report.told->>'on') = report.told->>'on'
    and (select fact->>'kind' from (
        select seq, fact from payment_move where payment_id = entry.subject_id
        union all select seq, fact from payout_move where payout_id = entry.subject_id) as before
      where before.seq < line.seq and fact->>'kind' in ('initiated', 'settled') order by seq desc limit 1) = 'settled')`

type Row = { day: string; booked: bigint; told: bigint; many: number }

async function unlikeReports(tx: Tx): Promise<Difference | undefined> {
  const [row] = await tx<Row[]>`
    with bank as (select number from ledger_account where id = 'bank:settlement'),
    booked as (
      select day, sum(cents)::int8 as booked
      from (select journal, amount as cents from ledger_entry where debit_account = (select number from bank)
            union all
            select journal, -amount from ledger_entry where credit_account = (select number from bank)) as entry
      join ledger_journal on number = journal group by day),
    reported as (select day, sum(cents)::int8 as told from (${told(tx)}) as report group by day),
    unfinished as (
      select (told->>'on')::date as day from ach_report where status = 'new' and ${isAboutMoney(tx)})
    select day, coalesce(booked, 0) as booked, coalesce(told, 0) as told, count(*) over ()::int as many
    from booked full join reported using (day)
    where coalesce(booked, 0) <> coalesce(told, 0) and day not in (select day from unfinished)
    order by day limit 1`
  if (!row) return undefined
  const dollars = (cents: bigint) => Money.format(Money.of(cents))
  const says = `On ${row.day} bank:settlement moved by ${dollars(row.booked)}, but the reports come to ${dollars(row.told)}.`
  return { says, more: row.many - 1 }
}
