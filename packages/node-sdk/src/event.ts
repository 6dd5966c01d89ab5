import type { EventTypes } from './generated/events.generated.ts'

export type EventCategory = keyof EventTypes
export type EventType = EventTypes[EventCategory]

/** What every event has, by webhook and by API alike. */
type Told<Type extends EventType, Resource extends string, More> = {
  /** Of the event: the same in every delivery of it. */
  id: string
  creationTime: string
  eventType: Type
  resourceId: string
  resourceType: Resource
  /** Among all events of the merchant, without gaps, from 1: read on from it with events.list or events.stream. */
  sequence: number
  /** How many events the resource had by then. One that is lower than the last that you saw is stale. */
  resourceVersion: number
  metadata: { resourceId: string; resourceType: Resource } & More
}

/** About a payment, a credit or a refund: `resourceId` is its paymentId. */
export type PaymentEvent = Told<EventTypes['PAYMENT'], 'payment', PaymentMetadata> & {
  paymentType: 'DEBIT' | 'CREDIT'
  clientReferenceId?: string
  achReturnCode?: string
}
type PaymentMetadata = {
  customerId: string
  transactionType: 'DEBIT' | 'CREDIT'
  clientReferenceId?: string
  /** Of a refund: the payment that it gives back. */
  refundOf?: string
  /** Why it was declined. */
  reason?: string
  /** Why the bank sent it back. */
  achReturnCode?: string
}

/** `resourceId` is the customer's. */
export type CustomerEvent = Told<EventTypes['CUSTOMER'], 'customer', { customerId: string }>

/** `resourceId` is the account's. */
export type AccountEvent = Told<EventTypes['ACCOUNT'], 'account', AccountMetadata>
type AccountMetadata = { customerId: string; accountId: string; accountLastFourDigits: string }

/** `resourceId` is the report's. */
export type ReportEvent = Told<EventTypes['REPORT'], 'report', ReportMetadata>
type ReportMetadata = {
  kind: string
  name: string
  /** Whole days in New York, the last one included. */
  from: string
  to: string
  rows: number
  bytes: number
  sha256: string
}

/** About one of your own addresses for webhooks: `resourceId` is the subscription's. */
export type WebhookEvent = Told<EventTypes['WEBHOOK'], 'webhook', WebhookMetadata>
type WebhookMetadata = { url: string; failingSince?: string; reason?: string }

/**
 * Everything that a merchant is told, told apart by `eventType`. A newer platform may tell of more: let a `default`
 * pass over what you do not know.
 */
export type RialtoEvent = PaymentEvent | CustomerEvent | AccountEvent | ReportEvent | WebhookEvent
