type Category = 'ACCOUNT' | 'CUSTOMER' | 'PAYMENT'

/** Every event that can be sent. The subscription filter and the docs page read this table. */
export const events = {
  'payment.created': { category: 'PAYMENT', says: 'The request was received and recorded.' },
  'payment.pending': { category: 'PAYMENT', says: 'Awaiting the decision, fifteen minutes at most.' },
  'payment.authorized': { category: 'PAYMENT', says: 'Approved for processing. Not yet money.' },
  'payment.failed': { category: 'PAYMENT', says: 'Declined: see the decision.' },
  'customer.created': { category: 'CUSTOMER', says: 'Linking began.' },
  'customer.activated': { category: 'CUSTOMER', says: 'A bank account is linked; the customer can pay.' },
  'customer.deactivated': { category: 'CUSTOMER', says: 'The customer must link again before paying.' },
  'customer.account.linked': { category: 'ACCOUNT', says: 'An account was chosen and authorized.' },
  'customer.account.deactivated': { category: 'ACCOUNT', says: 'An account can no longer be used.' },
} as const satisfies Record<string, { category: Category; says: string }>

export type EventType = keyof typeof events

/** What happened, before it has an id. `data` is what the webhook's reader sees: never a number or a token. */
export type News = Readonly<{
  type: EventType
  merchantId: string
  resourceType: 'payment' | 'customer' | 'account'
  resourceId: string
  data: Readonly<Record<string, string | number | boolean | null>>
  requestId?: string | null
}>
