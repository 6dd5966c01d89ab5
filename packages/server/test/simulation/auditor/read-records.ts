import type postgres from 'postgres'
import type { Sql } from '../../../src/db/connect.ts'
import type { Records } from './records.ts'

type Fragment = postgres.PendingQuery<postgres.Row[]>
/** Reads what was written to a table by transactions that are `new`, and puts it into the records. */
type Read = (sql: Sql, isNew: Fragment, into: Records) => Promise<void>

const put = <K, T>(map: Map<K, T>, rows: readonly T[], key: (row: T) => K): void => {
  for (const row of rows) map.set(key(row), row)
}
const id = <K>(row: { id: K }): K => row.id
type Of<M> = M extends Map<unknown, infer T> ? T[] : never
type Rows<K extends keyof Records> = Of<Records[K]>

const tables: Readonly<Record<string, Read>> = {
  async merchant(sql, isNew, { merchants }) {
    const rows = await sql<Rows<'merchants'>>`
      select id, name, fee_fixed as "feeFixed", fee_bps as "feeBps", return_fee as "returnFee",
        fee_kept_on_return as "feeKept", hold_on_return_rates as "holdsOnRates", debits_held_since as "heldSince"
      from merchant where ${isNew}`
    put(merchants, rows, id)
  },
  async payment(sql, isNew, { payments }) {
    const rows = await sql<Rows<'payments'>>`
      select id, type, merchant_id as merchant, request_key as key, amount, status, refund_of as "refundOf", refunded,
        moves, presentment, fee, in_hold as "inHold", created_at as "createdAt", is_reversed as "isReversed"
      from payment where ${isNew}`
    put(payments, rows, id)
  },
  async payment_move(sql, isNew, { lines }) {
    const rows = await sql<Rows<'lines'>>`
      select payment_id as of, seq, fact, moved_at as at from payment_move where ${isNew}`
    put(lines, rows, ({ of, seq }) => `${of} ${seq}`)
  },
  async payout(sql, isNew, { payouts }) {
    const rows = await sql<Rows<'payouts'>>`
      select id, merchant_id as merchant, amount, status, moves, presentment, after_entry as "afterEntry",
        last_entry as "lastEntry", day::text
      from payout where ${isNew}`
    put(payouts, rows, id)
  },
  async payout_move(sql, isNew, { lines }) {
    const rows = await sql<Rows<'lines'>>`
      select payout_id as of, seq, fact, moved_at as at from payout_move where ${isNew}`
    put(lines, rows, ({ of, seq }) => `${of} ${seq}`)
  },
  async payout_line(sql, isNew, { payoutLines }) {
    const rows = await sql<Rows<'payoutLines'>>`
      select payout_id as payout, kind, amount from payout_line where ${isNew}`
    put(payoutLines, rows, ({ payout, kind }) => `${payout} ${kind}`)
  },
  async ledger_account(sql, isNew, { accounts }) {
    const rows = await sql<Rows<'accounts'>>`
      select id, normal, floor, debits, credits from ledger_account where ${isNew}`
    put(accounts, rows, id)
  },
  async ledger_entry(sql, isNew, { entries }) {
    const rows = await sql<Rows<'entries'>>`
      select ledger_entry.id, j.id as journal, j.day::text as day, d.id as debit, c.id as credit, amount,
        subject_id as subject, subject_seq as seq
      from (select * from ledger_entry where ${isNew}) as ledger_entry
      left join ledger_journal j on j.number = journal
      left join ledger_account d on d.number = debit_account
      left join ledger_account c on c.number = credit_account`
    put(entries, rows, id)
  },
  async event(sql, isNew, { events }) {
    const rows = await sql<Rows<'events'>>`
      select id, type, resource_id as resource from event where ${isNew} and resource_type in ('payment', 'report')`
    put(events, rows, id)
  },
  async event_sequence(sql, isNew, { places }) {
    const rows = await sql<Rows<'places'>>`
      select event_id as event, merchant_id as merchant, sequence, resource_id as resource, resource_version as version
      from event_sequence where ${isNew}`
    put(places, rows, ({ event }) => event)
  },
  async ach_file(sql, isNew, { files }) {
    const rows = await sql<Rows<'files'>>`
      select id, status, entries, debits, credits, offered_at is not null as offered, needs_release as "needsRelease",
        creation_date::text as "creationDate", modifier
      from ach_file where ${isNew}`
    put(files, rows, id)
  },
  async ach_batch(sql, isNew, { batches }) {
    const rows = await sql<Rows<'batches'>>`
      select id, file_id as file, direction, entries, amount, offset_trace as offset from ach_batch where ${isNew}`
    put(batches, rows, id)
  },
  async ach_release(sql, isNew, { releases }) {
    const rows = await sql<Rows<'releases'>>`
      select file_id as file, released_by as by from ach_release where ${isNew}`
    put(releases, rows, ({ file, by }) => `${file} ${by}`)
  },
  async ach_entry(sql, isNew, { ach }) {
    const rows = await sql<Rows<'ach'>>`
      select trace_number as trace, file_id as file, effective_on::text as "effectiveOn", subject_id as subject,
        presentment, amount, direction, transaction_code as code, voided
      from ach_entry where ${isNew}`
    put(ach, rows, ({ trace, effectiveOn }) => `${trace} ${effectiveOn}`)
  },
  async rail_exception(sql, isNew, { exceptions }) {
    const rows = await sql<Rows<'exceptions'>>`
      select id, amount, resolution, report_id as report from rail_exception where ${isNew}`
    put(exceptions, rows, id)
  },
  async ach_report(sql, isNew, { reports }) {
    const rows = await sql<Rows<'reports'>>`select id, kind, status, told from ach_report where ${isNew}`
    put(reports, rows, id)
  },
  async report(sql, isNew, { forMerchants }) {
    const rows = await sql<Rows<'forMerchants'>>`
      select id, merchant_id as merchant, kind, last_day::text as day, name, making, sha256, bytes::int, rows,
        made_at as "madeAt", attempts, delivered_at as "deliveredAt"
      from report where ${isNew}`
    put(forMerchants, rows, id)
  },
  async report_piece(sql, isNew, { pieces }) {
    const rows = await sql<Rows<'pieces'>>`
      select report_id as report, making, piece, content from report_piece where ${isNew}`
    put(pieces, rows, ({ report, making, piece }) => `${report} ${making} ${piece}`)
  },
  async return_rate_day(sql, isNew, { rateDays }) {
    const rows = await sql<Rows<'rateDays'>>`
      select merchant_id as merchant, day::text, concat_ws(' ', debits, unauthorized, administrative, returned) as counts
      from return_rate_day where ${isNew}`
    put(rateDays, rows, ({ merchant, day }) => `${merchant} ${day}`)
  },
  async return_rate_count(sql, isNew, { counted }) {
    const [row] = await sql<{ until: Date | null }[]>`
      select counted_until as until from return_rate_count where ${isNew}`
    if (row) counted.until = row.until
  },
  async return_rate_threshold(sql, isNew, { thresholds }) {
    const rows = await sql<Rows<'thresholds'>>`
      select from_day::text as from, fewest_debits as fewest, jsonb_build_object('unauthorized', unauthorized_bps,
        'administrative', administrative_bps, 'overall', overall_bps) as bps
      from return_rate_threshold where ${isNew}`
    put(thresholds, rows, ({ from }) => from)
  },
  async return_rate_standing(sql, isNew, { standings }) {
    const rows = await sql<Rows<'standings'>>`
      select id, merchant_id as merchant, rate, standing from return_rate_standing where ${isNew}`
    put(standings, rows, id)
  },
  async debit_hold(sql, isNew, { holds }) {
    const rows = await sql<Rows<'holds'>>`select id, merchant_id as merchant, did, at from debit_hold where ${isNew}`
    put(holds, rows, id)
  },
}

const changed = Object.keys(tables).map(
  (table) => `case when exists (select from ${table} where xmin::text::bigint >= $1) then '${table}' end`,
)
const whatChanged = `select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next,
  array_remove(array[${changed.join(', ')}], null) as changed`

/**
 * Reads whatever transactions have written since `mark`, and puts it into the records. Answers the next mark, and
 * whether there was anything. Nobody else may be writing.
 */
export async function readNew(sql: Sql, into: Records, mark: bigint): Promise<{ mark: bigint; isAny: boolean }> {
  const [row] = await sql.unsafe<{ next: bigint; changed: string[] }[]>(whatChanged, [mark], { prepare: true })
  if (!row) throw new Error('a select of one row answers one')
  const isNew = sql`xmin::text::bigint >= ${mark}`
  await Promise.all(row.changed.map((table) => tables[table]?.(sql, isNew, into)))
  return { mark: row.next, isAny: row.changed.length > 0 }
}
