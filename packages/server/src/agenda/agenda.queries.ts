import type { Sql } from '../db/connect.ts'

/** When the next thing is due. Undefined: nothing waits. */
export async function findNextDue(sql: Sql): Promise<Date | undefined> {
  const [row] = await sql<{ due: Date | null }[]>`select min(due_at) as due from agenda`
  return row?.due ?? undefined
}
