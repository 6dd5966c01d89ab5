const hour = 3_600_000

/** Offsets already asked for, by UTC hour. Pure but slow to find, and asked for again and again for the same days. */
const offsets = new Map<number, number>()
/** More than a year of hours; then begun afresh, so that it cannot grow for ever. */
const mostOffsets = 10_000

const clock = new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', timeZoneName: 'longOffset' })

/**
 * What America/New_York adds to UTC at an instant, in milliseconds: -5 hours in winter, -4 in summer. Taken from the
 * runtime's time zone data, so that a change of the law arrives with an update of Node. Instants from 1900 on, whose
 * changes all fall on a whole hour.
 */
export function easternOffsetMs(instantMs: number): number {
  const key = Math.floor(instantMs / hour)
  const known = offsets.get(key)
  if (known !== undefined) return known
  if (offsets.size >= mostOffsets) offsets.clear()
  const found = askRuntime(key * hour)
  offsets.set(key, found)
  return found
}

function askRuntime(instantMs: number): number {
  const name = clock.formatToParts(instantMs).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)$/.exec(name) ?? []
  if (sign === undefined) throw new Error(`the runtime does not know America/New_York: it says '${name}'`)
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

/**
 * The instant at which a clock in New York shows a wall time (given as if it were UTC, in milliseconds). A time that
 * the clock skips in March means the moment at which it jumps; a time that it shows twice in November, the first.
 */
export function easternInstantMs(wallMs: number): number {
  const day = 24 * hour
  const before = easternOffsetMs(wallMs - day)
  const after = easternOffsetMs(wallMs + day)
  const byOldTime = wallMs - before
  if (easternOffsetMs(byOldTime) === before) return byOldTime
  const byNewTime = wallMs - after
  if (easternOffsetMs(byNewTime) === after) return byNewTime
  // Skipped: by the old time it lies within the hour that begins with the jump.
  return Math.floor(byOldTime / hour) * hour
}
