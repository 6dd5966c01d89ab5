import { EventEmitter } from 'node:events'
import { type JobHelpers, run, type WorkerEventMap, type WorkerEvents, Logger as WorkerLogger } from 'graphile-worker'
import type { Logger } from 'pino'
import { Refusal } from '../kernel/refusal.ts'
import type { Held } from './held.ts'
import { lanesWoken, type Task, type TaskList, type Tasks } from './tasks.ts'

export type JobRunner = Readonly<{
  /** By this name it holds the jobs it works on. */
  pool: string
  /** Those that it is at, and those that it was at a moment ago: their ids. */
  atWork(): string[]
  /** Does a job that is held by its name, as it does those that it finds. Throws what the task throws. */
  perform(task: Task, payload: unknown, job: Held): Promise<void>
  stop(): Promise<void>
}>

export type RunnerOptions = Readonly<{
  /** How many jobs at a time. */
  concurrency?: number
  /** How often each idle place looks for what was not heard of. Real time. */
  lookMs?: number
  /**
   * Many short jobs that may be done twice: some are taken at a time, and wait here at most a moment for a free place;
   * that they were taken and are done is written down together, and nobody waits until it is on the disk. If the
   * database loses it they are given back (lost.ts). Not for tasks of which some must run one after another.
   */
  lightly?: boolean
  /** Awaited before a job that was taken does anything. */
  beforeEach?: (jobId: string) => Promise<void>
}>

const lightWorker = { localQueue: { size: 8, ttl: 1_000 }, completeJobBatchDelay: 20 }

/** When a job has ended, it takes a moment until that is written down. */
const writtenWithinMs = 10_000

/** Takes the jobs of these tasks as they come, several at a time. Any number of processes may run one. */
export async function startJobs(
  url: string,
  tasks: Partial<TaskList>,
  log: Logger,
  options: RunnerOptions = {},
): Promise<JobRunner> {
  const { concurrency = 8, lookMs = 1_000, lightly = false, beforeEach = async () => undefined } = options
  const atWork = new Set<string>()
  const perform = async (name: Task, payload: unknown, job: Held): Promise<void> => {
    const work = tasks[name] as Work
    atWork.add(job.id)
    try {
      await beforeEach(job.id)
      await logged(log, { job: name, ...ids(payload) }, () => work(payload, job))
    } finally {
      setTimeout(() => atWork.delete(job.id), writtenWithinMs).unref()
    }
  }
  const taskList = Object.fromEntries(
    (Object.keys(tasks) as Task[]).map((name) => [
      name,
      (payload: unknown, { job }: JobHelpers) => perform(name, payload, job),
    ]),
  )
  const events: WorkerEvents = new EventEmitter()
  let pool = ''
  events.on('pool:create', ({ workerPool }) => {
    pool = workerPool.id
  })
  if ('deliver-events' in tasks) events.on('pool:listen:success', hearOfLanes)
  const runner = await run({
    connectionString: lightly ? withOptions(url, '-c synchronous_commit=off') : url,
    events,
    concurrency,
    taskList,
    noHandleSignals: true,
    pollInterval: lookMs,
    ...(lightly ? { preset: { worker: lightWorker } } : {}),
    logger: new WorkerLogger(() => (level, message) => {
      if (level === 'error') log.error({ part: 'jobs' }, message)
    }),
  })
  return { pool, atWork: () => [...atWork], perform, stop: () => runner.stop() }
}

type Work = (payload: unknown, held: Held) => Promise<void>

/** A refusal in a job is somebody having been faster; anything else is tried again by the runner. */
async function logged(log: Logger, about: object, work: () => Promise<void>): Promise<void> {
  const began = performance.now()
  const line = (outcome: string) => ({ ...about, outcome, ms: Math.round(performance.now() - began) })
  try {
    await work()
    log.info(line('done'), 'job')
  } catch (error) {
    if (error instanceof Refusal) log.info(line(error.code), 'job refused')
    else {
      log.error({ ...line('failed'), err: error }, 'job failed')
      throw error
    }
  }
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
