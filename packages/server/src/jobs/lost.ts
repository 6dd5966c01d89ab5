import type { Sql } from '../db/connect.ts'

/**
 * Gives the jobs of workers that died back, so that others do them: those that were not seen for so long, in real time,
 * as the database tells it. A handler may run twice, so a worker that was only out of breath does no harm.
 */
export async function freeLostJobs(sql: Sql, goneMs: number): Promise<void> {
  await sql`
    select graphile_worker.force_unlock_workers(array_agg(distinct locked_by)) from graphile_worker._private_jobs
    where locked_at < clock_timestamp() - ${goneMs} * interval '1 millisecond' and not exists (
      select 1 from worker_seen
      where pool = locked_by and seen_at > clock_timestamp() - ${goneMs} * interval '1 millisecond')
    having count(*) > 0`
}

/**
 * Gives back what a worker holds and is not at, for as long: the database took the job back for it, but has lost that
 * it was done, or had not heard of it when it ended.
 */
export async function freeForgottenJobs(
  sql: Sql,
  { pool, atWork }: Readonly<{ pool: string; atWork: readonly string[] }>,
  goneMs: number,
): Promise<void> {
  await sql`
    with forgotten as (
      update graphile_worker._private_jobs set locked_by = null, locked_at = null
      where locked_by = ${pool} and locked_at < clock_timestamp() - ${goneMs} * interval '1 millisecond'
        and id <> all(${[...atWork]}::bigint[])
      returning job_queue_id)
    update graphile_worker._private_job_queues set locked_by = null, locked_at = null
    where locked_by = ${pool} and id in (select job_queue_id from forgotten)`
}
