import type { Call } from './call.ts'
import type { CallOptions } from './client.ts'
import type { EventCategory, EventType } from './event.ts'
import type { Subscribe, SubscriptionKey, Unsubscribe } from './generated/api.generated.ts'

/** Everything, or these categories or events. */
type Wanted =
  | Readonly<{ type: 'ALL' }>
  | Readonly<{ type: 'CATEGORY'; details: readonly EventCategory[] }>
  | Readonly<{ type: 'EVENT'; details: readonly EventType[] }>

export type NewSubscription = Omit<Subscribe, 'subscriptionDetails'> & Readonly<{ subscriptionDetails: Wanted }>
/** `subscriptionId` is the subscriptionKey that subscribing answered with. */
export type EndedSubscription = Omit<Unsubscribe, 'subscriptionDetails'> & Readonly<{ subscriptionDetails: Wanted }>

/** Where events are told. What else can be done with a subscription is done with call(). */
export type WebhookSubscriptions = Readonly<{
  /**
   * Keep the `secretKey` for webhooks.verify. Not tried again by itself when the answer is lost, since a second
   * subscription would tell everything twice.
   */
  subscribe(subscription: NewSubscription, options?: CallOptions): Promise<SubscriptionKey>
  /** Takes these events or categories away. ALL, or nothing left, ends the subscription. */
  unsubscribe(from: EndedSubscription, options?: CallOptions): Promise<SubscriptionKey>
}>

export const openWebhookSubscriptions = (call: Call): WebhookSubscriptions => ({
  subscribe: (body, options) => call('POST /v1/webhook/subscribe', { body, ...options }),
  unsubscribe: (body, options) => call('PUT /v1/webhook/unsubscribe', { body, ...options }),
})
