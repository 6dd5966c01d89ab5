import { RialtoConnectionError } from './errors.ts'
import { type HttpAnswer, wasNeverSent } from './http.ts'
import type { Machine } from './machine.ts'

const firstWaitMs = 500
const longestWaitMs = 8_000
/** Whoever is told to wait longer than this is better told at once. */
const longestRetryAfterMs = 60_000

/** What came of one attempt: an answer, or what was thrown. */
export type Outcome = Readonly<{ answer: HttpAnswer } | { error: unknown }>

export type Patience = Readonly<{
  /**
   * Waits and answers true when it should be tried again; false when this outcome is the last word. A call that is
   * `repeatable` may be made twice without being done twice; another one is tried again only if nobody looked at it.
   */
  another(outcome: Outcome, failures: number, repeatable: boolean, signal?: AbortSignal): Promise<boolean>
}>

export const openPatience = (maxRetries: number, { now, random, sleep }: Machine): Patience => ({
  async another(outcome, failures, repeatable, signal) {
    if (failures > maxRetries || !isWorthAnother(outcome, repeatable)) return false
    const asked = 'answer' in outcome ? (retryAfterMs(outcome.answer.header('retry-after'), now()) ?? 0) : 0
    if (asked > longestRetryAfterMs) return false
    await sleep(asked + backOffMs(failures, random()), signal)
    return true
  },
})

function isWorthAnother(outcome: Outcome, repeatable: boolean): boolean {
  if ('error' in outcome)
    return outcome.error instanceof RialtoConnectionError && (repeatable || wasNeverSent(outcome.error))
  const { status, body } = outcome.answer
  if (status === 429) return true
  if (status === 409) return (body as { errorCode?: string } | undefined)?.errorCode === 'IDEMPOTENCY_KEY_IN_USE'
  return repeatable && [500, 502, 503, 504].includes(status)
}

/** Twice as long each time, half of it by chance, so that those who failed together do not come back together. */
function backOffMs(failures: number, random: number): number {
  const longest = Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1))
  return Math.round((longest * (1 + random)) / 2)
}

/** Retry-After in milliseconds: it is written as seconds or as a date. */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime())
}
