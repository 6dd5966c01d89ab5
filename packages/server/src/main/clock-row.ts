import type { Sql } from '../db/connect.ts'
import { assert } from '../kernel/assert.ts'
import type { Span } from '../simulations/turnable-clock.ts'

/** On which changes of the clock are told. */
export const clockChannel = 'clock_turned'

/** What the row says: house time is `standingAt`, or else so much ahead of real time. */
export type Face = Readonly<{ offsetMs: number; standingAt: Date | null; advance: Span | null }>

export const shows = ({ standingAt, offsetMs }: Face, real: Date): Date =>
  standingAt ?? new Date(real.getTime() + offsetMs)

/** Runs on from an instant. */
export const runningFrom = (at: Date, real: Date): Face => ({
  offsetMs: at.getTime() - real.getTime(),
  standingAt: null,
  advance: null,
})

/** The row, as this process knows it. */
export type ClockRow = Readonly<{
  face(): Face
  refresh(): Promise<void>
  /** A change was told of. */
  hear(turn: string): Promise<void>
  /** Changes the row, whoever else tries. Does nothing where `next` answers undefined. */
  change(next: (from: Face) => Face | undefined): Promise<boolean>
  /** Changes the row as this process knows it. Throws when somebody else has just changed it. */
  insist(next: (from: Face) => Face): Promise<void>
}>

type Known = Readonly<{ turn: bigint; face: Face }>

export async function openClockRow(sql: Sql): Promise<ClockRow> {
  let known = await read(sql)
  // News may overtake each other.
  const learn = (news: Known) => {
    if (news.turn >= known.turn) known = news
  }
  const refresh = async () => learn(await read(sql))
  async function write(face: Face): Promise<boolean> {
    const written = await save(sql, known.turn, face)
    if (written) learn(written)
    return written !== undefined
  }
  return {
    face: () => known.face,
    refresh,
    hear: async (turn) => (BigInt(turn) > known.turn ? refresh() : undefined),
    async change(next) {
      for (;;) {
        const face = next(known.face)
        if (!face) return false
        if (await write(face)) return true
        await refresh()
      }
    },
    async insist(next) {
      const mine = known.turn
      assert(await write(next(known.face)), `nobody else turns a clock that is held (turn ${mine})`)
    },
  }
}

type Row = { turn: bigint; offset: bigint; standing: Date | null; begun: Date | null; ends: Date | null }

async function read(sql: Sql): Promise<Known> {
  const [row] = await sql<Row[]>`select turn, offset_ms as offset, standing_at as standing, advance_from as begun,
    advance_to as ends from house_clock`
  assert(row, 'there is a clock')
  const { turn, offset, standing, begun, ends } = row
  const advance = begun && ends && { from: begun, to: ends }
  return { turn, face: { offsetMs: Number(offset), standingAt: standing, advance } }
}

/** Undefined: the row has been changed since that turn. */
async function save(sql: Sql, turn: bigint, face: Face): Promise<Known | undefined> {
  const [row] = await sql<{ turn: bigint }[]>`
    with turned as (
      update house_clock set offset_ms = ${face.offsetMs}, standing_at = ${face.standingAt}, turn = turn + 1,
        advance_from = ${face.advance?.from ?? null}, advance_to = ${face.advance?.to ?? null}
      where turn = ${turn} returning turn)
    select turn, pg_notify(${clockChannel}, turn::text) from turned`
  return row && { turn: row.turn, face }
}
