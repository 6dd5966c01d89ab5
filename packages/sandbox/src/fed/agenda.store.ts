import type { Sql } from '../db/connect.ts'

/** When the bank, the Federal Reserve or a customer next has something to do. */
export async function nextDue(sql: Sql): Promise<Date | undefined> {
  const [row] = await sql<{ at: Date | null }[]>`
    select least(
      (select min(acknowledge_at) from fed_file where acknowledgment is null),
      (select min(settles_at) from fed_entry where status = 'waiting'),
      (select min(later_at) from fed_entry where status = 'settled' and later_at is not null),
      (select min(deliver_at) from fed_return where report_id is null)) as at`
  return row?.at ?? undefined
}
