import type { Sql } from '../../../src/db/connect.ts'

/** A line of a diary: a fact as it stands there. */
export type Line = Readonly<{ of: string; seq: number; fact: Fact }>
export type Fact = Readonly<{ kind: string } & Record<string, string | boolean | undefined>>

export type PaymentRecord = Readonly<{
  id: string
  type: 'debit' | 'credit' | 'refund'
  merchant: string
  amount: bigint
  status: string
  refundOf: string | null
  refunded: bigint
  moves: number
  presentment: number
  fee: bigint
  inHold: bigint
  feeFixed: bigint
  feeBps: number
  returnFee: bigint
  feeKept: boolean
}>

export type PayoutRecord = Readonly<{
  id: string
  merchant: string
  amount: bigint
  status: string
  moves: number
  presentment: number
  afterEntry: bigint
  lastEntry: bigint
}>

export type EntryRecord = Readonly<{
  id: bigint
  journal: string
  day: string
  debit: string
  credit: string
  amount: bigint
  subject: string | null
  seq: number | null
}>

export type FileRecord = Readonly<{
  id: string
  status: string
  entries: number
  debits: bigint
  credits: bigint
  offered: boolean
}>

export type AchRecord = Readonly<{
  trace: string
  file: string
  effectiveOn: string
  subject: string
  presentment: number
  amount: bigint
  direction: string
  code: number
  voided: boolean
}>

export type ExceptionRecord = Readonly<{
  id: string
  amount: bigint | null
  resolution: string | null
  report: string | null
}>

/** Everything that the books are about, by what names it. */
export type Records = Readonly<{
  payments: Map<string, PaymentRecord>
  payouts: Map<string, PayoutRecord>
  lines: Map<string, Line>
  payoutLines: Map<string, { payout: string; kind: string; amount: bigint }>
  accounts: Map<string, { id: string; normal: string; floor: bigint | null; debits: bigint; credits: bigint }>
  entries: Map<bigint, EntryRecord>
  events: Map<string, { id: string; type: string; resource: string }>
  files: Map<string, FileRecord>
  ach: Map<string, AchRecord>
  exceptions: Map<string, ExceptionRecord>
  reports: Map<string, { id: string; kind: string; status: string; told: Record<string, unknown> }>
}>

export const noRecords = (): Records => ({
  ...{ payments: new Map(), payouts: new Map(), lines: new Map(), payoutLines: new Map(), accounts: new Map() },
  ...{ entries: new Map(), events: new Map(), files: new Map(), ach: new Map(), exceptions: new Map() },
  reports: new Map(),
})

/**
 * Reads whatever a transaction has written since `mark`, in one moment, and puts it into the records. Answers the next
 * mark; the same mark: nothing was written. Nobody else may be writing.
 */
export async function readNew(sql: Sql, records: Records, mark: bigint): Promise<bigint> {
  const [now] = await sql<{ mark: bigint }[]>`select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as mark`
  const next = now?.mark ?? 0n
  if (next === mark) return mark
  const is = (table: string) => sql`${sql(table)}.xmin::text::bigint >= ${mark}`
  await sql.begin('isolation level repeatable read read only', async (tx) => {
    const found = await Promise.all([
      tx<PaymentRecord[]>`select payment.id, type, merchant_id as merchant, amount, payment.status,
          refund_of as "refundOf", refunded, moves, presentment, fee, in_hold as "inHold", fee_fixed as "feeFixed",
          fee_bps as "feeBps", return_fee as "returnFee", fee_kept_on_return as "feeKept"
        from payment join merchant on merchant.id = merchant_id where ${is('payment')}`,
      tx<PayoutRecord[]>`select id, merchant_id as merchant, amount, status, moves, presentment,
          after_entry as "afterEntry", last_entry as "lastEntry" from payout where ${is('payout')}`,
      tx<Line[]>`select payment_id as of, seq, fact from payment_move where ${is('payment_move')}
        union all select payout_id, seq, fact from payout_move where ${is('payout_move')}`,
      tx<{ payout: string; kind: string; amount: bigint }[]>`
        select payout_id as payout, kind, amount from payout_line where ${is('payout_line')}`,
      tx<{ id: string; normal: string; floor: bigint | null; debits: bigint; credits: bigint }[]>`
        select id, normal, floor, debits, credits from ledger_account where ${is('ledger_account')}`,
      tx<EntryRecord[]>`select ledger_entry.id, j.id as journal, j.day::text as day, d.id as debit, c.id as credit,
          amount, subject_id as subject, subject_seq as seq
        from ledger_entry left join ledger_journal j on j.number = journal
        left join ledger_account d on d.number = debit_account
        left join ledger_account c on c.number = credit_account where ${is('ledger_entry')}`,
      tx<{ id: string; type: string; resource: string }[]>`
        select id, type, resource_id as resource from event where ${is('event')} and type like 'pay%'`,
      tx<FileRecord[]>`select id, status, entries, debits, credits, offered_at is not null as offered
        from ach_file where ${is('ach_file')}`,
      tx<AchRecord[]>`select trace_number as trace, file_id as file, effective_on::text as "effectiveOn",
          subject_id as subject, presentment, amount, direction, transaction_code as code, voided
        from ach_entry where ${is('ach_entry')}`,
      tx<ExceptionRecord[]>`select id, amount, resolution, report_id as report
        from rail_exception where ${is('rail_exception')}`,
      tx<{ id: string; kind: string; status: string; told: Record<string, unknown> }[]>`
        select id, kind, status, told from ach_report where ${is('ach_report')}`,
    ])
    const [payments, payouts, lines, payoutLines, accounts, entries, events, files, ach, exceptions, reports] = found
    for (const one of payments) records.payments.set(one.id, one)
    for (const one of payouts) records.payouts.set(one.id, one)
    for (const one of lines) records.lines.set(`${one.of} ${one.seq}`, one)
    for (const one of payoutLines) records.payoutLines.set(`${one.payout} ${one.kind}`, one)
    for (const one of accounts) records.accounts.set(one.id, one)
    for (const one of entries) records.entries.set(one.id, one)
    for (const one of events) records.events.set(one.id, one)
    for (const one of files) records.files.set(one.id, one)
    for (const one of ach) records.ach.set(`${one.trace} ${one.effectiveOn}`, one)
    for (const one of exceptions) records.exceptions.set(one.id, one)
    for (const one of reports) records.reports.set(one.id, one)
  })
  return next
}
