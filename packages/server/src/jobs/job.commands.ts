import { transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { Refusal } from '../kernel/refusal.ts'

/**
 * Has a job done now, with all its attempts before it again. What failed last stays on record until it is done.
 * Refuses: job_not_found (never asked, or done), job_running.
 */
export function retryJob(house: Pick<House, 'sql'>, id: string): Promise<void> {
  return transact(house.sql, async (tx) => {
    const rows = await tx`
      select from graphile_worker.reschedule_jobs(array[${id}::bigint], run_at => clock_timestamp(), attempts => 0)`
    if (rows.length > 0) return
    const there = await tx`select from graphile_worker._private_jobs where id = ${id}::bigint`
    throw new Refusal(there.length > 0 ? 'job_running' : 'job_not_found', { id })
  })
}
