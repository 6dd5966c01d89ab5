import { randomUUID } from 'node:crypto'

/** What the client takes from the machine it runs on. A test may lend its own. */
export type Machine = Readonly<{
  now: () => Date
  /** A request key for whoever brings none. */
  newKey: () => string
  /** From 0 to 1: spreads what would otherwise be tried again at the same moment. */
  random: () => number
  /** Rejects with the signal's reason as soon as it aborts. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}>

export const machine: Machine = {
  now: () => new Date(),
  newKey: randomUUID,
  random: Math.random,
  sleep: (ms, signal) => {
    let timer: ReturnType<typeof setTimeout>
    const slept = new Promise<void>((done) => {
      timer = setTimeout(done, ms)
    })
    return orAborted(slept, signal).finally(() => clearTimeout(timer))
  },
}

/** The promise, or the signal's reason if it aborts before. What is waited for goes on by itself. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
