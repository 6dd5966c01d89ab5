import { EventEmitter } from 'node:events'
import { type JobHelpers, run, type WorkerEvents, Logger as WorkerLogger } from 'graphile-worker'
import type { Logger } from 'pino'
import { Refusal } from '../kernel/refusal.ts'
import type { Held } from './held.ts'
import type { TaskList, Tasks } from './tasks.ts'

export type JobRunner = Readonly<{
  /** By this name it holds the jobs it works on. */
  pool: string
  stop(): Promise<void>
}>

/**
 * Who takes which job, and that it is done, need not be on the disk before work goes on: if the database itself loses
 * it, the job is done once more. Without this every job would wait for the disk twice.
 */
const unhurried = '-c synchronous_commit=off'

export type RunnerOptions = Readonly<{
  /** How many jobs at a time. */
  concurrency?: number
  /** How often each idle place looks for what was not heard of. Real time. */
  lookMs?: number
  /** Awaited before a job that was taken does anything. */
  beforeEach?: (jobId: string) => Promise<void>
}>

/** Takes the jobs of these tasks as they come, several at a time. Any number of processes may run one. */
export async function startJobs(
  url: string,
  tasks: Partial<TaskList>,
  log: Logger,
  options: RunnerOptions = {},
): Promise<JobRunner> {
  const { concurrency = 8, lookMs = 1_000, beforeEach = async () => undefined } = options
  const taskList = Object.fromEntries(
    Object.entries(tasks).map(([name, work]) => [
      name,
      async (payload: unknown, { job }: JobHelpers) => {
        await beforeEach(job.id)
        const began = performance.now()
        const line = (outcome: string) => ({
          job: name,
          ...ids(payload),
          outcome,
          ms: Math.round(performance.now() - began),
        })
        try {
          await (work as (payload: unknown, held: Held) => Promise<void>)(payload, job)
          log.info(line('done'), 'job')
        } catch (error) {
          // A refusal in a job is somebody having been faster; anything else is tried again by the runner.
          if (error instanceof Refusal) log.info(line(error.code), 'job refused')
          else {
            log.error({ ...line('failed'), err: error }, 'job failed')
            throw error
          }
        }
      },
    ]),
  )
  const events: WorkerEvents = new EventEmitter()
  let pool = ''
  events.on('pool:create', ({ workerPool }) => {
    pool = workerPool.id
  })
  const runner = await run({
    connectionString: withOptions(url, unhurried),
    events,
    concurrency,
    taskList,
    noHandleSignals: true,
    pollInterval: lookMs,
    logger: new WorkerLogger(() => (level, message) => {
      if (level === 'error') log.error({ part: 'jobs' }, message)
    }),
  })
  return { pool, stop: () => runner.stop() }
}

function withOptions(url: string, options: string): string {
  const address = new URL(url)
  address.searchParams.set('options', [address.searchParams.get('options') ?? '', options].join(' ').trim())
  return address.href
}

/** The ids of a payload, for the log: payloads hold nothing else that may be shown. */
const ids = (payload: unknown): Partial<Tasks[keyof Tasks]> =>
  Object.fromEntries(Object.entries((payload ?? {}) as Record<string, unknown>).filter(([key]) => key.endsWith('Id')))
