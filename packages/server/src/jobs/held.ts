import type { Sql } from '../db/connect.ts'

/** A job that a worker is at, as its handler sees it. */
export type Held = Readonly<{
  id: string
  /** What it was asked for under. While it has its key, nobody else does a job of that key. Null: it has none. */
  key: string | null
  /** Grows whenever it is asked for again. */
  revision: number
}>

/**
 * Gives a job's key up before the job ends, so that whoever asks from now on asks for another. Unless it was asked for
 * again since `held`: then it keeps the key, and is answered as it is held now, to look once more at what there is to
 * do.
 */
export async function letGo(sql: Sql, held: Held): Promise<Held | undefined> {
  const [row] = await sql<{ key: string | null; revision: number }[]>`
    update graphile_worker._private_jobs set key = case when revision = ${held.revision} then null else key end
    where id = ${held.id} returning key, revision`
  return row?.key ? { ...held, revision: row.revision } : undefined
}
