import type { Client } from 'undici'

/** A connection's place among those that there may be, held from before it is opened until it is closed. */
export type Place = { readonly origin: string; client?: Client; isClosed: boolean }

export type Places = Readonly<{
  /** A kept connection, or a place to open one. Waits for one to come free; undefined: `signal` came first. */
  take(origin: string, signal: AbortSignal): Promise<Place | undefined>
  /** Says what stands in a place, as soon as it is open. */
  fill(place: Place, client: Client): Client
  /** Ends the use of a place: its connection is kept for the next call, or closed. */
  giveBack(place: Place, isKept: boolean): void
  /** Closes the connections that nobody uses. */
  closeIdle(): Promise<void>
}>

type Waiter = Readonly<{ origin: string; go: (place: Place) => void }>

/** At most so many connections to one origin and so many in all: an idle one is closed when another needs its place. */
export function openPlaces(most: Readonly<{ perOrigin: number; inAll: number }>): Places {
  const origins = new Map<string, { count: number; idle: Place[] }>()
  /** The one that has been idle longest comes first. */
  const idle = new Set<Place>()
  const waiting = new Set<Waiter>()
  let count = 0

  function takeNow(origin: string): Place | undefined {
    const here = origins.get(origin) ?? { count: 0, idle: [] }
    const kept = here.idle.pop()
    if (kept) {
      idle.delete(kept)
      return kept
    }
    if (here.count >= most.perOrigin) return undefined
    if (count >= most.inAll) {
      const [oldest] = idle
      if (!oldest) return undefined
      close(oldest)
    }
    here.count += 1
    count += 1
    origins.set(origin, here)
    return { origin, isClosed: false }
  }

  function close(place: Place): Promise<void> | undefined {
    if (place.isClosed) return undefined
    place.isClosed = true
    const here = origins.get(place.origin)!
    here.count -= 1
    count -= 1
    here.idle = here.idle.filter((one) => one !== place)
    idle.delete(place)
    if (here.count === 0) origins.delete(place.origin)
    return place.client?.destroy()
  }

  /** One place came free: for whoever has waited longest among those who can use it. */
  function serve(): void {
    for (const waiter of waiting) {
      const place = takeNow(waiter.origin)
      if (!place) continue
      waiting.delete(waiter)
      waiter.go(place)
      return
    }
  }

  return {
    take(origin, signal) {
      const place = takeNow(origin)
      if (place || signal.aborted) return Promise.resolve(place)
      return new Promise((resolve) => {
        const go = (free: Place | undefined) => {
          waiting.delete(waiter)
          signal.removeEventListener('abort', giveUp)
          resolve(free)
        }
        const giveUp = () => go(undefined)
        const waiter = { origin, go }
        signal.addEventListener('abort', giveUp)
        waiting.add(waiter)
      })
    },
    fill(place, client) {
      place.client = client
      client.once('disconnect', () => {
        close(place)
        serve()
      })
      return client
    },
    giveBack(place, isKept) {
      if (!isKept) close(place)
      else if (!place.isClosed) {
        origins.get(place.origin)!.idle.push(place)
        idle.add(place)
      }
      serve()
    },
    async closeIdle() {
      await Promise.all([...idle].map(close))
    },
  }
}
