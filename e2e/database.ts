import postgres from 'postgres'
import { world } from './journey.ts'

/** For what a test cannot wait for. Nothing else is told or asked past the API. */
export async function inDatabase<Row extends object>(
  which: 'server' | 'sandbox',
  query: string,
  values: string[] = [],
): Promise<Row[]> {
  const sql = postgres(world.databases[which], { max: 1, onnotice: () => undefined })
  try {
    return [...(await sql.unsafe<Row[]>(query, values))]
  } finally {
    await sql.end()
  }
}

/** As if half an hour had passed since this session was opened. */
export async function letExpire(sessionKey: string): Promise<void> {
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(sessionKey))).toString('base64url')
  const query = `update session set expires_at = now() - interval '1 second' where key_hash = $1 returning id`
  const { length } = await inDatabase('server', query, [hash])
  if (length !== 1) throw new Error('No session has this key.')
}

/** As if a day had passed since this customer's balance was read. */
export async function forgetBalance(email: string): Promise<void> {
  const query = `update account set balance_at = now() - interval '1 day' from customer
    where customer.id = account.customer_id and lower(email) = lower($1) returning account.id`
  const { length } = await inDatabase('server', query, [email])
  if (length !== 1) throw new Error(`${email} has ${length} accounts, not one.`)
}
