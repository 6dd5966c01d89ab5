import { setTimeout as sleep } from 'node:timers/promises'
import { follow } from './follow.ts'
import type { SimulationParts } from './simulation-parts.ts'

/** Two clocks that run are never read at the same moment. */
const marginMs = 2_000

/**
 * Brings the outside world's clock to ours where they have come apart: after an advance whose process died, or when one
 * of the two began anew. Whether it was needed. Does nothing while the clock is advanced.
 */
export async function bringTogether({ clock, world, collect }: SimulationParts): Promise<boolean> {
  await clock.refresh()
  if (clock.read().advance) return false
  const outside = await world.clock()
  const { now, standing, advance } = clock.read()
  const isBehind = outside.now.getTime() < now.getTime() - (standing ? 0 : marginMs)
  if (advance || (!isBehind && outside.standing === standing)) return false
  const { wrote } = await follow(world, now, standing)
  if (wrote > 0) await collect()
  return true
}

/** Looks every few seconds of real time. An outside world that is not there is waited for. */
export function keepTogether(parts: SimulationParts, everyMs = 5_000): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const keeping = (async () => {
    while (!stopping.signal.aborted) {
      const brought = await bringTogether(parts).catch(() => false)
      if (brought) parts.house.log.info({ now: parts.clock.now() }, "the outside world's clock was brought to ours")
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  })()
  return {
    stop: () => {
      stopping.abort()
      return keeping
    },
  }
}
