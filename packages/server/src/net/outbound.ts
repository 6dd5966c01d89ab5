import { assertOutsideTransaction } from '../db/connect.ts'
import { assert } from '../kernel/assert.ts'
import { readTarget, type Target } from './endpoint-url.ts'
import { connect, type Failure, failed } from './outbound-connect.ts'
import { type Answered, exchange, type Post, speakOver } from './outbound-exchange.ts'
import { openNames, type Resolve } from './outbound-names.ts'
import { openPlaces, type Place, type Places } from './outbound-places.ts'
import { type Allowed, readAllowed } from './public-address.ts'

/** What came of a call. Nothing is thrown for what the other side did. */
export type Outcome = (Answered | Failure) & Readonly<{ tookMs: number }>

/** The one door to addresses that merchants chose: docs/internals/outbound.md. */
export type Outbound = Readonly<{
  /**
   * Sends one request, at most once, and tells what came of it within the time cap. Never follows a redirect, and never
   * sends to an address that is neither public nor allowed.
   */
  post(url: string, post: Post): Promise<Outcome>
  /** Lets the calls under way end, each within its time cap, and closes all connections. */
  close(): Promise<void>
}>

export type OutboundOptions = Readonly<{
  /** Ranges and addresses that may be called although they are not public, as `parseAllowedAddresses` reads them. */
  allow: readonly string[]
  /** For a whole call, from waiting for a connection to the end of the body. */
  timeoutMs?: number
  /** Of an answer's body, what is kept. */
  mostBodyBytes?: number
  mostConnections?: Readonly<{ perOrigin: number; inAll: number }>
  resolve?: Resolve
}>

type Parts = Readonly<{ places: Places; resolve: Resolve; allowed: Allowed; mostBodyBytes: number }>

/** So many are remembered as they were read. */
const mostTargets = 1_000

export function openOutbound(options: OutboundOptions): Outbound {
  const { timeoutMs = 10_000, mostBodyBytes = 4_096, mostConnections = { perOrigin: 128, inAll: 1_024 } } = options
  const names = openNames()
  const parts: Parts = {
    places: openPlaces(mostConnections),
    resolve: options.resolve ?? names.resolve,
    allowed: readAllowed(options.allow),
    mostBodyBytes,
  }
  const underWay = new Set<Promise<unknown>>()
  let isClosed = false

  /** The same few addresses are called all day. */
  const targets = new Map<string, Target>()
  const targetOf = (url: string): Target | undefined => {
    const known = targets.get(url)
    if (known) return known
    const target = readTarget(url)
    if (targets.size >= mostTargets) targets.clear()
    if (target) targets.set(url, target)
    return target
  }

  async function timed(url: string, post: Post): Promise<Outcome> {
    const began = performance.now()
    const end = new AbortController()
    const timer = setTimeout(() => end.abort(), timeoutMs)
    try {
      const target = targetOf(url)
      const outcome = target
        ? await call(parts, target, post, end.signal)
        : failed('refused_address', 'This is not a web address that can be called.')
      return { ...outcome, tookMs: Math.round(performance.now() - began) }
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async post(url, post) {
      assertOutsideTransaction('the outbound client')
      assert(!isClosed, 'nothing is sent after the outbound client was closed')
      const work = timed(url, post)
      underWay.add(work)
      try {
        return await work
      } finally {
        underWay.delete(work)
      }
    },
    async close() {
      isClosed = true
      await Promise.allSettled(underWay)
      names.close()
      await parts.places.closeIdle()
    },
  }
}

async function call(parts: Parts, target: Target, post: Post, signal: AbortSignal): Promise<Answered | Failure> {
  const { places } = parts
  for (;;) {
    const place = await places.take(target.origin, signal)
    if (!place) return failed('timed_out', `Too many calls to ${target.host} are waiting for their answers.`)
    const wasKept = place.client !== undefined
    const outcome = await useOnce(parts, target, place, post, signal)
    if (outcome !== 'unsent') return outcome
    if (!wasKept) return failed('reset', 'The connection was closed before the call was sent.')
    // A kept connection that the other side had closed meanwhile: another is opened, and judged, in its stead.
  }
}

async function useOnce(
  parts: Parts,
  target: Target,
  place: Place,
  post: Post,
  signal: AbortSignal,
): Promise<Answered | Failure | 'unsent'> {
  let isKept = false
  try {
    const client = place.client ?? (await open(parts, target, place, signal))
    if ('why' in client) return client
    const { outcome, isDone } = await exchange(client, target.path, post, parts.mostBodyBytes, signal)
    isKept = isDone
    return outcome
  } finally {
    parts.places.giveBack(place, isKept)
  }
}

async function open(parts: Parts, target: Target, place: Place, signal: AbortSignal) {
  const opened = await connect(target, parts, signal)
  return 'why' in opened ? opened : parts.places.fill(place, speakOver(opened, target.origin))
}
