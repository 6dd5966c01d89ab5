import type { Sql } from './db/connect.ts'

export type ClockSetting = Readonly<{
  at: Date
  standing: boolean
  /** Shows `at` until it is set again, whatever the time does: for what happens while the clock is being turned. */
  held?: boolean
}>

/** The clock of the pretend world. It runs with the machine's time, further on by what it was turned, or stands. */
export type Clock = Readonly<{
  now: () => Date
  isStanding: () => boolean
  set: (setting: ClockSetting) => Promise<void>
}>

type Row = Readonly<{ offsetMs: bigint; standingAt: Date | null }>

/** The clock as it was left, so that a restart turns nothing back. */
export async function openClock(sql: Sql, realNow: () => Date): Promise<Clock> {
  const [row] = await sql<Row[]>`
    select offset_ms as "offsetMs", standing_at as "standingAt" from world_clock`
  if (!row) throw new Error('broken promise: the world has a clock')
  let offsetMs = Number(row.offsetMs)
  let standingAt = row.standingAt
  let heldAt: Date | undefined

  return {
    now: () => heldAt ?? standingAt ?? new Date(realNow().getTime() + offsetMs),
    isStanding: () => standingAt !== null,
    async set({ at, standing, held }) {
      const offset = standing ? offsetMs : at.getTime() - realNow().getTime()
      await sql`update world_clock set offset_ms = ${offset}, standing_at = ${standing ? at : null}`
      offsetMs = offset
      standingAt = standing ? at : null
      heldAt = held ? at : undefined
    },
  }
}
