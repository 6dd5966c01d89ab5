import type { Id } from '../kernel/id.ts'

export const categories = ['ACCOUNT', 'CUSTOMER', 'PAYMENT', 'REPORT', 'WEBHOOK'] as const
export type Category = (typeof categories)[number]
export type ResourceType = 'payment' | 'customer' | 'account' | 'report' | 'webhook'

/** What the webhook's reader sees of a change: never a number of an account or a token. */
export type EventData = Readonly<Record<string, string | number | boolean | null>>

const customerId = '019b8eac-1180-7fec-ab66-ffc86f38d952'
const accountId = '019b8eac-1181-7a3c-9d0e-5b1f2c77a410'
const payment = { customerId, clientReferenceId: 'order-1042', transactionType: 'DEBIT' } as const
const endpoint = { url: 'https://shop.example/webhooks', failingSince: '2026-01-05T15:00:00.000Z' } as const

/** Every event that can be sent. The subscription filter, the docs page and the SDK's types are made of this table. */
export const events = {
  'payment.created': {
    ...{ category: 'PAYMENT', resource: 'payment', example: payment },
    says: 'The request was received and recorded.',
  },
  'payment.pending': {
    ...{ category: 'PAYMENT', resource: 'payment', example: payment },
    says: 'Awaiting the decision, fifteen minutes at most. A refund: awaiting the settlement of its payment.',
  },
  'payment.authorized': {
    ...{ category: 'PAYMENT', resource: 'payment', example: payment },
    says: 'Approved for processing. Not yet money.',
  },
  'payment.held': {
    ...{ category: 'PAYMENT', resource: 'payment', example: payment },
    says: "Approved; waits for the merchant's release.",
  },
  'payment.scheduled': {
    ...{ category: 'PAYMENT', resource: 'payment', example: payment },
    says: 'Assigned to a banking day: it stands in a file.',
  },
  'payment.initiated': {
    ...{ category: 'PAYMENT', resource: 'payment', example: payment },
    says: 'Sent to the bank network.',
  },
  'payment.succeeded': {
    ...{ category: 'PAYMENT', resource: 'payment', example: payment },
    says: 'Settled. A debit may still come back for sixty days.',
  },
  'payment.failed': {
    ...{ category: 'PAYMENT', resource: 'payment', example: { ...payment, achReturnCode: 'R01' } },
    says: 'Declined, or returned by the bank: see achReturnCode.',
  },
  'payment.canceled': {
    ...{ category: 'PAYMENT', resource: 'payment', example: payment },
    says: 'Canceled before it was sent.',
  },
  'payment.disbursed': {
    ...{ category: 'PAYMENT', resource: 'payment', example: payment },
    says: 'The payout that contains it has reached the merchant.',
  },
  'payment.double_refund_risk': {
    ...{ category: 'PAYMENT', resource: 'payment', example: { ...payment, achReturnCode: 'R10' } },
    says: 'It was returned by the bank after it had been refunded: the customer may have the money twice.',
  },
  'customer.created': {
    ...{ category: 'CUSTOMER', resource: 'customer', example: { customerId } },
    says: 'Linking began.',
  },
  'customer.activated': {
    ...{ category: 'CUSTOMER', resource: 'customer', example: { customerId } },
    says: 'A bank account is linked; the customer can pay.',
  },
  'customer.deactivated': {
    ...{ category: 'CUSTOMER', resource: 'customer', example: { customerId } },
    says: 'The customer must link again before paying.',
  },
  'customer.account.linked': {
    ...{ category: 'ACCOUNT', resource: 'account', example: { customerId, accountId, accountLastFourDigits: '0001' } },
    says: 'An account was chosen and authorized.',
  },
  'customer.account.deactivated': {
    ...{ category: 'ACCOUNT', resource: 'account', example: { customerId, accountId, accountLastFourDigits: '0001' } },
    says: 'An account can no longer be used.',
  },
  'report.available': {
    category: 'REPORT',
    resource: 'report',
    says: 'A report has been made: read it with GET /v1/reports/{id}/content.',
    example: {
      ...{ kind: 'TRANSACTIONS', name: 'Corner Store_Transactions_2026-01-05.csv' },
      ...{ from: '2026-01-05', to: '2026-01-05', rows: 12, bytes: 1480 },
      sha256: 'a8b1f0a3f62a5cf2a4c0d6f9c9d5c4d1e2b7a0f35d2c9be1b0a4d0f4c7e6a913',
    },
  },
  'webhook.failing': {
    ...{ category: 'WEBHOOK', resource: 'webhook', example: endpoint },
    says: 'An address of a subscription has not taken a delivery for an hour. Nothing is lost: deliveries wait.',
  },
  'webhook.disabled': {
    ...{ category: 'WEBHOOK', resource: 'webhook', example: { ...endpoint, reason: 'failing' } },
    says: 'A subscription was disabled: its address answered 410, or failed for five days. Enabled again, it catches up.',
  },
} as const satisfies Record<string, { category: Category; resource: ResourceType; says: string; example: EventData }>

export type EventType = keyof typeof events
export const eventTypes = Object.keys(events) as EventType[]

/** What happened, before it has an id. */
export type News = Readonly<{
  type: EventType
  merchantId: string
  resourceType: ResourceType
  resourceId: string
  data: EventData
  requestId?: string | null
}>

/** What happened, in its place among the merchant's events. */
export type Event = Readonly<{
  id: Id<'event'>
  type: EventType
  resourceType: ResourceType
  resourceId: string
  data: EventData
  requestId: string | null
  happenedAt: Date
  /** Among all of the merchant's, without gaps, from 1. */
  sequence: number
  /** How many events its resource had by then. What has a lower one than the last that was seen is stale. */
  resourceVersion: number
}>
