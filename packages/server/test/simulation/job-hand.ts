import { handOverDue } from '../../src/agenda/agenda.commands.ts'
import { findNextDue } from '../../src/agenda/agenda.queries.ts'
import type { Sql } from '../../src/db/connect.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { taskList } from '../../src/main/worker.ts'
import { DropProblem } from '../../src/rails/file-drop.ts'
import type { Deployment } from './deployment.ts'
import { Killed } from './kill-switch.ts'
import { type Random, randomOf } from './random.ts'

/** Whether processes die, and whether the job of one that did waits before it is begun again. */
export type Kills = 'none' | 'at once' | 'anyhow'

/** Does jobs one after another, in the order in which they were asked for: a worker without its own mind about time. */
export type JobHand = Readonly<{
  /** When the agenda or a delayed job is due next. */
  nextDue(): Promise<Date | undefined>
  /** Hands over one thing that is due at house time. False: nothing was. */
  handOver(): Promise<boolean>
  /** Does the next job that waits, or dies in it. Undefined: none waits. Answers a line for the story. */
  work(): Promise<string | undefined>
  counts: { jobs: number; kills: number; failed: number }
}>

type Row = { id: bigint; task: string; payload: Record<string, unknown> }

export function openJobHand(deployment: Deployment, seed: number, kills: Kills): JobHand {
  const { eternal, kill, clock } = deployment
  const { sql } = eternal
  const random = randomOf(seed, 'kills')
  // Apart: that somebody dies changes nothing else.
  const patience = randomOf(seed, 'patience')
  const tasks = taskList(deployment.house) as unknown as Readonly<Record<string, (payload: unknown) => Promise<void>>>
  const delayed = new Map<bigint, Date>()
  const counts = { jobs: 0, kills: 0, failed: 0 }
  const delay = async (id: bigint) => {
    delayed.set(id, new Date(clock.now.getTime() + patience.between(5, 150) * 60_000))
    await sql`update graphile_worker._private_jobs set locked_at = null, run_at = now() + interval '9 years' where id = ${id}`
  }
  const isAway = (error: unknown) => error instanceof DropProblem && error.kind === 'unreachable'

  return {
    counts,
    async nextDue() {
      const due = [...delayed.values(), await findNextDue(sql)].filter((at) => at !== undefined)
      return due.toSorted((a, b) => a.getTime() - b.getTime())[0]
    },
    handOver: async () => (await handOverDue(sql, clock.now, 1)) > 0,
    async work() {
      await bringBack(sql, delayed, clock.now)
      const job = await take(sql)
      if (!job) return undefined
      const said = `${job.task} ${JSON.stringify(job.payload)}`
      kill.arm(diesAt(random, kills))
      const error = await failureOf(async () => tasks[job.task]?.(job.payload))
      const died = kill.died()
      kill.arm(null)
      if (died !== null) {
        counts.kills++
        // The bank's lease on a link outlives its process, in real time: here it has run out.
        await sql`update link set lease_until = null where lease_until is not null`
        if (kills === 'anyhow' && random.chance(0.3)) await delay(job.id)
        else await sql`update graphile_worker._private_jobs set locked_at = null where id = ${job.id}`
        return `${said}: killed ${died}`
      }
      if (error !== undefined && !(error instanceof Refusal)) {
        if (!isAway(error)) throw new Error(`the job ${said} failed`, { cause: error })
        counts.failed++
        await delay(job.id)
        return `${said}: failed, ${(error as Error).message}`
      }
      counts.jobs++
      await sql`delete from graphile_worker._private_jobs where id = ${job.id}`
      return `${said}: ${error === undefined ? 'done' : error.code}`
    },
  }
}

/** Few processes die, and most of those that do, soon. */
const diesAt = (random: Random, kills: Kills): number | null =>
  kills !== 'none' && random.chance(0.25) ? random.between(1, random.pick([6, 25, 80])) : null

/** Runs what may die. What it throws for other reasons is answered. */
export async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work()
    return undefined
  } catch (error) {
    return error instanceof Killed ? undefined : error
  }
}

async function bringBack(sql: Sql, delayed: Map<bigint, Date>, now: Date): Promise<void> {
  for (const [id, at] of delayed) {
    if (at > now) continue
    delayed.delete(id)
    await sql`update graphile_worker._private_jobs set run_at = now() where id = ${id} and run_at > now()`
  }
}

/** Locked while it runs, as by a worker: what is asked for meanwhile under its key is another job. */
async function take(sql: Sql): Promise<Row | undefined> {
  const [row] = await sql<Row[]>`
    update graphile_worker._private_jobs as job set locked_at = now(), locked_by = 'simulation'
    from graphile_worker._private_tasks as task
    where task.id = job.task_id and job.id = (
      select id from graphile_worker._private_jobs where locked_at is null and run_at <= clock_timestamp()
      order by priority, run_at, id limit 1)
    returning job.id, task.identifier as task, job.payload`
  return row
}
