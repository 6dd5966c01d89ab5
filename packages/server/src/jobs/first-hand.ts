import type { House } from '../house.ts'
import { giveBack, type TakenJob, type Taker } from './held.ts'
import type { JobRunner } from './runner.ts'
import type { Task } from './tasks.ts'

/**
 * Whoever asks for jobs in a process that also does them need not leave them to be found: as many as there are places
 * for are taken as they are asked for. They are jobs like others, held in the runner's name, and given back like others
 * when they fail or the process dies. At most so many at a time, beside those that the runner finds; `stop` waits for
 * them.
 */
export function openFirstHand(
  { sql, log }: Pick<House, 'sql' | 'log'>,
  { pool, perform }: Pick<JobRunner, 'pool' | 'perform'>,
  task: Task,
  most: number,
): Taker & { stop(): Promise<void> } {
  const under = new Set<Promise<void>>()
  let isStopping = false
  const work = async (job: TakenJob): Promise<void> => {
    try {
      await perform(task, job.payload, job)
    } catch (failure) {
      // It said so in the log. If this fails too, it is given back when nobody has been at it for a while (lost.ts).
      await giveBack(sql, pool, job, failure).catch((error: unknown) => log.error({ err: error, part: 'jobs' }, 'held'))
    }
  }
  return {
    pool,
    places: () => (isStopping ? 0 : Math.max(0, most - under.size)),
    begin(jobs) {
      for (const job of jobs) {
        const doing = work(job).finally(() => under.delete(doing))
        under.add(doing)
      }
    },
    async stop() {
      isStopping = true
      await Promise.all(under)
    },
  }
}
