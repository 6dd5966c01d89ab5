import { EventEmitter } from 'node:events'
import { type JobHelpers, run, type WorkerEventMap, type WorkerEvents, Logger as WorkerLogger } from 'graphile-worker'
import type { Logger } from 'pino'
import { Refusal } from '../kernel/refusal.ts'
import type { Held } from './held.ts'
import { lanesWoken, type TaskList, type Tasks } from './tasks.ts'

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
  /**
   * Many short jobs: some are taken at a time, and wait here at most a moment for a free place; several that are done
   * are written down together. Not for tasks of which some must run one after another.
   */
  together?: boolean
  /** Awaited before a job that was taken does anything. */
  beforeEach?: (jobId: string) => Promise<void>
}>

const takenTogether = { localQueue: { size: 8, ttl: 1_000 }, completeJobBatchDelay: 2 }

/** Takes the jobs of these tasks as they come, several at a time. Any number of processes may run one. */
export async function startJobs(
  url: string,
  tasks: Partial<TaskList>,
  log: Logger,
  options: RunnerOptions = {},
): Promise<JobRunner> {
  const { concurrency = 8, lookMs = 1_000, together = false, beforeEach = async () => undefined } = options
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
  if ('deliver-events' in tasks) events.on('pool:listen:success', hearOfLanes)
  const runner = await run({
    connectionString: withOptions(url, unhurried),
    events,
    concurrency,
    taskList,
    noHandleSignals: true,
    pollInterval: lookMs,
    ...(together ? { preset: { worker: takenTogether } } : {}),
    logger: new WorkerLogger(() => (level, message) => {
      if (level === 'error') log.error({ part: 'jobs' }, message)
    }),
  })
  return { pool, stop: () => runner.stop() }
}

const hearOfLanes: Listening = ({ workerPool, client }) => {
  client.on('notification', ({ channel, payload }) => {
    if (channel === lanesWoken) workerPool.nudge(Number(payload))
  })
  // When it has begun to listen for other jobs. One that breaks is replaced by another, which listens as well.
  client.once('drain', () => void client.query(`listen ${lanesWoken}`).catch(() => undefined))
}
type Listening = (event: WorkerEventMap['pool:listen:success']) => void

function withOptions(url: string, options: string): string {
  const address = new URL(url)
  address.searchParams.set('options', [address.searchParams.get('options') ?? '', options].join(' ').trim())
  return address.href
}

/** The ids of a payload, for the log: payloads hold nothing else that may be shown. */
const ids = (payload: unknown): Partial<Tasks[keyof Tasks]> =>
  Object.fromEntries(Object.entries((payload ?? {}) as Record<string, unknown>).filter(([key]) => key.endsWith('Id')))
