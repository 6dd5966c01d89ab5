import { setTimeout as sleep } from 'node:timers/promises'
import type { RialtoEvent } from '@rialto/node-sdk'
import { signatureHeaders } from '../../webhooks/signature.ts'

/** As long as the platform waits for a receiver. */
const patienceMs = 10_000
const firstRestMs = 250
const longestRestMs = 3_000
const mostText = 300

/** What the receiver answered; `status` null: nothing in time. `ms`: of the last attempt. */
export type Forwarded = Readonly<{ status: number | null; ms: number; attempts: number; says: string }>

/** Which outcomes are tried again: nobody there; also whatever is not 2xx; none. */
export const retryWords = ['down', 'failed', 'never'] as const
export type RetryWhen = (typeof retryWords)[number]

export type Forwarder = Readonly<{
  url: string
  secret: string
  retry: RetryWhen
  now: () => Date
  /** Hears, once for each event, that it is being tried again. */
  onWait: (why: string) => void
}>

type Tried = Omit<Forwarded, 'attempts'> & Readonly<{ isDown: boolean }>

/**
 * Tells the receiver an event as the platform would, signed by both families. Stays with it as `retry` says. Undefined:
 * the signal aborted before it was answered.
 */
export async function forward(
  forwarder: Forwarder,
  event: RialtoEvent,
  signal: AbortSignal,
): Promise<Forwarded | undefined> {
  for (let attempts = 1; ; attempts++) {
    const { isDown, ...tried } = await attempt(forwarder, event, signal)
    if (signal.aborted) return undefined
    const isGood = tried.status !== null && tried.status >= 200 && tried.status < 300
    const isWorthMore = forwarder.retry === 'failed' ? !isGood : forwarder.retry === 'down' && isDown
    if (!isWorthMore) return { ...tried, attempts }
    if (attempts === 1) forwarder.onWait(tried.status === null ? tried.says : `answered ${tried.status}`)
    await sleep(Math.min(longestRestMs, firstRestMs * 2 ** (attempts - 1)), undefined, { signal }).catch(
      () => undefined,
    )
    if (signal.aborted) return undefined
  }
}

/** The receiver is on the developer's own machine, or where they say: no address is refused here. */
async function attempt({ url, secret, now }: Forwarder, event: RialtoEvent, signal: AbortSignal): Promise<Tried> {
  const body = JSON.stringify(asDelivered(event))
  const began = performance.now()
  const took = () => Math.round(performance.now() - began)
  const tooLate = AbortSignal.timeout(patienceMs)
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Rialto-Webhooks/1',
        ...signatureHeaders([secret], { id: event.id, at: now(), body }),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, tooLate]),
    })
    const { status } = answer
    const ms = took()
    const says = await beginningOf(answer)
    // What stands before a program that is being started answers for it.
    return { status, ms, says, isDown: [502, 503, 504].includes(status) }
  } catch (error) {
    const says = tooLate.aborted ? `no answer within ${patienceMs / 1_000} seconds` : causeOf(error)
    return { status: null, ms: took(), says, isDown: !tooLate.aborted }
  }
}

/** The members of a delivery, in its order, which is another one than that of an answer of the API. */
function asDelivered(event: RialtoEvent): object {
  const {
    id,
    creationTime,
    eventType,
    clientReferenceId,
    resourceId,
    resourceType,
    paymentType,
    achReturnCode,
    ...more
  } = event as RialtoEvent & Partial<Record<'clientReferenceId' | 'paymentType' | 'achReturnCode', string>>
  const { metadata, sequence, resourceVersion, ...newer } = more
  // What is undefined is not written.
  return {
    ...{ id, creationTime, eventType, clientReferenceId, resourceId, resourceType, paymentType, achReturnCode },
    ...{ metadata, sequence, resourceVersion, ...newer },
  }
}

async function beginningOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length >= mostText) break
  }
  return text.slice(0, mostText).trim()
}

const causeOf = (error: unknown): string => {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } }
  return cause?.code ?? cause?.message ?? message
}
