import type { Sql, Tx } from '../db/connect.ts'

/** A job that a worker is at, as its handler sees it. */
export type Held = Readonly<{
  id: string
  /** Grows whenever it is asked for again. */
  revision: number
}>

/**
 * Ends a job before its handler does, so that whoever asks for it from now on asks for another. Unless it was asked for
 * again since `held`: then it goes on, and is answered as it is held now, to look once more at what there is to do.
 */
export async function letGo(sql: Sql, held: Held): Promise<Held | undefined> {
  const [row] = await sql<{ revision: number }[]>`
    with ended as (${ending(sql, held)})
    select revision from graphile_worker._private_jobs where id = ${held.id} and not exists (select from ended)`
  return row && { ...held, revision: row.revision }
}

/** The same, as part of a statement: a row if it has ended. */
export const ending = (sql: Sql | Tx, { id, revision }: Held): ReturnType<Sql> => sql`
  delete from graphile_worker._private_jobs where id = ${id} and revision = ${revision} returning id`

/** Ends a job before its handler does, whoever has asked meanwhile. */
export async function drop(tx: Tx, { id }: Held): Promise<void> {
  await tx`delete from graphile_worker._private_jobs where id = ${id}`
}
