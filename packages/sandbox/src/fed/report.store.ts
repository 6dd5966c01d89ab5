import { Buffer } from 'node:buffer'
import type { Sql, Tx } from '../db/connect.ts'
import { easternDay } from './banking-day.ts'
import { takeFedFault } from './fault.store.ts'
import type { ReportKind } from './fault.ts'
import { reportName } from './report.ts'

const NOTHING = Buffer.alloc(0)

/** Begins a report, so that what goes into it can say so. It must be given its body in the same transaction. */
export async function openReport(tx: Tx, kind: ReportKind, at: Date): Promise<{ id: bigint; name: string }> {
  const [next] = await tx<{ id: bigint }[]>`select nextval(pg_get_serial_sequence('fed_report', 'id')) as id`
  const report = { id: next!.id, name: reportName(kind, at, next!.id) }
  await tx`
    insert into fed_report (id, name, kind, day, body, made_at) overriding system value
    values (${report.id}, ${report.name}, ${kind}, ${easternDay(at)}, ${NOTHING}, ${at})`
  return report
}

/** A report as it will lie in the drop. Where it shall be delivered twice, it is there a second time. */
export async function fillReport(tx: Tx, id: bigint, body: Uint8Array): Promise<void> {
  await tx`update fed_report set body = ${body} where id = ${id}`
  const [report] = await tx<{ kind: ReportKind; at: Date }[]>`
    select kind, made_at as at from fed_report where id = ${id}`
  if (!(await takeFedFault(tx, 'deliver_twice', report!.kind))) return
  const again = await openReport(tx, report!.kind, report!.at)
  await tx`update fed_report set body = ${body} where id = ${again.id}`
}

export async function insertReport(tx: Tx, kind: ReportKind, at: Date, text: string): Promise<string> {
  const { id, name } = await openReport(tx, kind, at)
  await fillReport(tx, id, Buffer.from(text, 'latin1'))
  return name
}

/** How many return files of this day there are already: the next is marked by the letter after theirs. */
export async function countReturnFiles(tx: Tx, at: Date): Promise<number> {
  const [row] = await tx<{ count: number }[]>`
    select count(*)::int as count from fed_report where kind = 'returns' and day = ${easternDay(at)}`
  return row!.count
}

export async function listUnleft(sql: Sql): Promise<{ id: bigint; name: string; body: Uint8Array }[]> {
  return sql<{ id: bigint; name: string; body: Uint8Array }[]>`
    select id, name, body from fed_report where left_at is null order by id limit 20`
}

export async function markLeft(sql: Sql, id: bigint, at: Date): Promise<void> {
  await sql`update fed_report set left_at = ${at} where id = ${id}`
}
