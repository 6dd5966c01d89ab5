import type { Sql, Tx } from '../../db/connect.ts'
import type { InboundId, Report, ReportId } from './report.ts'

export type Inbound = Readonly<{ id: InboundId; bankId: string; name: string; receivedAt: Date }>

/** Stores that a file came. Answers the id of the same bytes if they came before. */
export async function insertInbound(
  tx: Tx,
  inbound: Inbound & { sha256: string; bytes: number },
): Promise<InboundId | undefined> {
  const rows = await tx`
    insert into ach_inbound (id, bank_id, name, sha256, bytes, received_at, status)
    values (${inbound.id}, ${inbound.bankId}, ${inbound.name}, ${inbound.sha256}, ${inbound.bytes},
      ${inbound.receivedAt}, 'stored')
    on conflict on constraint a_file_is_stored_once do nothing returning id`
  if (rows.length > 0) return undefined
  const [first] = await tx<{ id: InboundId }[]>`
    select id from ach_inbound where bank_id = ${inbound.bankId} and sha256 = ${inbound.sha256}`
  return first?.id
}

export async function insertInboundPiece(tx: Tx, id: InboundId, piece: number, sealed: string): Promise<void> {
  await tx`insert into ach_inbound_piece (inbound_id, piece, sealed) values (${id}, ${piece}, ${sealed})`
}

export async function insertInboundAgain(tx: Tx, id: InboundId, name: string, at: Date): Promise<void> {
  await tx`insert into ach_inbound_again (inbound_id, name, received_at) values (${id}, ${name}, ${at})`
}

export async function listInboundPieces(sql: Sql, id: InboundId): Promise<string[]> {
  const rows = await sql<{ sealed: string }[]>`
    select sealed from ach_inbound_piece where inbound_id = ${id} order by piece`
  return rows.map(({ sealed }) => sealed)
}

/** The oldest file that has not been read. */
export async function findUnread(sql: Sql, bankId: string): Promise<Inbound | undefined> {
  const [row] = await sql<Inbound[]>`
    select id, bank_id as "bankId", name, received_at as "receivedAt" from ach_inbound
    where bank_id = ${bankId} and status = 'stored' order by received_at, id limit 1`
  return row
}

export type StoredReport = Report &
  Readonly<{ id: ReportId; inboundId: InboundId; line: number; begun: boolean; sealed: string | null }>

export type NewReport = Readonly<{
  id: ReportId
  line: number
  key: string
  kind: Report['kind']
  told: Report['told']
  sealed: string | null
  status: 'new' | 'excepted'
}>

/** Writes what a file tells; answers the ids of what had not been told before. */
export async function insertReports(tx: Tx, inbound: Inbound, reports: readonly NewReport[]): Promise<Set<string>> {
  const column = <T>(pick: (report: NewReport) => T): T[] => reports.map(pick)
  const fresh = await tx<{ id: string }[]>`
    insert into ach_report (id, bank_id, inbound_id, line, key, kind, told, sealed, status)
    select id, ${inbound.bankId}, ${inbound.id}::uuid, line, key, kind, told::jsonb, sealed, status
    from unnest(${column((r) => r.id)}::uuid[], ${column((r) => r.line)}::int[], ${column((r) => r.key)}::text[],
      ${column((r) => r.kind)}::text[], ${column((r) => JSON.stringify(r.told))}::text[],
      ${column((r) => r.sealed)}::text[], ${column((r) => r.status)}::text[])
    as row (id, line, key, kind, told, sealed, status)
    on conflict on constraint a_thing_is_said_once do nothing returning id`
  return new Set(fresh.map(({ id }) => id))
}

/**
 * Believes what stood in a batch whose totals did not agree, now that the bank has told the same in one whose totals
 * do: it will be applied, and its doubt is over. What was in doubt for another reason too stays with a person.
 */
export async function believeAfterAll(
  tx: Tx,
  inbound: Pick<Inbound, 'id' | 'bankId'>,
  reports: readonly Pick<NewReport, 'key' | 'line' | 'told'>[],
  at: Date,
): Promise<number> {
  if (reports.length === 0) return 0
  const column = <T>(pick: (report: (typeof reports)[number]) => T): T[] => reports.map(pick)
  const rows = await tx`
    with believed as (
      update ach_report set status = 'new', inbound_id = ${inbound.id}::uuid, line = row.line, told = row.told::jsonb
      from unnest(${column((r) => r.key)}::text[], ${column((r) => r.line)}::int[],
        ${column((r) => JSON.stringify(r.told))}::text[]) as row (key, line, told)
      where ach_report.bank_id = ${inbound.bankId} and ach_report.key = row.key and ach_report.status = 'excepted'
        and exists (select from rail_exception where report_id = ach_report.id and reason = 'totals_disagree')
        and not exists (select from rail_exception where report_id = ach_report.id and reason <> 'totals_disagree')
      returning ach_report.id),
    closed as (
      update rail_exception set resolved_at = ${at}::timestamptz, resolved_by = 'the bank',
        resolution = 'noted: the bank has sent it again, whole'
      from believed where report_id = believed.id and resolved_at is null)
    select id from believed`
  return rows.length
}

export async function saveRead(
  tx: Tx,
  id: InboundId,
  read: { kind: string; reports: number; repeated: number },
): Promise<void> {
  await tx`update ach_inbound set status = 'read', kind = ${read.kind}, reports = ${read.reports},
    repeated = ${read.repeated} where id = ${id}`
}

/**
 * The next things a bank told that have not been applied. Files that come together are in no order of their own, but
 * what they tell is: an operator refuses entries before they settle (`refusals`, return codes), receiving banks return
 * them after.
 */
export async function listNewReports(
  sql: Sql | Tx,
  bankId: string,
  refusals: readonly string[],
  limit: number,
): Promise<StoredReport[]> {
  const rows = await sql<StoredReport[]>`
    select ach_report.id, inbound_id as "inboundId", line, ach_report.kind, told, begun, sealed
    from ach_report join ach_inbound on ach_inbound.id = ach_report.inbound_id
    where ach_report.bank_id = ${bankId} and ach_report.status = 'new'
    order by case
        when ach_report.kind = 'acknowledged' then 1
        when ach_report.kind = 'returned' and told ->> 'code' = any(${[...refusals]}) then 2
        when ach_report.kind = 'settled' then 3
        else 4 end,
      ach_inbound.received_at, inbound_id, line, ach_report.id
    limit ${limit}`
  return rows
}

/**
 * Which of these nobody has applied yet, and whether somebody has begun to: a worker that was thought dead may be at
 * them, too. The bank is held, so that it stays so until the transaction ends.
 */
export async function findUnapplied(tx: Tx, ids: readonly ReportId[]): Promise<Map<ReportId, { begun: boolean }>> {
  const rows = await tx<{ id: ReportId; begun: boolean }[]>`
    select id, begun from ach_report where id = any(${[...ids]}::uuid[]) and status = 'new'`
  return new Map(rows.map(({ id, begun }) => [id, { begun }]))
}

export async function saveReports(tx: Tx, ids: readonly ReportId[], status: 'applied' | 'excepted'): Promise<void> {
  if (ids.length > 0) await tx`update ach_report set status = ${status} where id = any(${[...ids]}::uuid[])`
}

export async function saveBegun(tx: Tx, id: ReportId): Promise<void> {
  await tx`update ach_report set begun = true where id = ${id}`
}

/** Files of which nothing is left to apply. */
export async function closeApplied(sql: Sql, bankId: string): Promise<void> {
  await sql`update ach_inbound set status = 'applied' where bank_id = ${bankId} and status = 'read'
    and not exists (select from ach_report where inbound_id = ach_inbound.id and status = 'new')`
}
