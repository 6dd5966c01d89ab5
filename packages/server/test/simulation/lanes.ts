import { type Lane, openLane, type SimulationServer } from './server.ts'

/** Does some things for each of many, several at once, each in a lane of its own. Stops at the first that fails. */
export async function inLanes<T, R>(
  server: SimulationServer,
  lanes: number,
  all: readonly T[],
  work: (lane: Lane, one: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const waiting = [...all.entries()]
  let failed = false
  const run = async () => {
    const lane = await openLane(server)
    try {
      for (let next = waiting.shift(); next && !failed; next = waiting.shift())
        results[next[0]] = await work(lane, next[1])
    } catch (error) {
      failed = true
      throw error
    } finally {
      await lane.close()
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: Math.min(lanes, all.length) }, run))
  for (const one of ended) if (one.status === 'rejected') throw one.reason
  return results
}
