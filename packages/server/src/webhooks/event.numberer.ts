import type { House } from '../house.ts'
import type { Taker } from '../jobs/held.ts'
import { announced, numberEvents } from './event.commands.ts'

/** What was not heard of is found by looking. Real time. */
const lookMs = 1_000

/**
 * Gives events their places as soon as it hears of them. Any number of processes may do this. `lanes`: does the
 * work of lanes that are woken by it. `isPaused`: somebody else does it meanwhile.
 */
export function startNumbering(
  house: Pick<House, 'sql' | 'log'>,
  lanes?: Taker,
  isPaused: () => boolean = () => false,
): { stop(): Promise<void> } {
  let rung = true
  let wake: () => void = () => undefined
  let isStopping = false
  const ring = () => {
    rung = true
    wake()
  }
  const ear = house.sql.listen(announced, ring, ring).catch((error: unknown) => {
    house.log.warn({ err: error, part: 'numbering' }, 'new events are not heard of, only looked for every second')
    return undefined
  })
  const numbering = (async () => {
    while (!isStopping) {
      rung = false
      try {
        if (!isPaused()) await numberEvents(house, lanes)
      } catch (error) {
        house.log.error({ err: error, part: 'numbering' }, 'events got no places; it will be tried again')
        rung = false
      }
      if (rung || isStopping) continue
      await new Promise<void>((end) => {
        const timer = setTimeout(end, lookMs)
        wake = () => {
          clearTimeout(timer)
          end()
        }
      })
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
