/** Why work had to stop: its own time was over, or whoever waited for it no longer does. */
export type Stop = 'timeout' | 'aborted'

/**
 * Does work that must stop when its time is over or when any of the given signals says so; the reason of its signal is
 * a Stop. AbortSignal.any holds its sources weakly, so a timeout that nobody listens to for a moment may be collected
 * and never come; here a listener holds each of them for as long as the work lasts.
 */
export async function within<T>(
  ms: number,
  given: readonly (AbortSignal | null | undefined)[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const abort = () => controller.abort('aborted' satisfies Stop)
  const timer = setTimeout(() => controller.abort('timeout' satisfies Stop), ms)
  for (const signal of given) {
    signal?.addEventListener('abort', abort, { once: true })
    if (signal?.aborted) abort()
  }
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    for (const signal of given) signal?.removeEventListener('abort', abort)
  }
}
