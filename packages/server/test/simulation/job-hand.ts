import { handOverDue } from '../../src/agenda/agenda.commands.ts'
import { taskList } from '../../src/main/worker.ts'
import { DropProblem } from '../../src/rails/file-drop.ts'
import { numberEvents } from '../../src/webhooks/event.commands.ts'
import type { Act, Attempt } from './act.ts'
import { attempt } from './act.ts'
import type { Deployment, Process } from './deployment.ts'
import { type Random, randomOf } from './random.ts'

/** Whether processes die, and whether the job of one that did waits before it is begun again. */
export type Kills = 'none' | 'at once' | 'anyhow'

/** Takes jobs in the order in which they were asked for: a worker without its own mind about time. */
export type JobHand = Readonly<{
  /** When the agenda or a delayed job was due next, as a job was last looked for. */
  nextDue(): Date | undefined
  /** Hands over one thing that is due at house time. */
  handOver(): Promise<void>
  /** The next job that waits. Undefined: none does. */
  take(): Promise<Act | undefined>
  /** From here on, nothing is left for later. */
  finish(): void
}>

type Job = { id: bigint; task: string; payload: Record<string, unknown> }
type Row = (Job | { id: null }) & { due: Date | null }

export function openJobHand(deployment: Deployment, seed: number, kills: Kills): JobHand {
  const { eternal, clock, processes } = deployment
  const { sql } = eternal
  // Apart: that somebody dies changes nothing else.
  const patience = randomOf(seed, 'patience')
  const hands = processes.map(({ house }, index) => ({
    tasks: taskList(house) as unknown as Readonly<Record<string, (payload: unknown) => Promise<void>>>,
    random: randomOf(seed, 'kills', index),
  }))
  const delayed = new Map<bigint, Date>()
  const delay = async (id: bigint) => {
    delayed.set(id, new Date(clock.now.getTime() + patience.between(5, 150) * 60_000))
    await sql`update graphile_worker._private_jobs set locked_at = null, run_at = now() + interval '9 years' where id = ${id}`
  }
  const bringBack = async () => {
    for (const [id, at] of delayed) {
      if (at > clock.now) continue
      delayed.delete(id)
      await sql`update graphile_worker._private_jobs set run_at = now() where id = ${id} and run_at > now()`
    }
  }
  const actOf = ({ id, task, payload }: Job): Act => ({
    says: `${task} ${JSON.stringify(payload)}`,
    async by(process: Process) {
      const hand = hands[processes.indexOf(process)]
      if (!hand) throw new Error('a job is done by a process')
      const told = await attempt(process, diesAt(hand.random, kills), async () => hand.tasks[task]?.(payload))
      return told.kind === 'failed' && !isAway(told.error) ? { ...told, kind: 'broken' } : told
    },
    async end(attempts) {
      // The bank's lease on a link outlives its process, in real time: here it has run out.
      if (attempts.some(({ kind }) => kind === 'killed'))
        await sql`update link set lease_until = null where lease_until is not null`
      if (attempts.every(isOver)) await sql`delete from graphile_worker._private_jobs where id = ${id}`
      else if (attempts.some(({ kind }) => kind === 'failed') || (kills === 'anyhow' && patience.chance(0.3)))
        await delay(id)
      else await sql`update graphile_worker._private_jobs set locked_at = null where id = ${id}`
    },
  })

  const leisure = randomOf(seed, 'leisure')
  let isLast = false
  let due: Date | null = null
  return {
    nextDue() {
      const all = [...delayed.values(), ...(due ? [due] : [])]
      return all.toSorted((a, b) => a.getTime() - b.getTime())[0]
    },
    async handOver() {
      await handOverDue(sql, clock.now, 1)
    },
    async take() {
      await bringBack()
      // Events get their places a while after they were written, many together.
      if (isLast || leisure.chance(0.1)) await numberEvents(eternal)
      // Locked while it runs, as by a worker: what is asked for meanwhile under its key is another job.
      const [row] = await sql<Row[]>`
        with taken as (
          update graphile_worker._private_jobs as job set locked_at = now(), locked_by = 'simulation'
          from graphile_worker._private_tasks as task
          where task.id = job.task_id and job.id = (
            select waiting.id from graphile_worker._private_jobs as waiting
            where locked_at is null and run_at <= clock_timestamp()
            order by waiting.priority, run_at, waiting.id limit 1)
          returning job.id, task.identifier as task, job.payload)
        select taken.*, due from (select min(due_at) as due from agenda) as agenda left join taken on true`
      due = row?.due ?? null
      return row && row.id !== null ? actOf(row) : undefined
    },
    finish() {
      isLast = true
    },
  }
}

const isOver = ({ kind }: Attempt): boolean => kind === 'done' || kind === 'refused'

const isAway = (error: unknown): boolean => error instanceof DropProblem && error.kind === 'unreachable'

/** Few processes die, and most of those that do, soon. */
const diesAt = (random: Random, kills: Kills): number | null =>
  kills !== 'none' && random.chance(0.25) ? random.between(1, random.pick([6, 25, 80])) : null
