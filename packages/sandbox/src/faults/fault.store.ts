import type { Sql } from '../db/connect.ts'
import type { Fault } from './fault.ts'

const columns = (sql: Sql) => sql`
  id, bank, login, kind, resource, delay_ms as "delayMs", times_left as "timesLeft", created_at as "createdAt"`

export async function insertFault(sql: Sql, fault: Fault): Promise<void> {
  await sql`
    insert into fault (id, bank, login, kind, resource, delay_ms, times_left, created_at)
    values (${fault.id}, ${fault.bank}, ${fault.login}, ${fault.kind}, ${fault.resource}, ${fault.delayMs},
            ${fault.timesLeft}, ${fault.createdAt})`
}

export async function listFaults(sql: Sql, bank: string | undefined): Promise<Fault[]> {
  return sql<Fault[]>`
    select ${columns(sql)} from fault where true ${bank ? sql`and bank = ${bank}` : sql``} order by created_at limit 500`
}

/** The faults that spoil this call. Those that spoil a number of calls count this one. */
export async function takeFaults(
  sql: Sql,
  call: Readonly<{ bank: string; login: string; resource: string }>,
): Promise<Fault[]> {
  const rows = await sql<Fault[]>`
    update fault set times_left = times_left - 1
    where bank = ${call.bank} and (login is null or login = ${call.login})
      and (resource is null or resource = ${call.resource}) and (times_left is null or times_left > 0)
    returning ${columns(sql)}`
  return rows.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
}

export async function deleteFaults(sql: Sql, which: Readonly<{ id?: string; bank?: string }>): Promise<number> {
  const rows = await sql`
    delete from fault where true ${which.id ? sql`and id = ${which.id}` : sql``}
      ${which.bank ? sql`and bank = ${which.bank}` : sql``} returning id`
  return rows.length
}
