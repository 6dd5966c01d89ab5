import { assertOutsideTransaction } from '../../db/connect.ts'
import { DropProblem } from '../file-drop.ts'

/** The calls of one drop, one after the other. */
export type Turns = Readonly<{
  /** Does the work when the calls before it have ended, however they ended. */
  take<T>(work: () => Promise<T>): Promise<T>
  /** The last turn. Who comes later is refused. */
  end(work: () => Promise<void>): Promise<void>
}>

/**
 * Two calls at once could write to one temporary file, and on one connection each would have to live with what the
 * other's timeout does to it. Whoever waits holds no transaction open.
 */
export function openTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  let ended: Promise<void> | undefined
  const after = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
  return {
    async take(work) {
      assertOutsideTransaction('the file drop')
      if (ended) throw new DropProblem('unreachable', 'The file drop is closed.')
      return after(work)
    },
    async end(work) {
      assertOutsideTransaction('the file drop')
      ended ??= after(work)
      await ended
    },
  }
}
