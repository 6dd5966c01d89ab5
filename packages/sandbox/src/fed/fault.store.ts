import type { Sql, Tx } from '../db/connect.ts'
import type { FedFault, FedFaultKind, ReportKind } from './fault.ts'

const columns = (sql: Sql | Tx) => sql`id, created_at as "createdAt", kind, report, times_left as "timesLeft"`

export async function insertFedFault(sql: Sql, fault: FedFault): Promise<void> {
  await sql`
    insert into fed_fault (id, created_at, kind, report, times_left)
    values (${fault.id}, ${fault.createdAt}, ${fault.kind}, ${fault.report}, ${fault.timesLeft})`
}

/** Those that can still spoil something. */
export async function listFedFaults(sql: Sql): Promise<FedFault[]> {
  return sql<FedFault[]>`
    select ${columns(sql)} from fed_fault where times_left is null or times_left > 0 order by position limit 500`
}

export async function deleteFedFaults(sql: Sql, which: Readonly<{ id?: string; kind?: string }>): Promise<number> {
  const rows = await sql`
    delete from fed_fault where true ${which.id ? sql`and id::text = ${which.id}` : sql``}
      ${which.kind ? sql`and kind = ${which.kind}` : sql``} returning id`
  return rows.length
}

export async function isBankDown(sql: Sql): Promise<boolean> {
  return (await sql`select 1 from fed_fault where kind = 'bank_down' limit 1`).length > 0
}

/** Whether something shall go wrong now. A fault with a number of times is used up by asking. */
export async function takeFedFault(tx: Tx, kind: FedFaultKind, report?: ReportKind): Promise<boolean> {
  const used = await tx`
    update fed_fault set times_left = times_left - 1
    where id = (select id from fed_fault where kind = ${kind} and (times_left is null or times_left > 0)
                  and (report is null or report = ${report ?? null}) order by position limit 1 for update)
    returning id`
  return used.length === 1
}
