type Category = 'ACCOUNT' | 'CUSTOMER' | 'PAYMENT' | 'REPORT'

/** Every event that can be sent. The subscription filter and the docs page read this table. */
export const events = {
  'payment.created': { category: 'PAYMENT', says: 'The request was received and recorded.' },
  'payment.pending': {
    category: 'PAYMENT',
    says: 'Awaiting the decision, fifteen minutes at most. A refund: awaiting the settlement of its payment.',
  },
  'payment.authorized': { category: 'PAYMENT', says: 'Approved for processing. Not yet money.' },
  'payment.held': { category: 'PAYMENT', says: "Approved; waits for the merchant's release." },
  'payment.scheduled': { category: 'PAYMENT', says: 'Assigned to a banking day: it stands in a file.' },
  'payment.initiated': { category: 'PAYMENT', says: 'Sent to the bank network.' },
  'payment.succeeded': { category: 'PAYMENT', says: 'Settled. A debit may still come back for sixty days.' },
  'payment.failed': { category: 'PAYMENT', says: 'Declined, or returned by the bank: see achReturnCode.' },
  'payment.canceled': { category: 'PAYMENT', says: 'Canceled before it was sent.' },
  'payment.disbursed': { category: 'PAYMENT', says: 'The payout that contains it has reached the merchant.' },
  'payment.double_refund_risk': {
    category: 'PAYMENT',
    says: 'It was returned by the bank after it had been refunded: the customer may have the money twice.',
  },
  'customer.created': { category: 'CUSTOMER', says: 'Linking began.' },
  'customer.activated': { category: 'CUSTOMER', says: 'A bank account is linked; the customer can pay.' },
  'customer.deactivated': { category: 'CUSTOMER', says: 'The customer must link again before paying.' },
  'customer.account.linked': { category: 'ACCOUNT', says: 'An account was chosen and authorized.' },
  'customer.account.deactivated': { category: 'ACCOUNT', says: 'An account can no longer be used.' },
  'report.available': {
    category: 'REPORT',
    says: 'A report has been made: read it with GET /v1/reports/{id}/content.',
  },
} as const satisfies Record<string, { category: Category; says: string }>

export type EventType = keyof typeof events

/** What happened, before it has an id. `data` is what the webhook's reader sees: never a number or a token. */
export type News = Readonly<{
  type: EventType
  merchantId: string
  resourceType: 'payment' | 'customer' | 'account' | 'report'
  resourceId: string
  data: Readonly<Record<string, string | number | boolean | null>>
  requestId?: string | null
}>
