import type { Call } from './call.ts'
import type { CallOptions } from './client.ts'
import { RialtoApiError, RialtoConnectionError } from './errors.ts'
import type { EventCategory, EventType, RialtoEvent } from './event.ts'
import type { EventWithDeliveries } from './generated/api.generated.ts'
import { type List, listOf, type Page } from './list.ts'
import type { Machine } from './machine.ts'

export type EventFilters = Readonly<{
  /** The `sequence` of the last event that you have. Absent: from the oldest that is kept. `latest`: from now on. */
  after?: number | string | undefined
  /** Only these, and those of the categories; all of them when both are absent. */
  types?: readonly EventType[] | undefined
  categories?: readonly EventCategory[] | undefined
  /** Only what is about this payment, customer and so on. */
  resourceId?: string | undefined
  /** How many a page has: 1 to 1000; 100 when absent. */
  limit?: number | undefined
}>

export type StreamOptions = EventFilters &
  Readonly<{
    /** Ends the stream, without an error. */
    signal?: AbortSignal | undefined
    /** How long the platform may keep a question open until something happens: 0 to 30; 20 when absent. */
    waitSeconds?: number | undefined
    /** Hears of every error that the stream goes on after. */
    onInterruption?: ((error: RialtoApiError | RialtoConnectionError) => void) | undefined
  }>

export type Events = Readonly<{
  /** An event, and to whom it was delivered. */
  get(eventId: string, options?: CallOptions): Promise<EventWithDeliveries>
  /** The events that there are, oldest first. */
  list(filters?: EventFilters, options?: CallOptions): List<RialtoEvent>
  /**
   * The events that there are, and then each one as it happens, until the signal aborts. Goes on by itself after
   * anything that passes (no connection, 429, 5xx), for as long as it takes; throws what does not pass. Keep the
   * `sequence` of the last event that you are done with, and begin after it the next time.
   */
  stream(options?: StreamOptions): AsyncIterable<RialtoEvent>
}>

/** An empty page that was answered at once is not asked for again before this. */
const restMs = 1_000
const longestRestMs = 30_000

export function openEvents(call: Call, { now, random, sleep }: Machine): Events {
  type Asked = EventFilters & CallOptions & Readonly<{ waitSeconds?: number }>
  async function read(asked: Asked): Promise<Page<RialtoEvent> & { nextCursor: string }> {
    const { after, types, categories, resourceId, limit, waitSeconds, signal } = asked
    const words = { types: types?.join(','), categories: categories?.join(','), resourceId }
    const numbers = { after: after?.toString(), limit: limit?.toString(), waitSeconds: waitSeconds?.toString() }
    const page = await call('GET /v1/events', { query: { ...words, ...numbers }, signal })
    // What an event of each type holds, the API's reference does not say as closely as event.ts.
    return { ...page, data: page.data as readonly unknown[] as readonly RialtoEvent[] }
  }

  async function* stream({ signal, onInterruption, ...filters }: StreamOptions = {}): AsyncGenerator<RialtoEvent> {
    const rest = (ms: number) => sleep(Math.max(0, ms), signal).catch(() => undefined)
    const { waitSeconds = 20 } = filters
    let after = filters.after
    for (let failures = 0; !signal?.aborted; ) {
      const began = now().getTime()
      try {
        const page = await read({ ...filters, after, waitSeconds, signal })
        failures = 0
        for (const event of page.data) {
          if (signal?.aborted) return
          yield event
        }
        after = page.nextCursor
        if (page.data.length === 0 && !page.hasMore) await rest(restMs - (now().getTime() - began))
      } catch (error) {
        if (signal?.aborted) return
        if (!passes(error)) throw error
        onInterruption?.(error)
        await rest(Math.min(longestRestMs, restMs * 2 ** failures++) * (1 + random()))
      }
    }
  }

  return {
    get: (id, options) => call('GET /v1/events/{id}', { params: { id }, ...options }),
    list: (filters = {}, options) =>
      listOf((after) => read({ ...filters, after, ...options }), filters.after?.toString()),
    stream,
  }
}

const passes = (error: unknown): error is RialtoApiError | RialtoConnectionError =>
  error instanceof RialtoConnectionError ||
  (error instanceof RialtoApiError && (error.status === 429 || error.status >= 500))
