import type { Sql, Tx } from '../../db/connect.ts'
import type { Id } from '../../kernel/id.ts'
import type { ExceptionReason, InboundId, ReportId } from './report.ts'

export type ExceptionId = Id<'railException'>

/**
 * What did not fit and waits for a person. The amount is cents at stake in the books' suspense; below zero, we lack
 * it.
 */
export type RailException = Readonly<{
  id: ExceptionId
  bankId: string
  inboundId: InboundId | null
  reportId: ReportId | null
  line: number | null
  reason: ExceptionReason
  says: string
  /** The lines as they came, sealed. */
  sealed: string | null
  amount: bigint | null
  raisedAt: Date
}>

/** What an exception's lines are sealed for. */
export const exceptionContext = (id: ExceptionId): string => `rail-exception:${id}`

export async function insertExceptions(tx: Tx, exceptions: readonly RailException[]): Promise<void> {
  for (const e of exceptions)
    await tx`insert into rail_exception (id, bank_id, inbound_id, report_id, line, reason, says, sealed, amount, raised_at)
      values (${e.id}, ${e.bankId}, ${e.inboundId}, ${e.reportId}, ${e.line}, ${e.reason}, ${e.says}, ${e.sealed},
        ${e.amount}, ${e.raisedAt})`
}

type Row = RailException & Readonly<{ resolvedAt: Date | null; resolvedBy: string | null; resolution: string | null }>
export type KeptException = Row

const columns = (
  sql: Sql | Tx,
) => sql`id, bank_id as "bankId", inbound_id as "inboundId", report_id as "reportId", line,
  reason, says, sealed, amount, raised_at as "raisedAt", resolved_at as "resolvedAt", resolved_by as "resolvedBy",
  resolution`

export const listExceptions = (sql: Sql, all: boolean, limit: number): Promise<KeptException[]> =>
  sql<Row[]>`select ${columns(sql)} from rail_exception ${all ? sql`` : sql`where resolved_at is null`}
    order by raised_at desc, id desc limit ${limit}`

export async function findException(sql: Sql | Tx, id: string): Promise<KeptException | undefined> {
  const [row] = await sql<Row[]>`select ${columns(sql)} from rail_exception where id = ${id}`
  return row
}

/** Locks it until the transaction ends. */
export async function takeException(tx: Tx, id: string): Promise<KeptException | undefined> {
  const [row] = await tx<Row[]>`select ${columns(tx)} from rail_exception where id = ${id} for update`
  return row
}

export async function saveResolution(
  tx: Tx,
  id: ExceptionId,
  resolved: { at: Date; by: string; resolution: string },
): Promise<void> {
  await tx`update rail_exception set resolved_at = ${resolved.at}, resolved_by = ${resolved.by},
    resolution = ${resolved.resolution} where id = ${id}`
}
