import type { Sql, Tx } from '../db/connect.ts'
import type { House } from '../house.ts'
import type { Job } from './job.ts'
import type { Task } from './tasks.ts'

export type JobFilter = Readonly<{ failed?: boolean; limit?: number }>

const from = (sql: Sql | Tx) => sql`graphile_worker._private_jobs as job
  join graphile_worker._private_tasks as task on task.id = job.task_id`

/** What workers have not done yet, the oldest first; those that failed at least once only, if so wished. */
export const listJobs = (house: Pick<House, 'sql'>, { failed = false, limit = 100 }: JobFilter = {}): Promise<Job[]> =>
  house.sql<Job[]>`
    select job.id::text, task.identifier as task, payload as about, attempts, max_attempts as "mostAttempts",
      created_at as "askedAt", run_at as "nextAt", last_error as "lastError",
      case when locked_at is not null then 'running' when attempts >= max_attempts then 'given_up'
        when last_error is not null then 'failed' else 'waiting' end as state
    from ${from(house.sql)}
    ${failed ? house.sql`where last_error is not null` : house.sql``}
    order by job.id limit ${limit}`

/** Whether a worker is at it right now: a task about this one thing. */
export async function isAtWork(tx: Tx, task: Task, member: string, id: string): Promise<boolean> {
  const rows = await tx`
    select from ${from(tx)}
    where task.identifier = ${task} and payload ->> ${member} = ${id} and locked_at is not null limit 1`
  return rows.length > 0
}
