export type { Answer, Given, Route } from './call.ts'
export type { CallOptions } from './client.ts'
export type { AccountVerifications, CustomerFilters, Customers, Sessions } from './customers.ts'
export { RialtoApiError, RialtoConnectionError, RialtoError, RialtoTimeoutError } from './errors.ts'
export type {
  AccountEvent,
  CustomerEvent,
  EventCategory,
  EventType,
  PaymentEvent,
  ReportEvent,
  RialtoEvent,
  WebhookEvent,
} from './event.ts'
export type { EventFilters, Events, StreamOptions } from './events.ts'
export type * from './generated/api.generated.ts'
export type { ErrorCode } from './generated/errors.generated.ts'
export type { List, Page, PageOptions } from './list.ts'
export type { Machine } from './machine.ts'
export { cents, dollars } from './money.ts'
export type { Credits, NewPayment, NewRefund, PaymentFilters, Payments, Refunds, Transactions } from './payments.ts'
export { Rialto } from './rialto.ts'
export type { RialtoOptions } from './settings.ts'
export type { EndedSubscription, NewSubscription, WebhookSubscriptions } from './webhook-subscriptions.ts'
export {
  type VerifyOptions,
  type WebhookHeaders,
  type WebhookRefusal,
  WebhookVerificationError,
  webhooks,
} from './webhooks.ts'
