import type { Sql, Tx } from '../db/connect.ts'
import type { Day } from '../kernel/banking-day.ts'
import type { Id, MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Made, Period, Report, ReportId, ReportKind } from './report.ts'

type Row = {
  id: ReportId
  merchant_id: MerchantId
  kind: ReportKind
  first_day: Day
  last_day: Day
  name: string
  gathered_at: Date | null
  sha256: string | null
  bytes: bigint | null
  rows: number | null
  made_at: Date | null
  attempts: number
  problem: string | null
  delivered_at: Date | null
}

const toReport = (row: Row): Report => ({
  id: row.id,
  merchantId: row.merchant_id,
  kind: row.kind,
  period: { firstDay: row.first_day, lastDay: row.last_day },
  name: row.name,
  gathered: row.gathered_at !== null,
  made: madeOf(row),
  attempts: row.attempts,
  problem: row.problem,
  deliveredAt: row.delivered_at,
})

const madeOf = ({ sha256, bytes, rows, made_at }: Row): Made | undefined =>
  sha256 === null || bytes === null || rows === null || made_at === null
    ? undefined
    : { sha256, bytes: Number(bytes), rows, at: made_at }

export type NewReport = Pick<Report, 'id' | 'merchantId' | 'kind' | 'period' | 'name'>

/** One of a kind for each merchant and period: those that are there already are left as they are. */
export async function insertReports(sql: Sql | Tx, reports: readonly NewReport[]): Promise<void> {
  if (reports.length === 0) return
  await sql`insert into report (id, merchant_id, kind, first_day, last_day, name)
    select * from unnest(${reports.map(({ id }) => id)}::uuid[], ${reports.map(({ merchantId }) => merchantId)}::uuid[],
      ${reports.map(({ kind }) => kind)}::text[], ${reports.map(({ period }) => period.firstDay)}::date[],
      ${reports.map(({ period }) => period.lastDay)}::date[], ${reports.map(({ name }) => name)}::text[])
    on conflict on constraint one_report_per_period do nothing`
}

export async function findReport(sql: Sql, id: ReportId): Promise<Report | undefined> {
  const [row] = await sql<Row[]>`select * from report where id = ${id}`
  return row && toReport(row)
}

export async function findReportOf(
  sql: Sql,
  merchantId: MerchantId,
  kind: ReportKind,
  { firstDay, lastDay }: Period,
): Promise<Report | undefined> {
  const [row] = await sql<Row[]>`select * from report where merchant_id = ${merchantId} and kind = ${kind}
    and first_day = ${firstDay} and last_day = ${lastDay}`
  return row && toReport(row)
}

/** Locks the row until the transaction ends. Refuses report_not_found. */
export async function takeReport(tx: Tx, id: ReportId): Promise<Report> {
  const [row] = await tx<Row[]>`select * from report where id = ${id} for no key update`
  if (!row) throw new Refusal('report_not_found', { id })
  return toReport(row)
}

export type ReportFilter = Readonly<{
  limit: number
  before: string | null
  merchantId: MerchantId | null
  kind: ReportKind | null
  /** Those that are made only: what a merchant may know of. */
  made: boolean
}>

/** Newest first. */
export async function listReports(sql: Sql, filter: ReportFilter): Promise<Report[]> {
  const { limit, before, merchantId, kind, made } = filter
  const rows = await sql<Row[]>`
    select * from report where true
      ${merchantId ? sql`and merchant_id = ${merchantId}` : sql``} ${before ? sql`and id < ${before}` : sql``}
      ${kind ? sql`and kind = ${kind}` : sql``} ${made ? sql`and made_at is not null` : sql``}
    order by id desc limit ${limit}`
  return rows.map(toReport)
}

/**
 * The periods of the merchant's earlier files of this kind. Earlier by what they are about, not by when they were made,
 * so that it does not matter which of two is made first; of two that end on the same day, the shorter.
 */
export async function listEarlierPeriods(sql: Sql, { merchantId, kind, period }: Report): Promise<Period[]> {
  const rows = await sql<{ first_day: Day; last_day: Day }[]>`
    select first_day, last_day from report
    where merchant_id = ${merchantId} and kind = ${kind} and (last_day < ${period.lastDay}
      or last_day = ${period.lastDay} and first_day > ${period.firstDay})`
  return rows.map((row) => ({ firstDay: row.first_day, lastDay: row.last_day }))
}

export type Gathering = Id<'gathering'>

/** Periods with reports of which it is not known yet what they are about. */
export async function listWaitingPeriods(sql: Sql, limit: number): Promise<Period[]> {
  const rows = await sql<{ first_day: Day; last_day: Day }[]>`
    select distinct first_day, last_day from report where gathered_at is null order by first_day, last_day limit ${limit}`
  return rows.map((row) => ({ firstDay: row.first_day, lastDay: row.last_day }))
}

/** Takes the waiting reports of a period, from whoever had taken them. `only`: this one. */
export async function claimWaiting(
  sql: Sql,
  { firstDay, lastDay }: Period,
  gathering: Gathering,
  only?: ReportId,
): Promise<void> {
  await sql`update report set gathering = ${gathering}
    where first_day = ${firstDay} and last_day = ${lastDay} and gathered_at is null ${only ? sql`and id = ${only}` : sql``}`
}

/**
 * It is known what reports are about that nobody else has taken since; answers some of them, in the order of their
 * ids.
 */
export async function saveGathered(tx: Tx, gathering: Gathering, at: Date, limit: number): Promise<ReportId[]> {
  const rows = await tx<{ id: ReportId }[]>`
    update report set gathered_at = ${at} where gathering = ${gathering} and gathered_at is null and id in (
      select id from report where gathering = ${gathering} and gathered_at is null order by id limit ${limit})
    returning id`
  return rows.map(({ id }) => id).toSorted()
}

export type Making = Id<'making'>

/** False: the report has been made meanwhile, by somebody else. */
export async function insertPiece(
  sql: Sql,
  id: ReportId,
  making: Making,
  piece: number,
  content: string,
): Promise<boolean> {
  const rows = await sql`insert into report_piece (report_id, making, piece, content)
    select id, ${making}, ${piece}, ${content} from report where id = ${id} and made_at is null for share
    returning piece`
  return rows.length === 1
}

/** Undefined: there are no more. */
export async function findPiece(sql: Sql, id: ReportId, piece: number): Promise<string | undefined> {
  const [row] = await sql<{ content: string }[]>`
    select content from report_piece join report on report.id = report_id and report.making = report_piece.making
    where report_id = ${id} and piece = ${piece}`
  return row?.content
}

/** The file is whole. What else was written for the report goes: it was a try that did not get to its end. */
export async function saveMade(tx: Tx, id: ReportId, making: Making, made: Made): Promise<void> {
  await tx`delete from report_piece where report_id = ${id} and making <> ${making}`
  await tx`delete from report_line where report_id = ${id}`
  await tx`update report set making = ${making}, sha256 = ${made.sha256}, bytes = ${made.bytes}, rows = ${made.rows},
    made_at = ${made.at} where id = ${id}`
}

export async function saveTry(tx: Tx, id: ReportId, problem: string | null, deliveredAt: Date | null): Promise<void> {
  await tx`update report set attempts = attempts + 1, problem = ${problem},
    delivered_at = coalesce(delivered_at, ${deliveredAt}) where id = ${id}`
}

export async function findLastDay(sql: Sql): Promise<Day | undefined> {
  const [row] = await sql<{ day: Day | null }[]>`select max(day) as day from report_day`
  return row?.day ?? undefined
}

export async function insertDay(sql: Sql, day: Day, at: Date): Promise<void> {
  await sql`insert into report_day (day, opened_at) values (${day}, ${at}) on conflict (day) do nothing`
}
