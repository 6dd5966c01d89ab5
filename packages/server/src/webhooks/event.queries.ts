import type { House } from '../house.ts'
import { looksLikeId, type MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { EventBell } from './event.bell.ts'
import { findEnds, findEventRow, listEventRows } from './event.store.ts'
import type { Event, EventType } from './event.ts'

type Reader = Pick<House, 'sql'>

export type EventsWanted = Readonly<{
  merchantId: MerchantId
  after: number
  /** Null: all. */
  types: readonly EventType[] | null
  resourceId: string | null
  limit: number
}>

/** `seenTo`: up to this place the sequence has been looked through. What comes after it is more. */
export type EventPage = Readonly<{ events: readonly Event[]; hasMore: boolean; seenTo: number }>

/** So many events of other types are passed over in one call. */
const mostPassedOver = 20_000

/** In the order of the sequence. A page may be empty and more may come all the same. */
export async function listEvents({ sql }: Reader, wanted: EventsWanted): Promise<EventPage> {
  const { merchantId, after, types, resourceId, limit } = wanted
  const { first, last } = await findEnds(sql, merchantId)
  if (after >= last) return { events: [], hasMore: false, seenTo: after }
  const from = Math.max(after, first - 1)
  // The events of one resource are found without passing over others.
  const upTo = types !== null && resourceId === null ? Math.min(last, from + mostPassedOver) : null
  const found = await listEventRows(sql, { ...wanted, after: from, upTo, limit: limit + 1 })
  const events = found.slice(0, limit)
  const end = events.at(-1)?.sequence ?? 0
  if (found.length > limit) return { events, hasMore: true, seenTo: end }
  // Meanwhile there may be newer ones than when the last was looked for.
  const seenTo = Math.max(end, upTo ?? last)
  return { events, hasMore: seenTo < last, seenTo }
}

/**
 * As listEvents, but waits up to `waitMs` of real time if there is nothing, or until `gone` says that nobody will read
 * the answer. Refuses too_many_waiting.
 */
export async function awaitEvents(
  house: Reader,
  bell: EventBell,
  wanted: EventsWanted,
  { waitMs, gone }: { waitMs: number; gone: AbortSignal },
): Promise<EventPage> {
  const until = performance.now() + waitMs
  const seat = bell.takeSeat(wanted.merchantId)
  try {
    let page = await listEvents(house, wanted)
    for (;;) {
      const left = until - performance.now()
      if (page.events.length > 0 || left <= 0) return page
      if (!page.hasMore && !(await seat.next(left, gone))) return page
      page = await listEvents(house, { ...wanted, after: page.seenTo })
    }
  } finally {
    seat.leave()
  }
}

/** The place of a merchant's newest event; 0 before the first. */
export const findNewest = async ({ sql }: Reader, merchantId: MerchantId): Promise<number> =>
  (await findEnds(sql, merchantId)).last

/** Refuses event_not_found, also for another merchant's. */
export async function getEvent({ sql }: Reader, merchantId: MerchantId, id: string): Promise<Event> {
  const event = looksLikeId(id) ? await findEventRow(sql, merchantId, id) : undefined
  if (!event) throw new Refusal('event_not_found')
  return event
}
