import { createHash } from 'node:crypto'
import type { Sql } from '../db/connect.ts'

const keyOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

export async function insertSession(
  sql: Sql,
  session: Readonly<{ secret: string; bank: string; customerId: string; expiresAt: Date }>,
): Promise<void> {
  await sql`
    insert into online_session (key, bank, customer_id, expires_at)
    values (${keyOf(session.secret)}, ${session.bank}, ${session.customerId}, ${session.expiresAt})`
}

/** The customer a running session belongs to. */
export async function findSession(sql: Sql, bank: string, secret: string, now: Date): Promise<string | undefined> {
  const [row] = await sql<{ customerId: string }[]>`
    select customer_id as "customerId" from online_session
    where key = ${keyOf(secret)} and bank = ${bank} and expires_at > ${now}`
  return row?.customerId
}

export async function deleteSession(sql: Sql, secret: string): Promise<void> {
  await sql`delete from online_session where key = ${keyOf(secret)}`
}
