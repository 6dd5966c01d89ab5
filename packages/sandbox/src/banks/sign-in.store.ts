import type { Sql } from '../db/connect.ts'

export type Attempt = Readonly<{ customerId: string; request: unknown; tries: number; expired: boolean }>

export async function insertAttempt(
  sql: Sql,
  attempt: Readonly<{
    id: string
    bank: string
    customerId: string
    boundTo: string
    request: unknown
    expiresAt: Date
  }>,
): Promise<void> {
  await sql`
    insert into sign_in_attempt (id, bank, customer_id, bound_to, request, expires_at)
    values (${attempt.id}, ${attempt.bank}, ${attempt.customerId}, ${attempt.boundTo},
            ${JSON.stringify(attempt.request ?? null)}::text::jsonb, ${attempt.expiresAt})`
}

/** Counts one try in the same statement that reads the attempt, so that guesses in parallel cannot share a try. */
export async function spendTry(
  sql: Sql,
  attempt: Readonly<{ id: string; bank: string; boundTo: string; now: Date; most: number }>,
): Promise<Attempt | undefined> {
  const [row] = await sql<Attempt[]>`
    update sign_in_attempt set tries = tries + 1
    where id = ${attempt.id} and bank = ${attempt.bank} and bound_to = ${attempt.boundTo} and not done
      and tries < ${attempt.most}
    returning customer_id as "customerId", request, tries, expires_at <= ${attempt.now} as expired`
  return row
}

/** True for the one caller who finishes the attempt. */
export async function finishAttempt(sql: Sql, id: string): Promise<boolean> {
  return (await sql`update sign_in_attempt set done = true where id = ${id} and not done returning id`).length === 1
}
