import type { Sql, Tx } from '../db/connect.ts'

/** What is kept by the month in which the event happened. */
const tables = ['event', 'webhook_delivery', 'webhook_attempt'] as const

/** The first instant of a calendar month (UTC), `more` months later. */
export const monthOf = (at: Date, more = 0): Date => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + more, 1))

/** Rows of the month are among the others; or another worker is just opening it (two ways to notice that). */
const harmless: ReadonlySet<string> = new Set(['23514', '42P07', '23505'])

const nameOf = (table: string, month: Date): string => `${table}_${month.toISOString().slice(0, 7).replace('-', '_')}`

/**
 * Gives a month its own partitions. A month whose first events came before it was asked for stays where these are,
 * among the others, which are never dropped.
 */
export async function openMonth(sql: Sql, month: Date): Promise<void> {
  const until = monthOf(month, 1)
  for (const table of tables)
    await sql`create table if not exists ${sql(nameOf(table, month))} partition of ${sql(table)}
        for values from (${sql.unsafe(`'${month.toISOString()}'`)}) to (${sql.unsafe(`'${until.toISOString()}'`)})`.catch(
      (error: { code?: string }) => {
        if (!harmless.has(error.code ?? '')) throw error
      },
    )
}

/** The months that have partitions, the oldest first. */
export async function listMonths(sql: Sql): Promise<Date[]> {
  const rows = await sql<{ month: string }[]>`
    select right(child.relname, 7) as month from pg_inherits join pg_class as child on child.oid = inhrelid
    where inhparent = 'event'::regclass and child.relname ~ '^event_[0-9]{4}_[0-9]{2}$' order by 1`
  return rows.map(({ month }) => new Date(`${month.replace('_', '-')}-01T00:00:00.000Z`))
}

/** The events of a month, and what was told of them, are gone. Places stay, so that no place is given twice. */
export async function dropMonth(tx: Tx, month: Date): Promise<void> {
  for (const table of tables) await tx`drop table if exists ${tx(nameOf(table, month))}`
}

/**
 * Forgets some places of events that were dropped, but for the newest of each resource, whose version the next one goes
 * on from. Answers how many.
 */
export async function forgetPlaces(sql: Sql, before: Date, limit: number): Promise<number> {
  const { count } = await sql`
    delete from event_sequence where (merchant_id, sequence) in (
      select merchant_id, sequence from event_sequence as place
      where happened_at < ${before} and exists (select 1 from event_sequence as later
        where later.resource_id = place.resource_id and later.resource_version > place.resource_version)
      limit ${limit})`
  return count
}
