import { setTimeout as sleep } from 'node:timers/promises'
import type { House } from '../house.ts'
import { announced, numberEvents } from './event.commands.ts'

/** What was not heard of is found by looking. Real time. */
const lookMs = 1_000

/**
 * Gives events their places as soon as it hears of them. Any number of processes may do this. `isPaused`: somebody else
 * does it meanwhile.
 */
export function startNumbering(
  house: Pick<House, 'sql' | 'log'>,
  isPaused: () => boolean = () => false,
): { stop(): Promise<void> } {
  let rung = true
  let wake = new AbortController()
  let isStopping = false
  const ring = () => {
    rung = true
    wake.abort()
  }
  const ear = house.sql.listen(announced, ring, ring).catch((error: unknown) => {
    house.log.warn({ err: error, part: 'numbering' }, 'new events are not heard of, only looked for every second')
    return undefined
  })
  const numbering = (async () => {
    while (!isStopping) {
      rung = false
      try {
        if (!isPaused()) await numberEvents(house)
      } catch (error) {
        house.log.error({ err: error, part: 'numbering' }, 'events got no places; it will be tried again')
        rung = false
      }
      if (rung || isStopping) continue
      wake = new AbortController()
      await sleep(lookMs, undefined, { signal: wake.signal }).catch(() => undefined)
    }
  })()
  return {
    async stop() {
      isStopping = true
      ring()
      await numbering
      await (await ear)?.unlisten().catch(() => undefined)
    },
  }
}
