import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from '../db/connect.ts'

/** A job that runs for longer was lost with its process, and nobody waits for it. */
const lostMs = 120_000
/** A job that nobody takes for this long has no worker. */
const untakenMs = 30_000
/** A free worker takes the next job sooner than this. */
const takenWithinMs = 250
const pauseMs = 2

const isRunning = (sql: Sql) => sql`locked_at > now() - ${lostMs} * interval '1 millisecond'`
const isWaiting = (sql: Sql) => sql`is_available and run_at <= now()`

/**
 * Waits until no job runs and none waits. Those that failed and will be tried again later are not waited for.
 * `untaken`: jobs wait, and no worker takes them. Throws when `signal` is aborted.
 */
export async function untilQuiet(sql: Sql, signal: AbortSignal, patienceMs = untakenMs): Promise<'quiet' | 'untaken'> {
  let seen = ''
  let since = performance.now()
  for (;;) {
    signal.throwIfAborted()
    const [row] = await sql<{ waiting: number; running: number; newest: string | null }[]>`
      select count(*) filter (where locked_at is null)::int as waiting, count(locked_at)::int as running,
        max(id)::text as newest
      from graphile_worker._private_jobs where ${isWaiting(sql)} or ${isRunning(sql)}`
    const { waiting = 0, running = 0, newest = null } = row ?? {}
    if (waiting === 0 && running === 0) return 'quiet'
    const sight = `${waiting} ${newest}`
    if (running > 0 || sight !== seen) since = performance.now()
    else if (performance.now() - since > patienceMs) return 'untaken'
    seen = sight
    await sleep(pauseMs)
  }
}

/**
 * Makes jobs that were taken together do their work one after another, in the order in which they were asked for,
 * whichever process they are in.
 */
export async function untilTurn(sql: Sql, jobId: string): Promise<void> {
  const began = performance.now()
  for (;;) {
    const [row] = await sql<{ running: boolean; waiting: boolean }[]>`
      select coalesce(bool_or(${isRunning(sql)}), false) as running, coalesce(bool_or(${isWaiting(sql)}), false) as waiting
      from graphile_worker._private_jobs
      where (priority, run_at, id) < (select priority, run_at, id from graphile_worker._private_jobs where id = ${jobId})`
    const waits = row?.waiting && performance.now() - began < takenWithinMs
    if (!row?.running && !waits) return
    await sleep(pauseMs)
  }
}

/** How many jobs have failed and not yet succeeded, and how many were ever asked for. */
export async function countJobs(sql: Sql): Promise<{ failed: number; asked: number }> {
  const [row] = await sql<{ failed: number; asked: bigint | null }[]>`
    select count(*)::int as failed,
      pg_sequence_last_value(pg_get_serial_sequence('graphile_worker._private_jobs', 'id')) as asked
    from graphile_worker._private_jobs where last_error is not null and locked_at is null`
  return { failed: row?.failed ?? 0, asked: Number(row?.asked ?? 0) }
}
