import { setTimeout as sleep } from 'node:timers/promises'

/** Due by the clock, whether or not those before are done. */
export async function pace(
  change: (index: number) => Promise<void>,
  perSecond: number,
  seconds: number,
): Promise<void> {
  const began = performance.now()
  const under: Promise<void>[] = []
  for (let index = 0; index < perSecond * seconds; index++) {
    const wait = began + (index / perSecond) * 1_000 - performance.now()
    if (wait > 0.5) await sleep(wait)
    under.push(change(index))
  }
  await Promise.all(under)
}
