import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Sql } from '../db/connect.ts'
import { assert } from '../kernel/assert.ts'
import { Refusal } from '../kernel/refusal.ts'
import { StartProblem } from '../kernel/start-problem.ts'
import type { ClockHand, Span, TurnableClock } from '../simulations/turnable-clock.ts'
import { type ClockRow, clockChannel, type Face, openClockRow, runningFrom, shows } from './clock-row.ts'

/** The real clock and real randomness. Only main/ may lend these. */
export const realNow = (): Date => new Date()

export const random = (bytes: number): Buffer => randomBytes(bytes)

/** Production has no clock but the real one, and takes no database in which time went otherwise. */
export async function insistOnRealTime(sql: Sql): Promise<void> {
  const [turned] = await sql`select 1 from house_clock where turn > 0`
  if (turned)
    throw new StartProblem(
      'This database is a sandbox whose clock was turned; production needs a database of its own: check DATABASE_URL.',
    )
}

const lock = 5_280_159
/** News may be lost, and a process may die while it turns the clock: everybody looks this often. */
const lookMs = 1_000

/**
 * House time where it may be turned, kept in one row of the database for all processes. Each remembers what the clock
 * shows and hears of changes. An advance whose process died is ended by whoever sees it first: the clock runs on.
 */
export async function openTurnableClock(sql: Sql, log: Logger): Promise<TurnableClock & { close(): Promise<void> }> {
  const row = await openClockRow(sql)
  const now = () => shows(row.face(), realNow())
  const complain = (error: unknown) => log.error({ err: error, part: 'clock' }, 'the clock could not be read')
  const look = () =>
    row
      .refresh()
      .then(() => mend(sql, row, log))
      .catch(complain)
  await mend(sql, row, log)
  const ear = await sql
    .listen(clockChannel, (turn) => void row.hear(turn).catch(complain), look)
    .catch((error: unknown) => {
      log.warn({ err: error, part: 'clock' }, 'changes of the clock are not heard, only read every second')
      return undefined
    })
  const looking = setInterval(look, lookMs)
  looking.unref()
  return {
    now,
    read: () => ({ now: now(), standing: row.face().standingAt !== null, advance: row.face().advance }),
    take: (to) => take(sql, row, to),
    refresh: row.refresh,
    async stand(standing) {
      await row.refresh()
      await row.change((from) => {
        if (from.advance) throw new Refusal('clock_advancing')
        const at = shows(from, realNow())
        return standing ? { ...from, standingAt: at } : runningFrom(at, realNow())
      })
    },
    async close() {
      clearInterval(looking)
      await ear?.unlisten().catch(() => undefined)
    },
  }
}

async function take(sql: Sql, row: ClockRow, to: Date): Promise<ClockHand> {
  const letGoOfLock = await holdLockSoon(sql, row)
  if (!letGoOfLock) throw new Refusal('clock_advancing')
  try {
    await row.refresh()
    await row.change((from) => {
      const at = shows(from, realNow())
      return { ...from, standingAt: at, advance: { from: at, to: to < at ? at : to } }
    })
  } catch (error) {
    await letGoOfLock()
    throw error
  }
  const ours = row.face().advance
  const turn = (next: (from: Face) => Face) =>
    row.insist((from) => {
      // A connection that broke has let go of the lock; somebody may have taken the clock since.
      assert(from.advance && isSame(from.advance, ours), 'the clock is still ours to turn')
      return next(from)
    })
  let held = true
  return {
    turnTo: (at) => turn((from) => ({ ...from, standingAt: at })),
    async letGo(standing) {
      if (!held) return
      held = false
      try {
        await turn((from) => (standing ? { ...from, advance: null } : runningFrom(shows(from, realNow()), realNow())))
      } finally {
        await letGoOfLock()
      }
    },
  }
}

const isSame = (one: Span, other: Span | null): boolean =>
  one.from.getTime() === other?.from.getTime() && one.to.getTime() === other.to.getTime()

/** Ends an advance that a process left behind when it died. */
async function mend(sql: Sql, row: ClockRow, log: Logger): Promise<void> {
  if (!row.face().advance) return
  const letGoOfLock = await holdLock(sql)
  if (!letGoOfLock) return
  try {
    await row.refresh()
    const mended = await row.change((from) =>
      from.advance ? runningFrom(shows(from, realNow()), realNow()) : undefined,
    )
    if (mended) log.warn({ at: shows(row.face(), realNow()) }, 'an advance of the clock was broken off; it runs on')
  } finally {
    await letGoOfLock()
  }
}

/** Whoever mends the clock, or has just arrived, holds the lock for another moment. */
async function holdLockSoon(sql: Sql, row: ClockRow): Promise<(() => Promise<void>) | undefined> {
  for (let tries = 0; tries < 25; tries++) {
    const letGo = await holdLock(sql)
    if (letGo) return letGo
    await row.refresh()
    if (row.face().advance) return undefined
    await sleep(20)
  }
  return undefined
}

/** Answers how to let go. Undefined: another process, or another call of this one, has it. */
async function holdLock(sql: Sql): Promise<(() => Promise<void>) | undefined> {
  const session = await sql.reserve()
  const [answer] = await session<{ got: boolean }[]>`select pg_try_advisory_lock(${lock}) as got`.catch(() => [])
  if (!answer?.got) {
    session.release()
    return undefined
  }
  return async () => {
    // A connection that was lost has let go by itself.
    await session`select pg_advisory_unlock(${lock})`.catch(() => undefined)
    session.release()
  }
}
