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
 *
 * It does not wait for the disk: if the database loses it, the job is done once more.
 */
export async function letGo(sql: Sql, held: Held): Promise<Held | undefined> {
  const [row] = await sql<{ revision: number }[]>`
    with ended as (
      delete from graphile_worker._private_jobs
      using (select set_config('synchronous_commit', 'off', true) offset 0) as unhurried
      where id = ${held.id} and revision = ${held.revision} returning id)
    select revision from graphile_worker._private_jobs where id = ${held.id} and not exists (select from ended)`
  return row && { ...held, revision: row.revision }
}

/** Ends a job before its handler does, whoever has asked meanwhile. */
export async function drop(tx: Tx, { id }: Held): Promise<void> {
  await tx`delete from graphile_worker._private_jobs where id = ${id}`
}
