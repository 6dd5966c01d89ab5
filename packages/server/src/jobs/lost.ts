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
