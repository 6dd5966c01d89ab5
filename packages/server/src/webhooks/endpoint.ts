import type { Id, MerchantId } from '../kernel/id.ts'
import { alertAfterMs, disableAfterMs, nextProbe } from './schedule.ts'
import type { Subscription } from './subscription.ts'

export type EndpointId = Id<'endpoint'>

/** By the merchant, by the receiver's 410, or because it failed for too long. */
export type DisabledWhy = 'by_merchant' | 'gone' | 'failing'

/** How an endpoint has been doing. Failures are counted from the last success on. */
export type Health = Readonly<{
  failures: number
  failingSince: Date | null
  /** The circuit is open: before this, nothing is sent. */
  probeAt: Date | null
  alertedAt: Date | null
}>

/** A merchant's address, and what it wants to be told. `endpoint` inside, subscription on the wire. */
export type Endpoint = Readonly<{
  id: EndpointId
  merchantId: MerchantId
  url: string
  description: string | null
  alertEmail: string | null
  subscription: Subscription
  status: 'enabled' | 'disabled' | 'ended'
  disabledWhy: DisabledWhy | null
  /** Up to this place in the sequence everything wanted has been tried, or waits as a delivery. */
  toldTo: number
  health: Health
  createdAt: Date
}>

export const healthy: Health = { failures: 0, failingSince: null, probeAt: null, alertedAt: null }

/** Tried once more, and it failed. */
export function failedAgain(health: Health, now: Date): Health {
  const failures = health.failures + 1
  return {
    failures,
    failingSince: health.failingSince ?? now,
    probeAt: nextProbe(failures, now) ?? null,
    alertedAt: health.alertedAt,
  }
}

/** What sustained failure leads to, now. */
export function dueForFailing({ failingSince, alertedAt }: Health, now: Date): 'disable' | 'alert' | 'nothing' {
  if (failingSince === null) return 'nothing'
  const forMs = now.getTime() - failingSince.getTime()
  if (forMs >= disableAfterMs) return 'disable'
  return forMs >= alertAfterMs && alertedAt === null ? 'alert' : 'nothing'
}

/** When to look again what sustained failure leads to. */
export function failureLookedAt({ failingSince, alertedAt }: Health): Date | null {
  if (failingSince === null) return null
  return new Date(failingSince.getTime() + (alertedAt === null ? alertAfterMs : disableAfterMs))
}
