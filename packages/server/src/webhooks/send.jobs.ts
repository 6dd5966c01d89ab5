import type { House } from '../house.ts'
import type { Outcome } from '../net/outbound.ts'
import type { Parcel } from './delivery.store.ts'
import { type Attempt, isGone, isSuccess } from './delivery.ts'
import type { Endpoint } from './endpoint.ts'
import { eventBody } from './event-body.ts'
import { circuitOpensAfter, retryAfterMs } from './schedule.ts'
import { signatureHeaders } from './signature.ts'

/** Calls that an endpoint is asked to bear at the same time. */
const inFlight = 16

export type Sent = Readonly<{ parcel: Parcel; attempt: Attempt }>

/**
 * Sends in order, some at a time, but never two about the same resource together. Answers with what was tried, which is
 * the beginning of what was given: it stops when the endpoint has failed often enough to be left alone.
 */
export async function sendAll(
  house: House,
  endpoint: Endpoint,
  secrets: readonly string[],
  parcels: readonly Parcel[],
): Promise<Sent[]> {
  const sent: Sent[] = []
  const about = new Map<string, Promise<unknown>>()
  let next = 0
  let failures = endpoint.health.failures
  let gone = false
  const work = async (): Promise<void> => {
    for (;;) {
      // A probe that fails is the only one of its round, so that there is nothing to stop.
      if (gone || (failures >= circuitOpensAfter && next > 0)) return
      const index = next++
      const parcel = parcels[index]
      if (!parcel) return
      const { resourceId } = parcel.event
      const call = (about.get(resourceId) ?? Promise.resolve()).then(() => send(house, endpoint, secrets, parcel))
      about.set(resourceId, call)
      const attempt = await call
      sent[index] = { parcel, attempt }
      failures = isSuccess(attempt) ? 0 : failures + 1
      gone ||= isGone(attempt)
    }
  }
  await Promise.all(Array.from({ length: Math.min(inFlight, parcels.length) }, work))
  return sent
}

async function send(house: House, endpoint: Endpoint, secrets: readonly string[], { event }: Parcel): Promise<Attempt> {
  const at = house.now()
  return attemptOf(await post(house, endpoint.url, secrets, event.id, JSON.stringify(eventBody(event))), at, house)
}

/** Signed by the clock on the wall: the receiver has no other. */
export const post = (
  house: Pick<House, 'outbound' | 'realNow'>,
  url: string,
  secrets: readonly string[],
  id: string,
  body: string,
): Promise<Outcome> =>
  house.outbound.post(url, {
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Rialto-Webhooks/1',
      ...signatureHeaders(secrets, { id, at: house.realNow(), body }),
    },
    body,
  })

const mostText = 4_096

export function attemptOf(outcome: Outcome, at: Date, { realNow }: Pick<House, 'realNow'>): Attempt {
  const tookMs = Math.round(outcome.tookMs)
  if (outcome.kind === 'failed')
    return {
      ...{ at, tookMs, outcome: outcome.why, httpStatus: null, responseBody: null, retryAfterMs: null },
      says: outcome.says.slice(0, 500),
    }
  const { status, body } = outcome
  const good = status >= 200 && status < 300
  return {
    ...{ at, tookMs, outcome: good ? 'delivered' : 'refused', httpStatus: status },
    says: good ? null : saysOf(status),
    // A text of the database holds no NUL, nor half a letter that the cut went through.
    responseBody: body === '' ? null : body.replaceAll('\0', '\uFFFD').slice(0, mostText).toWellFormed(),
    retryAfterMs: good ? null : retryAfterMs(outcome.retryAfter, realNow()),
  }
}

function saysOf(status: number): string {
  if (status >= 300 && status < 400)
    return `It answered ${status}. Redirects are not followed: subscribe the new address.`
  if (status === 410) return 'It answered 410: nobody listens here any more.'
  return `It answered ${status}; only 2xx counts as taken.`
}
