/** waiting: not begun; running: a worker does it; failed: it will be tried again; given_up: it will not. */
export type JobState = 'waiting' | 'running' | 'failed' | 'given_up'

/** One thing asked of the workers, as an operator sees it. Done, it is gone. */
export type Job = Readonly<{
  id: string
  task: string
  /** What it is about: payloads hold ids and nothing that may not be shown. */
  about: Readonly<Record<string, unknown>>
  state: JobState
  attempts: number
  mostAttempts: number
  askedAt: Date
  /** When it is (to be) done. Real time: workers do not go by a clock that is turned. */
  nextAt: Date
  lastError: string | null
}>
