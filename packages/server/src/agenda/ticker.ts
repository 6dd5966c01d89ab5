import { setTimeout as sleep } from 'node:timers/promises'
import type { House } from '../house.ts'
import { handOverDue } from './agenda.commands.ts'

/**
 * Looks at the agenda every `everyMs` of real time and hands over what is due at house time. `isPaused`: somebody else
 * hands it over meanwhile, one thing after another.
 */
export function startTicker(
  house: House,
  everyMs = 500,
  isPaused: () => boolean = () => false,
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const ticking = (async () => {
    while (!stopping.signal.aborted) {
      try {
        while (!isPaused() && (await handOverDue(house.sql, house.now())) === 500) {}
      } catch (error) {
        house.log.error({ err: error, part: 'agenda' }, 'the agenda could not be read; it will be tried again')
      }
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  })()
  return {
    stop: () => {
      stopping.abort()
      return ticking
    },
  }
}
