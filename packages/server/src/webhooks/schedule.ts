const seconds = 1_000
const minutes = 60 * seconds
const hours = 60 * minutes

/** How long after a failed try the next one comes, in ms of house time. After the last one a person must resend. */
const retryDelaysMs = [
  5 * seconds,
  5 * minutes,
  30 * minutes,
  2 * hours,
  5 * hours,
  10 * hours,
  14 * hours,
  20 * hours,
  24 * hours,
] as const

/** A receiver that names a later moment is believed, within a day. */
const longestWaitMs = 24 * hours

/** Up to a tenth longer, so that what failed together does not come back together. `dice`: from 0 to 1. */
const jittered = (ms: number, dice: number): number => Math.round(ms * (1 + dice / 10))

/**
 * When to try again after so many tries. Undefined: the schedule is over. A receiver's Retry-After may make it later,
 * never sooner.
 */
export function nextTry(tries: number, now: Date, retryAfterMs: number | null, dice: number): Date | undefined {
  const delay = retryDelaysMs[tries - 1]
  if (delay === undefined) return undefined
  const wait = Math.max(jittered(delay, dice), Math.min(retryAfterMs ?? 0, longestWaitMs))
  return new Date(now.getTime() + wait)
}

/** Retry-After is a number of seconds or a date (RFC 9110, 10.2.3). Null: there is none, or it is neither. */
export function retryAfterMs(header: string | null, realNow: Date): number | null {
  if (header === null) return null
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * seconds
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - realNow.getTime())
}

/** So many failures one after another, and an endpoint is only probed. */
export const circuitOpensAfter = 5
const probeDelaysMs = [30 * seconds, 1 * minutes, 2 * minutes, 5 * minutes, 10 * minutes, 15 * minutes] as const

/**
 * When an endpoint that has failed so many times in a row is tried next at all. Undefined: whenever something is due.
 */
export function nextProbe(failures: number, now: Date): Date | undefined {
  if (failures < circuitOpensAfter) return undefined
  const delay = probeDelaysMs[Math.min(failures - circuitOpensAfter, probeDelaysMs.length - 1)] ?? 0
  return new Date(now.getTime() + delay)
}

/** The merchant is told when an endpoint has failed for this long. */
export const alertAfterMs = 1 * hours
/** And after this it is disabled. What it was not told waits for it. */
export const disableAfterMs = 5 * 24 * hours
