import type { Sql, Tx } from '../db/connect.ts'

/** A job that a worker is at, as its handler sees it. */
export type Held = Readonly<{
  id: string
  /** Grows whenever it is asked for again. */
  revision: number
}>

/** A job that was taken in the statement that asked for it. */
export type TakenJob = Held & Readonly<{ payload: unknown }>

/** Takes jobs in the statement that asks for them (first-hand.ts). */
export type Taker = Readonly<{
  /** By this name they are held. */
  pool: string
  /** How many may be taken now. */
  places(): number
  begin(jobs: readonly TakenJob[]): void
}>

/**
 * Ends a job before its handler does, so that whoever asks for it from now on asks for another. Unless it was asked for
 * again since `held`: then it goes on, and is answered as it is held now, to look once more at what there is to do.
 */
export async function letGo(sql: Sql, held: Held): Promise<Held | undefined> {
  const [row] = await sql<{ revision: number }[]>`
    with ended as (${ending(sql, [held])})
    select revision from graphile_worker._private_jobs where id = ${held.id} and not exists (select from ended)`
  return row && { ...held, revision: row.revision }
}

/** The same, as part of a statement: the ids of those that have ended. */
export const ending = (sql: Sql | Tx, held: readonly Held[]): ReturnType<Sql> => sql`
  delete from graphile_worker._private_jobs as job
  using unnest(${held.map(({ id }) => id)}::bigint[], ${held.map(({ revision }) => revision)}::int[]) as held (id, revision)
  where job.id = held.id and job.revision = held.revision returning job.id::text`

/** Ends a job before its handler does, whoever has asked meanwhile. */
export async function drop(tx: Tx, { id }: Held): Promise<void> {
  await tx`delete from graphile_worker._private_jobs where id = ${id}`
}

/** A job that failed is tried again, the later the oftener it has failed: as the runner does with those it finds. */
export async function giveBack(sql: Sql, pool: string, { id }: Held, error: unknown): Promise<void> {
  await sql`
    update graphile_worker._private_jobs set last_error = ${String((error as Error)?.message ?? error)},
      run_at = greatest(now(), run_at) + exp(least(attempts, 10)) * interval '1 second', locked_by = null, locked_at = null
    where id = ${id} and locked_by = ${pool}`
}
