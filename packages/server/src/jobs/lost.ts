import type { Sql } from '../db/connect.ts'

/** A worker that was not seen for this long is gone, and so is its work. Real time, as the database tells it. */
const goneMs = 30_000

/**
 * Gives the jobs of workers that died back, so that others do them. A handler may run twice, so a worker that was only
 * out of breath does no harm.
 */
export async function freeLostJobs(sql: Sql): Promise<void> {
  await sql`
    select graphile_worker.force_unlock_workers(array_agg(distinct locked_by)) from graphile_worker._private_jobs
    where locked_at < clock_timestamp() - ${goneMs} * interval '1 millisecond' and not exists (
      select 1 from worker_seen
      where pool = locked_by and seen_at > clock_timestamp() - ${goneMs} * interval '1 millisecond')
    having count(*) > 0`
}
