import type { House } from '../src/house.ts'
import { startJobs } from '../src/jobs/runner.ts'
import type { TaskList } from '../src/jobs/tasks.ts'
import { untilTurn } from '../src/jobs/turns.ts'
import { Refusal } from '../src/kernel/refusal.ts'
import { taskList } from '../src/main/worker.ts'
import { type Advanced, advance } from '../src/simulations/advance.ts'
import type { OutsideWorld } from '../src/simulations/outside-world.ts'
import type { Span, TurnableClock } from '../src/simulations/turnable-clock.ts'
import type { TestHouse } from './test-house.ts'

type More = Readonly<{
  /** Otherwise those of the worker. */
  tasks?: TaskList
  world?: OutsideWorld
  /** The world has left files. */
  afterWrote?: () => Promise<void>
  /** Stop as soon as it answers true. */
  isEnough?: () => Promise<boolean>
}>

type Turned = Readonly<{ house: House; databaseUrl: string; clock: TestHouse['clock'] }>

/**
 * Turns house time forward as a deployment's clock is advanced: from one thing that is due to the next, each with all
 * its jobs. Time on the wall stays. The same story gives the same events, ids included.
 */
export async function advanceTo(t: Turned, to: Date | string, more: More = {}): Promise<Advanced> {
  const { house } = t
  const { tasks = taskList(house), world = null, afterWrote = async () => undefined, isEnough } = more
  const jobs = await startJobs(t.databaseUrl, tasks, house.log, {
    concurrency: 4,
    beforeEach: (jobId) => untilTurn(house.sql, jobId),
  })
  try {
    const parts = { house, clock: turnable(t.clock), world, afterWrote }
    return await advance(parts, { to: new Date(to), standing: false, ...(isEnough ? { isEnough } : {}) })
  } finally {
    await jobs.stop()
  }
}

const dayMs = 24 * 60 * 60_000

/** Days of 24 hours. */
export const advanceDays = (t: Turned, days: number, more: More = {}): Promise<Advanced> =>
  advanceTo(t, new Date(t.clock.now.getTime() + days * dayMs), more)

/** A clock that is turned by hand, to be turned by an advance. */
export function turnable(clock: TestHouse['clock']): TurnableClock {
  let advancing: Span | null = null
  return {
    now: () => clock.now,
    read: () => ({ now: clock.now, standing: false, advance: advancing }),
    refresh: async () => undefined,
    stand: async () => undefined,
    async take(to) {
      if (advancing) throw new Refusal('clock_advancing')
      advancing = { from: clock.now, to }
      return {
        async turnTo(at) {
          if (at < clock.now) throw new Error('the clock never turns back')
          clock.now = at
        },
        async letGo() {
          advancing = null
        },
      }
    },
  }
}
