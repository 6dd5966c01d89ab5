import type { Sql } from '../db/connect.ts'
import { untilTurn } from '../jobs/turns.ts'
import type { TurnableClock } from './turnable-clock.ts'

/**
 * Before each job, in every process: nobody works by yesterday's clock, and while the clock is advanced one job is done
 * after another, so that the same calls give the same events.
 */
export const inTurn =
  (sql: Sql, clock: TurnableClock) =>
  async (jobId: string): Promise<void> => {
    await clock.refresh()
    if (clock.read().advance) await untilTurn(sql, jobId)
  }
