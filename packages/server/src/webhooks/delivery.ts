import type { Id } from '../kernel/id.ts'
import type { EndpointId } from './endpoint.ts'
import type { Event, EventType } from './event.ts'
import { nextTry } from './schedule.ts'

export type DeliveryId = Id<'delivery'>
export type DeliveryStatus = 'waiting' | 'delivered' | 'failed'

/**
 * An event told to an endpoint. It begins with the first attempt: what an endpoint has not been told yet is no row, but
 * what lies beyond its `toldTo`.
 */
export type Delivery = Readonly<{
  id: DeliveryId
  endpointId: EndpointId
  sequence: number
  eventId: Event['id']
  type: EventType
  happenedAt: Date
  status: DeliveryStatus
  /** Of its schedule, which begins again when somebody resends it. */
  tries: number
  /** In all. */
  attempts: number
  dueAt: Date | null
  createdAt: Date
  doneAt: Date | null
}>

/** What came of one call, in words that a merchant may see. */
export type Attempt = Readonly<{
  at: Date
  tookMs: number
  /** `delivered`: 2xx. `refused`: any other answer. The rest are the ways not to get one. */
  outcome: string
  httpStatus: number | null
  says: string | null
  responseBody: string | null
  retryAfterMs: number | null
}>

export const isSuccess = ({ outcome }: Attempt): boolean => outcome === 'delivered'
/** The receiver says that nobody will ever listen there again. */
export const isGone = ({ httpStatus }: Attempt): boolean => httpStatus === 410

/** What an attempt makes of a delivery. `dice`, from 0 to 1, is rolled if it failed. */
export function afterAttempt(delivery: Delivery, attempt: Attempt, now: Date, dice: () => number): Delivery {
  const tried = { ...delivery, tries: delivery.tries + 1, attempts: delivery.attempts + 1 }
  if (isSuccess(attempt)) return { ...tried, status: 'delivered', dueAt: null, doneAt: now }
  const dueAt = nextTry(tried.tries, now, attempt.retryAfterMs, dice())
  return dueAt
    ? { ...tried, status: 'waiting', dueAt, doneAt: null }
    : { ...tried, status: 'failed', dueAt: null, doneAt: now }
}
