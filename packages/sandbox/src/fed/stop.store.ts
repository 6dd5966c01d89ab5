import type { Sql } from '../db/connect.ts'

export type StoppedCompany = Readonly<{ companyName: string; companyId: string; createdAt: Date }>

export async function insertStop(
  sql: Sql,
  stop: Readonly<{ accountId: string; companyName: string; companyId: string; at: Date }>,
): Promise<void> {
  await sql`
    insert into stop_payment (account_id, company_name, company_id, created_at)
    values (${stop.accountId}, ${stop.companyName}, ${stop.companyId}, ${stop.at}) on conflict do nothing`
}

export async function deleteStop(sql: Sql, accountId: string, companyName: string, companyId: string): Promise<void> {
  await sql`
    delete from stop_payment
    where account_id = ${accountId} and company_name = ${companyName} and company_id = ${companyId}`
}

/** The companies a customer told the bank to pay no more, newest first. */
export async function listStopped(sql: Sql, accountId: string): Promise<StoppedCompany[]> {
  return sql<StoppedCompany[]>`
    select company_name as "companyName", company_id as "companyId", created_at as "createdAt" from stop_payment
    where account_id = ${accountId} order by created_at desc, company_name limit 100`
}
