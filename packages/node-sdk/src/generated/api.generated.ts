// Printed by `npm run print` from the server; a change here is overwritten.

/** Every call of the API: what its path, its query and its body hold, and what it answers. */
export type Operations = {
  /** Open a visit to the hosted linking flow for one customer */
  'POST /v1/sessions': {
    body: CreateSession
    answer: SessionKey
  }
  /** Read how far a visit to the hosted flow came */
  'GET /v1/sessions/{id}': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: Session
  }
  /** Read a customer and the account that pays */
  'GET /v1/customers/{id}': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: Customer
  }
  /** Let a customer go: end the consent at the bank and erase the bank data */
  'DELETE /v1/customers/{id}': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: undefined
  }
  /** Read a customer's accounts, the one that pays first */
  'GET /v1/customers/{id}/accounts': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: CustomerAccounts
  }
  /** List customers, newest first */
  'GET /v1/customers': {
    query?: {
      /** 1 to 100; 25 when absent. */
      limit?: string | undefined
      /** The nextCursor of the page before. */
      after?: string | undefined
      email?: string | undefined
    }
    answer: {
      data: CustomerSummary[]
      hasMore: boolean
      nextCursor: string | null
    }
  }
  /** Debit a customer's linked account, or credit it */
  'POST /v1/payments': {
    body: CreatePayment
    answer: PaymentResult
  }
  /** List payments, credits and refunds, newest first */
  'GET /v1/payments': {
    query?: {
      /** 1 to 100; 25 when absent. */
      limit?: string | undefined
      /** The nextCursor of the page before. */
      after?: string | undefined
      /** PENDING, HELD, AUTHORIZED, SCHEDULED, INITIATED, SUCCEEDED, RETRYABLE_FAILED, TERMINAL_FAILED, CANCELED */
      status?: string | undefined
      /** DEBIT, CREDIT */
      paymentType?: string | undefined
      /** The refunds of this payment. */
      refundOf?: string | undefined
      customerId?: string | undefined
      requestKey?: string | undefined
      clientReferenceId?: string | undefined
      /** ISO 8601, inclusive. */
      createdFrom?: string | undefined
      /** ISO 8601, exclusive. */
      createdBefore?: string | undefined
    }
    answer: {
      data: PaymentSummary[]
      hasMore: boolean
      nextCursor: string | null
    }
  }
  /** Read a payment, a credit or a refund: its states, why it was approved, until when it may come back */
  'GET /v1/payments/{id}': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: Payment
  }
  /** Cancel a payment, a credit or a refund that is not in a file yet */
  'POST /v1/payments/{id}/cancel': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: PaymentResult
  }
  /** Let a held payment go */
  'PUT /v1/payments/{id}/release': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: PaymentResult
  }
  /** Let a held payment go */
  'POST /v1/payments/{id}/release': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: PaymentResult
  }
  /** Present a payment again that came back with R01 or R09 */
  'POST /v1/payments/{id}/retry': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: PaymentResult
  }
  /** Give back what a payment took, or part of it */
  'POST /v1/refunds': {
    body: CreateRefund
    answer: RefundResult
  }
  /** Read the state of a payment, a credit or a refund */
  'GET /v1/transactions/{id}': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: Transaction
  }
  /** List settlements, newest first */
  'GET /v1/settlements': {
    query?: {
      /** 1 to 100; 25 when absent. */
      limit?: string | undefined
      /** The nextCursor of the page before. */
      after?: string | undefined
      /** ACCEPTED, SCHEDULED, INITIATED, PAID, RETURNED, CANCELED */
      status?: string | undefined
      /** Made on this day or later, YYYY-MM-DD. */
      from?: string | undefined
      /** Made on this day or earlier, YYYY-MM-DD. */
      to?: string | undefined
    }
    answer: {
      data: Settlement[]
      hasMore: boolean
      nextCursor: string | null
    }
  }
  /** Read a settlement: what it pays out, line by line */
  'GET /v1/settlements/{id}': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: Settlement
  }
  /** List the payments, refunds, credits and returns of a settlement, in the order in which they happened */
  'GET /v1/settlements/{id}/payments': {
    params: {
      /** A UUID. */
      id: string
    }
    query?: {
      /** 1 to 100; 25 when absent. */
      limit?: string | undefined
      /** The nextCursor of the page before. */
      after?: string | undefined
    }
    answer: {
      data: SettlementPayment[]
      hasMore: boolean
      nextCursor: string | null
    }
  }
  /** List reports, newest first */
  'GET /v1/reports': {
    query?: {
      /** 1 to 100; 25 when absent. */
      limit?: string | undefined
      /** The nextCursor of the page before. */
      after?: string | undefined
      /** TRANSACTIONS, PAYOUT */
      kind?: string | undefined
    }
    answer: {
      data: Report[]
      hasMore: boolean
      nextCursor: string | null
    }
  }
  /** Read what a report is */
  'GET /v1/reports/{id}': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: Report
  }
  /** Download a report's file */
  'GET /v1/reports/{id}/content': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: string
  }
  /** Read how many of your debits come back, and how many may */
  'GET /v1/return-rates': {
    answer: ReturnRates
  }
  /** Banking days, cut-offs, and when a payment that makes them settles */
  'GET /v1/rails/ach/calendar': {
    query?: {
      /** The first day, `YYYY-MM-DD`; today in New York when absent. */
      from?: string | undefined
      /** 1 to 400 calendar days; up to the tenth banking day ahead when absent. */
      days?: string | undefined
    }
    answer: Calendar
  }
  /** Subscribe an address to events */
  'POST /v1/webhook/subscribe': {
    body: Subscribe
    answer: SubscriptionKey
  }
  /** Take some of its events away from a subscription, or end it */
  'PUT /v1/webhook/unsubscribe': {
    body: Unsubscribe
    answer: SubscriptionKey
  }
  /** List subscriptions, newest first */
  'GET /v1/webhook/subscriptions': {
    query?: {
      /** 1 to 100; 25 when absent. */
      limit?: string | undefined
      /** The nextCursor of the page before. */
      after?: string | undefined
    }
    answer: {
      data: Subscription[]
      hasMore: boolean
      nextCursor: string | null
    }
  }
  /** Read a subscription, and how it is doing */
  'GET /v1/webhook/subscriptions/{id}': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: Subscription
  }
  /** Change a subscription; disable it, or enable it again */
  'PATCH /v1/webhook/subscriptions/{id}': {
    params: {
      /** A UUID. */
      id: string
    }
    body: UpdateSubscription
    answer: Subscription
  }
  /** Sign with another secret from now on, and with both for a while */
  'POST /v1/webhook/subscriptions/{id}/rotate-secret': {
    params: {
      /** A UUID. */
      id: string
    }
    body: RotateSecret
    answer: RotatedSecret
  }
  /** Send an example of an event now, and see what comes of it */
  'POST /v1/webhook/subscriptions/{id}/examples': {
    params: {
      /** A UUID. */
      id: string
    }
    body: SendExample
    answer: ExampleOutcome
  }
  /** See how a subscription has done in the last 24 hours and 7 days */
  'GET /v1/webhook/subscriptions/{id}/statistics': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: SubscriptionStatistics
  }
  /** List the deliveries of a subscription, the newest event first */
  'GET /v1/webhook/subscriptions/{id}/deliveries': {
    params: {
      /** A UUID. */
      id: string
    }
    query?: {
      /** 1 to 100; 25 when absent. */
      limit?: string | undefined
      /** The nextCursor of the page before. */
      after?: string | undefined
      /** WAITING, DELIVERED, FAILED */
      status?: string | undefined
      eventType?: string | undefined
    }
    answer: {
      data: WebhookDelivery[]
      hasMore: boolean
      nextCursor: string | null
    }
  }
  /** Read a delivery: its event, and what each attempt met */
  'GET /v1/webhook/deliveries/{id}': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: WebhookDeliveryWithAttempts
  }
  /** Send a delivery again, whatever came of it before */
  'POST /v1/webhook/deliveries/{id}/resend': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: WebhookDelivery
  }
  /** Send again whatever has failed since then, or waits for its next attempt */
  'POST /v1/webhook/subscriptions/{id}/resend-failed': {
    params: {
      /** A UUID. */
      id: string
    }
    body: ResendFailed
    answer: Resent
  }
  /** Tell a subscription a stretch of events again, or for the first time */
  'POST /v1/webhook/subscriptions/{id}/replays': {
    params: {
      /** A UUID. */
      id: string
    }
    body: Replay
    answer: NothingToReplay | ReplayMade
  }
  /** List the replays of a subscription that are under way */
  'GET /v1/webhook/subscriptions/{id}/replays': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: {
      data: ReplayUnderWay[]
      hasMore: boolean
      nextCursor: string | null
    }
  }
  /** List events in their order, and wait for the next */
  'GET /v1/events': {
    query?: {
      /** What comes after this sequence; from the beginning when absent; latest: what happens from now on. */
      after?: string | undefined
      /** 1 to 1000; 100 when absent. */
      limit?: string | undefined
      types?: string | undefined
      /** Their events, beside those of types. */
      categories?: string | undefined
      /** About this payment, customer and so on. */
      resourceId?: string | undefined
      /** 0 to 30: how long to wait if there is nothing; 0 when absent. */
      waitSeconds?: string | undefined
    }
    answer: EventsPage
  }
  /** Read an event, and to whom it was delivered */
  'GET /v1/events/{id}': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: EventWithDeliveries
  }
  /** List what your programs asked of the API, and wait for the next */
  'GET /v1/requests': {
    query?: {
      /** The nextCursor of the page before; from the oldest when absent; latest: what comes from now on. */
      after?: string | undefined
      /** In place of after: the newest so many. */
      last?: string | undefined
      /** 1 to 1000; 100 when absent. */
      limit?: string | undefined
      /** Only these. */
      status?: string | undefined
      /** 0 to 25: how long to wait if there is nothing; 0 when absent. */
      waitSeconds?: string | undefined
    }
    answer: RequestsPage
  }
  /** Read how a call went */
  'GET /v1/requests/{requestId}': {
    params: {
      /** Its X-Request-Id. */
      requestId: string
    }
    answer: ApiRequest
  }
  /** Read the clock, and how far an advance is */
  'GET /v1/sandbox/clock': {
    answer: Clock
  }
  /** Make the clock stand, or let it run on */
  'PUT /v1/sandbox/clock': {
    body: SetClock
    answer: Clock
  }
  /** Move time forward: everything that is due on the way happens, in order */
  'POST /v1/sandbox/clock/advance': {
    body: AdvanceClock
    answer: Advanced
  }
  /** Settle a payment now */
  'POST /v1/sandbox/payments/{id}/settle': {
    params: {
      /** A UUID. */
      id: string
    }
    answer: SimulatedPayment
  }
  /** Let a payment come back now, with a return code */
  'POST /v1/sandbox/payments/{id}/return': {
    params: {
      /** A UUID. */
      id: string
    }
    body: SimulateReturn
    answer: SimulatedPayment
  }
  /** Let the bank notify of a change of account data */
  'POST /v1/sandbox/payments/{id}/correct': {
    params: {
      /** A UUID. */
      id: string
    }
    body: SimulateCorrection
    answer: SimulatedPayment
  }
  /** List the amounts that mean something to the pretend banks */
  'GET /v1/sandbox/magic-amounts': {
    answer: {
      data: MagicAmount[]
    }
  }
  /** List the rules in force, in order */
  'GET /v1/sandbox/rules': {
    answer: {
      data: Rule[]
    }
  }
  /** Say what shall happen to payments that match */
  'POST /v1/sandbox/rules': {
    body: NewRule
    answer: Rule
  }
  /** Take a rule back */
  'DELETE /v1/sandbox/rules/{ruleId}': {
    params: {
      ruleId: string
    }
    answer: undefined
  }
  /** List what is set to go wrong */
  'GET /v1/sandbox/faults': {
    answer: {
      data: Fault[]
    }
  }
  /** Let something go wrong between us and our bank */
  'POST /v1/sandbox/faults': {
    body: NewFault
    answer: Fault
  }
  /** Let nothing go wrong any more */
  'DELETE /v1/sandbox/faults': {
    answer: undefined
  }
}

export type AccountDetails = {
  financialInstitutionName: string
  accountLastFourDigits: string
  /** checking or savings. */
  accountType: string
  accountStatus: 'CREATED' | 'ACTIVE' | 'INACTIVE' | 'ABANDON'
  /** The account that pays. */
  preferred: boolean
  creationDate: string
}

export type Address = {
  /** Street and number. */
  streetAddress?: string | null | undefined
  /** City. */
  city?: string | null | undefined
  /** State. */
  stateOrProvince?: string | null | undefined
  /** ZIP code. */
  postalCode?: string | null | undefined
  /** Country. */
  country?: string | null | undefined
}

export type AdvanceClock = {
  /** An instant with its zone. */
  to?: string | undefined
  by?: string | {
    /** To the same time of day in New York, so many banking days later. */
    bankingDays: number
  } | undefined
  /** Stop as soon as you have this event. */
  untilEvent?: string | undefined
  /** With untilEvent: about this payment. */
  paymentId?: string | undefined
  /** With untilEvent: a duration; P70D when absent. */
  atMost?: string | undefined
  /** Stand at the end, instead of running on. */
  standing?: boolean | undefined
}

export type Advanced = {
  /** ISO 8601 with milliseconds, UTC. */
  from: string
  /** ISO 8601 with milliseconds, UTC. */
  now: string
  standing: boolean
  /** How many things were due. */
  steps: number
  /** How many jobs were asked for. */
  jobs: number
  /** How many jobs have failed and wait to be tried again. */
  failedJobs: number
  /** Your events on the way, by type. */
  events: { [name: string]: number }
  /** With untilEvent: whether it came. */
  found?: boolean
}

export type Amount = {
  /** Dollars, above 0, at most two decimals. */
  value: number
  /** USD */
  currency: string
}

export type ApiRequest = {
  /** X-Request-Id of the answer. */
  requestId: string
  /** When it came, in real time. */
  at: string
  method: string
  route: string
  /** Without the query. */
  path: string
  status: number
  errorCode?: string
  /** How long it took. */
  ms: number
  clientId: string
  userAgent?: string
}

export type AttemptFigures = {
  /** Calls made; the newest 100,000 where there were more. */
  attempts: number
  delivered: number
  failed: number
  /** From 0 to 1. */
  successRate?: number
  /** Half of the calls took this long at most. */
  medianMs?: number
  /** Nineteen of twenty did. */
  p95Ms?: number
}

export type Calendar = {
  /** Whose days these are. */
  timeZone: string
  days: CalendarDay[]
}

export type CalendarDay = {
  /** A day of the calendar. */
  date: string
  /** ACH settles on banking days only. */
  isBankingDay: boolean
  /** A holiday of the Federal Reserve that is kept, or falls, on it. */
  holiday?: string
  /** In the order of the day; none on other days. */
  cutOffs: CutOff[]
}

export type Clock = {
  /** ISO 8601 with milliseconds, UTC. */
  now: string
  /** It shows the same instant until it is advanced or let run. */
  standing: boolean
  advancing: null | {
    /** ISO 8601 with milliseconds, UTC. */
    from: string
    /** ISO 8601 with milliseconds, UTC. */
    to: string
    /** ISO 8601 with milliseconds, UTC. */
    at: string
  }
  /** When the next thing happens, here or in the pretend outside world. */
  nextDueAt: null | string
}

/** From CUSTOMER to MERCHANT: a debit. From MERCHANT to CUSTOMER: a credit. */
export type CreatePayment = {
  source: Source
  destination: Destination
  amount: Amount
  /** Yours, unique for ever among payments, credits and refunds. A second one is refused. */
  requestKey: string
  /** Yours, stored with the payment. */
  clientReferenceId?: string | null | undefined
  /** Travels to the customer's bank. */
  softDescriptor?: string | null | undefined
}

export type CreateRefund = {
  /** The debit that is given back, or part of it. */
  paymentId: string
  amount: Amount
  /** Yours, unique for ever among payments, credits and refunds. A second one is refused. */
  requestKey: string
  /** Yours, stored with the payment. */
  clientReferenceId?: string | null | undefined
  /** Travels to the customer's bank. */
  softDescriptor?: string | null | undefined
}

export type CreateSession = {
  firstName: string
  lastName: string
  email: string
  /** For the customer record only. */
  phoneNumber?: string | null | undefined
  /** PAY (the default) or VERIFY. */
  product?: string | null | undefined
  billingAddress?: Address | undefined
  shippingAddress?: Address | undefined
  items?: readonly {
    /** What it is. */
    description?: string | null | undefined
    amount?: number | {
      value: number
      currency?: string | undefined
    } | undefined
    /** DIGITAL or PHYSICAL. */
    goodType?: string | null | undefined
  }[] | undefined
  totalAmount?: number | {
    value: number
    currency?: string | undefined
  } | undefined
  subTotalAmount?: number | {
    value: number
    currency?: string | undefined
  } | undefined
  discountAmount?: number | {
    value: number
    currency?: string | undefined
  } | undefined
  shippingAmount?: number | {
    value: number
    currency?: string | undefined
  } | undefined
  taxAmount?: number | {
    value: number
    currency?: string | undefined
  } | undefined
}

export type Customer = {
  id: string
  firstName: string
  lastName: string
  email: string
  customerStatus: 'CREATED' | 'ACTIVE' | 'INACTIVE'
  creationDate: string
  accountDetails?: AccountDetails
}

export type CustomerAccounts = {
  id: string
  customerId: string
  accountDetails: {
    accountId: string
    financialInstitutionId: number
    financialInstitutionName: string
    logoUrl: string
    iconUrl: string
    accountLastFourDigits: string
    accountType: string
    accountStatus: 'CREATED' | 'ACTIVE' | 'INACTIVE' | 'ABANDON'
    preferred: boolean
    routingNumber: string
    creationDate: string
  }[]
}

export type CustomerSummary = {
  id: string
  firstName: string
  lastName: string
  email: string
  customerStatus: 'CREATED' | 'ACTIVE' | 'INACTIVE'
  creationDate: string
}

export type CutOff = {
  /** What is authorized before this moment goes out with it. */
  at: string
  speed: 'same_day' | 'standard'
  /** The effective entry date that the file says. */
  effectiveDate: string
  /** When it settles if all goes well. */
  expectedSettlement: string
}

export type DeliveryAttempt = {
  /** When it began. */
  at: string
  /** DELIVERED: it answered 2xx. REFUSED: it answered something else. Otherwise, why there is no answer. */
  outcome: string
  tookMs: number
  httpStatus?: number
  /** The same in words. */
  says?: string
  /** The first 4096 characters of the answer. */
  responseBody?: string
}

export type Destination = {
  id: string
  /** CUSTOMER or MERCHANT. */
  type: string
}

export type ErrorBody = {
  errorId: number
  errorCode: string
  errorMessage: string
  errorSeverity: string
  requestId: string
  /** A page that explains this error. */
  docs: string
  existingPaymentId?: string
  /** The state that is in the way. */
  paymentStatus?: string
  /** What can be done instead. */
  possible?: string[]
  refundableAmount?: {
    value: number
    currency: string
  }
  errors?: {
    pointer: string
    code: string
    message: string
  }[]
}

export type Event = {
  id: string
  creationTime: string
  eventType: 'payment.created' | 'payment.pending' | 'payment.authorized' | 'payment.held' | 'payment.scheduled' | 'payment.initiated' | 'payment.succeeded' | 'payment.failed' | 'payment.canceled' | 'payment.disbursed' | 'payment.double_refund_risk' | 'customer.created' | 'customer.activated' | 'customer.deactivated' | 'customer.account.linked' | 'customer.account.deactivated' | 'report.available' | 'webhook.failing' | 'webhook.disabled'
  clientReferenceId?: string
  resourceId: string
  resourceType: string
  paymentType?: string
  achReturnCode?: string
  /** The same, and what else is known of such an event. */
  metadata: { [name: string]: string | number | boolean | null }
  /** Its place among all of your events: 1, 2, 3, without gaps. */
  sequence: number
  /** How many events its resource had by then, this one among them. */
  resourceVersion: number
}

export type EventWithDeliveries = {
  id: string
  creationTime: string
  eventType: 'payment.created' | 'payment.pending' | 'payment.authorized' | 'payment.held' | 'payment.scheduled' | 'payment.initiated' | 'payment.succeeded' | 'payment.failed' | 'payment.canceled' | 'payment.disbursed' | 'payment.double_refund_risk' | 'customer.created' | 'customer.activated' | 'customer.deactivated' | 'customer.account.linked' | 'customer.account.deactivated' | 'report.available' | 'webhook.failing' | 'webhook.disabled'
  clientReferenceId?: string
  resourceId: string
  resourceType: string
  paymentType?: string
  achReturnCode?: string
  /** The same, and what else is known of such an event. */
  metadata: { [name: string]: string | number | boolean | null }
  /** Its place among all of your events: 1, 2, 3, without gaps. */
  sequence: number
  /** How many events its resource had by then, this one among them. */
  resourceVersion: number
  deliveries: WebhookDelivery[]
}

export type EventsPage = {
  data: Event[]
  /** Ask again at once. A page may be empty and more may come all the same. */
  hasMore: boolean
  /** The `after` of the next call, always. */
  nextCursor: string
}

export type ExampleOutcome = {
  /** DELIVERED: it answered 2xx. REFUSED: it answered something else. Otherwise, why there is no answer. */
  outcome: string
  tookMs: number
  httpStatus?: number
  /** The same in words. */
  says?: string
  /** The first 4096 characters of the answer. */
  responseBody?: string
  sent: ExampleSent
}

export type ExampleSent = {
  /** Without the signatures. */
  headers: { [name: string]: string }
  /** As it was sent and signed, byte for byte. */
  body: string
}

export type Fault = {
  id: string
  /** lose_acknowledgment, deliver_twice, repeat_returns, untimely_return, refuse_file, bank_down */
  kind: string
  /** With deliver_twice: acknowledgment, settlement, returns */
  report?: string
  /** How often; once, or bank_down until faults are deleted, when absent. */
  times?: number
}

export type MagicAmount = {
  amounts: string
  outcome: string
  code: string
  when: string
  example: {
    amount: string
    code: string
  }
}

export type NewFault = {
  /** lose_acknowledgment, deliver_twice, repeat_returns, untimely_return, refuse_file, bank_down */
  kind: string
  /** With deliver_twice: acknowledgment, settlement, returns */
  report?: string | undefined
  /** How often; once, or bank_down until faults are deleted, when absent. */
  times?: number | undefined
}

export type NewRule = {
  match: {
    routingNumber?: string | undefined
    accountNumber?: string | undefined
    /** Dollars and cents. */
    amount?: string | undefined
    name?: string | undefined
    individualId?: string | undefined
  }
  outcome: {
    /** return or correct */
    kind: string
    code: string
    /** With return: after settlement. */
    afterBankingDays?: number | undefined
    /** With return: calendar days after settlement. */
    afterDays?: number | undefined
    /** With correct. */
    correctedData?: string | undefined
  }
  /** How often; until it is deleted when absent. */
  times?: number | undefined
}

export type NothingToReplay = {
  says: string
}

export type Payment = {
  paymentId: string
  paymentStatus: 'PENDING' | 'HELD' | 'AUTHORIZED' | 'SCHEDULED' | 'INITIATED' | 'SUCCEEDED' | 'RETRYABLE_FAILED' | 'TERMINAL_FAILED' | 'CANCELED'
  clientReferenceId?: string
  errorDetails?: {
    /** PAYMENT_DECLINED, or the return code of the bank. */
    errorCode: string
    errorMessage: string
  }
  paymentType: 'DEBIT' | 'CREDIT'
  customerId: string
  amount: Amount
  requestKey: string
  softDescriptor?: string
  /** Of a refund: the payment that it gives back. */
  refundOf?: string
  /** Of a refund that the platform makes because the payment was sent in error: which error. */
  reversalReason?: 'DUPLICATE' | 'WRONG_AMOUNT' | 'WRONG_DATE' | 'WRONG_PAYEE'
  refundedAmount?: Amount
  /** Why the bank sent it back. */
  returnCode?: string
  creationDate: string
  refundableAmount?: Amount
  /** Which time it is presented: 1, then 2 and 3 after R01 or R09. */
  presentment: number
  /** What may be asked of it now. */
  canDo: ('cancel' | 'release' | 'refund' | 'retry')[]
  accountDetails: {
    accountId: string
    financialInstitutionName: string
    accountLastFourDigits: string
    accountType: string
  }
  /** Every state it was in, oldest first. */
  lifecycle: {
    /** The status that began. */
    status: string
    /** What happened. */
    change: 'CREATED' | 'APPROVED' | 'HELD' | 'DECLINED' | 'RELEASED' | 'SCHEDULED' | 'UNSCHEDULED' | 'INITIATED' | 'FILE_REFUSED' | 'SETTLED' | 'FUNDS_RELEASED' | 'DISBURSED' | 'RETURNED' | 'RETRIED' | 'GIVEN_UP' | 'RETURN_REVERSED' | 'REVERSED' | 'REVERSAL_FAILED' | 'CANCELED'
    at: string
    /** SCHEDULED: the day on which it is to settle. */
    effectiveOn?: string
    /** SETTLED: the day. */
    settledOn?: string
    /** RETURNED, RETURN_REVERSED: why. */
    returnCode?: string
    /** CANCELED: why. */
    reason?: 'ASKED' | 'REFUNDED' | 'PAYMENT_RETURNED' | 'PAYMENT_NOT_MADE' | 'ACCOUNT_GONE' | 'TOO_LATE'
  }[]
  finality: {
    /** The last day for returns about the account or its balance (R01, R02 …). */
    administrativeReturnsEndOn: string | null
    /** The last day for a customer who says they did not agree (R10 …). Debits only. */
    unauthorizedReturnsEndOn: string | null
    /** When the money may be paid out. Debits only. */
    fundsAvailableOn: string | null
    /** Nothing will change any more under the rules of ACH. */
    isFinal: boolean
  }
  decision: null | {
    /** Counted up whenever a rule changes. */
    ruleset: number
    outcome: 'approved' | 'declined'
    decidedAt: string
    tookMs: number
    rules: {
      rule: string
      outcome: 'passed' | 'failed' | 'not_reached'
      saw: { [name: string]: string | number | null }
    }[]
  }
}

export type PaymentResult = {
  paymentId: string
  paymentStatus: 'PENDING' | 'HELD' | 'AUTHORIZED' | 'SCHEDULED' | 'INITIATED' | 'SUCCEEDED' | 'RETRYABLE_FAILED' | 'TERMINAL_FAILED' | 'CANCELED'
  clientReferenceId?: string
  errorDetails?: {
    /** PAYMENT_DECLINED, or the return code of the bank. */
    errorCode: string
    errorMessage: string
  }
}

export type PaymentSummary = {
  paymentId: string
  paymentStatus: 'PENDING' | 'HELD' | 'AUTHORIZED' | 'SCHEDULED' | 'INITIATED' | 'SUCCEEDED' | 'RETRYABLE_FAILED' | 'TERMINAL_FAILED' | 'CANCELED'
  clientReferenceId?: string
  errorDetails?: {
    /** PAYMENT_DECLINED, or the return code of the bank. */
    errorCode: string
    errorMessage: string
  }
  paymentType: 'DEBIT' | 'CREDIT'
  customerId: string
  amount: Amount
  requestKey: string
  softDescriptor?: string
  /** Of a refund: the payment that it gives back. */
  refundOf?: string
  /** Of a refund that the platform makes because the payment was sent in error: which error. */
  reversalReason?: 'DUPLICATE' | 'WRONG_AMOUNT' | 'WRONG_DATE' | 'WRONG_PAYEE'
  refundedAmount?: Amount
  /** Why the bank sent it back. */
  returnCode?: string
  creationDate: string
}

export type RefundResult = {
  paymentId: string
  paymentStatus: 'PENDING' | 'HELD' | 'AUTHORIZED' | 'SCHEDULED' | 'INITIATED' | 'SUCCEEDED' | 'RETRYABLE_FAILED' | 'TERMINAL_FAILED' | 'CANCELED'
  clientReferenceId?: string
  errorDetails?: {
    /** PAYMENT_DECLINED, or the return code of the bank. */
    errorCode: string
    errorMessage: string
  }
  /** When nothing has to be given back: why. */
  note?: string
}

export type Replay = {
  /** The first event to be told again. */
  fromSequence?: number | undefined
  /** The last one; the newest when absent. */
  toSequence?: number | undefined
  /** Or: what happened at this instant or later, */
  from?: string | undefined
  /** and at this one or earlier; now when absent. */
  to?: string | undefined
}

export type ReplayMade = {
  replayId: string
  fromSequence: number
  toSequence: number
}

export type ReplayUnderWay = {
  replayId: string
  fromSequence: number
  toSequence: number
  /** How far it has come: everything before this is being told. */
  nextSequence: number
}

export type Report = {
  id: string
  kind: 'TRANSACTIONS' | 'PAYOUT'
  /** Of the file. */
  name: string
  /** Whole days in New York, the last one included. */
  period: {
    from: string
    to: string
  }
  /** Lines without the heading. */
  rows: number
  bytes: number
  /** Of the content. */
  sha256: string
  creationDate: string
  /** When it was put where your reports are delivered. Null: not yet. */
  deliveryDate: string | null
}

export type RequestsPage = {
  data: ApiRequest[]
  /** Ask again at once. A page may be empty and more may come all the same. */
  hasMore: boolean
  /** The `after` of the next call, always. */
  nextCursor: string
}

export type ResendFailed = {
  /** What failed at this instant or later, and whatever waits for its next attempt. */
  since: string
}

export type Resent = {
  /** So many are being sent again. */
  resent: number
}

export type ReturnRates = {
  /** Today, in New York. */
  asOf: string
  /** Returns that arrived later are not counted yet. They are counted every morning at 10:00 in New York. */
  countedUntil: string | null
  /** Fewer debits than this are not judged. */
  fewestDebits: number
  windows: {
    window: 'LAST_60_DAYS' | 'LAST_TWO_MONTHS'
    from: string
    to: string
    /** Debits by the day on which they settled, each presentment for itself. */
    debits: number
    rates: {
      rate: 'UNAUTHORIZED' | 'ADMINISTRATIVE' | 'OVERALL'
      /** How many of the debits have come back by now. */
      returns: number
      /** To be read: rounded to three places. */
      percent: string
      /** More than this is too much. */
      limitPercent: string
      /** WARNING begins at half of the limit. */
      status: 'TOO_FEW_TO_JUDGE' | 'OK' | 'WARNING' | 'EXCEEDED'
    }[]
  }[]
  /** New debits are held by the platform since then. Null: they are not. */
  debitsHeldSince: string | null
}

export type RotateSecret = {
  /** Made for you when absent. */
  secretKey?: string | null | undefined
  /** How long the one before signs beside it; a day when absent. */
  overlapSeconds?: number | undefined
}

export type RotatedSecret = {
  subscriptionKey: string
  /** The one that was made. It is not shown again. */
  secretKey?: string
  /** Until then the one before signs beside it. */
  overlapUntil: string
  /** What was taken and should be better. */
  warnings?: string[]
}

export type Rule = {
  id: string
  match: {
    routingNumber?: string
    accountNumber?: string
    /** Dollars and cents. */
    amount?: string
    name?: string
    individualId?: string
  }
  outcome: {
    /** return or correct */
    kind: string
    code: string
    /** With return: after settlement. */
    afterBankingDays?: number
    /** With return: calendar days after settlement. */
    afterDays?: number
    /** With correct. */
    correctedData?: string
  }
  /** How often; until it is deleted when absent. */
  times?: number
}

export type SendExample = {
  eventType: string
}

export type Session = {
  id: string
  customerId: string
  product: string
  status: 'CREATED' | 'OPEN' | 'LINKED' | 'LEFT' | 'EXPIRED' | 'FAILED'
  creationDate: string
  expiresAt: string
}

export type SessionKey = {
  /** Opens the hosted flow once, within thirty minutes. */
  sessionKey: string
}

export type SetClock = {
  standing: boolean
}

export type Settlement = {
  settlementId: string
  status: 'ACCEPTED' | 'SCHEDULED' | 'INITIATED' | 'PAID' | 'RETURNED' | 'CANCELED'
  amount: SignedAmount
  /** The banking day on whose evening it was made. */
  day: string
  /** The banking day on which it reaches the merchant's bank; not of a canceled one. */
  expectedOn?: string
  /** When it did. */
  settledOn?: string
  /** Why it came back. */
  returnCode?: string
  accountLastFourDigits: string
  /** The settlement before it was made then; the first has none. */
  periodFrom?: string
  /** What became available until then is in it. */
  periodTo: string
  /** What the amount is made of: they add up to it, to the cent. */
  lines: SettlementLine[]
}

export type SettlementLine = {
  kind: 'CARRIED_FROM' | 'GROSS' | 'FEES' | 'RETURNS' | 'RETURNS_REVERSED' | 'RETURN_FEES' | 'FEES_GIVEN_BACK' | 'REFUNDS' | 'REFUNDS_NOT_PAID' | 'CREDITS' | 'CREDITS_NOT_PAID' | 'PAYOUTS_CANCELED' | 'PAYOUTS_RETURNED' | 'RESERVE' | 'ADJUSTMENTS' | 'CARRIED_TO'
  count: number
  amount: SignedAmount
}

export type SettlementPayment = {
  paymentId: string
  transactionType: 'DEBIT' | 'CREDIT'
  /** The line that it is in. */
  kind: 'CARRIED_FROM' | 'GROSS' | 'FEES' | 'RETURNS' | 'RETURNS_REVERSED' | 'RETURN_FEES' | 'FEES_GIVEN_BACK' | 'REFUNDS' | 'REFUNDS_NOT_PAID' | 'CREDITS' | 'CREDITS_NOT_PAID' | 'PAYOUTS_CANCELED' | 'PAYOUTS_RETURNED' | 'RESERVE' | 'ADJUSTMENTS' | 'CARRIED_TO'
  clientReferenceId?: string
  amount: SignedAmount
  fee: SignedAmount
  net: SignedAmount
}

export type SignedAmount = {
  /** Dollars; below zero, what was taken. */
  value: number
  currency: string
}

export type SimulateCorrection = {
  /** C01 to C14. */
  code: string
  /** As it stands in the record; or say it in members. */
  correctedData?: string | undefined
  accountNumber?: string | undefined
  routingNumber?: string | undefined
  /** checking or savings */
  accountType?: string | undefined
  name?: string | undefined
  individualId?: string | undefined
}

export type SimulateReturn = {
  /** R01 to R85. */
  code: string
  /** The receiving bank's own words. */
  addendaInformation?: string | undefined
}

export type SimulatedPayment = {
  paymentId: string
  transactionStatus: string
  traceNumber: string
}

export type Source = {
  id: string
  /** CUSTOMER or MERCHANT. */
  type: string
}

export type Subscribe = {
  /** Where events are posted to. */
  url: string
  /** What deliveries are signed with: 24 characters or more, or whsec_ and base64 of 24 to 64 bytes. */
  secretKey: string
  subscriptionDetails: SubscriptionWish
  /** For your own use, up to 200 characters. */
  description?: string | null | undefined
  /** Who is to be told when deliveries fail. */
  alertEmail?: string | null | undefined
}

export type Subscription = {
  id: string
  /** The same. */
  subscriptionKey: string
  url: string
  description?: string
  alertEmail?: string
  subscriptionDetails: SubscriptionDetails
  /** What that comes to today. */
  events: ('payment.created' | 'payment.pending' | 'payment.authorized' | 'payment.held' | 'payment.scheduled' | 'payment.initiated' | 'payment.succeeded' | 'payment.failed' | 'payment.canceled' | 'payment.disbursed' | 'payment.double_refund_risk' | 'customer.created' | 'customer.activated' | 'customer.deactivated' | 'customer.account.linked' | 'customer.account.deactivated' | 'report.available' | 'webhook.failing' | 'webhook.disabled')[]
  status: 'ENABLED' | 'DISABLED'
  /** GONE: the address answered 410. FAILING: it failed for five days. */
  disabledReason?: 'BY_MERCHANT' | 'GONE' | 'FAILING'
  health: SubscriptionHealth
  /** Up to this sequence everything wanted has been sent at least once. */
  toldTo: number
  /** How many wanted events after that have not been sent yet; 10001 means at least so many. */
  behind: number
  /** When it was made. */
  createdAt: string
}

export type SubscriptionDetails = {
  type: 'ALL' | 'CATEGORY' | 'EVENT'
  details: string[]
}

export type SubscriptionHealth = {
  /** Failed attempts one after another; 0 when it is well. */
  failures: number
  /** When the first of them was. */
  failingSince?: string
  /** It is left alone until then, because it keeps failing. */
  nextProbeAt?: string
}

export type SubscriptionKey = {
  /** The id of the subscription. */
  subscriptionKey: string
  /** What was taken and should be better. */
  warnings?: string[]
}

export type SubscriptionStatistics = {
  last24Hours: AttemptFigures
  last7Days: AttemptFigures
  /** Deliveries that wait for their next attempt; 10001 means at least so many. */
  waiting: number
  /** When the event of the oldest of them happened. */
  oldestWaitingSince?: string
  /** Deliveries that were given up; 10001 means at least so many. */
  failed: number
  /** Wanted events that were not sent at all yet; 10001 means at least so many. */
  behind: number
}

export type SubscriptionWish = {
  /** ALL, CATEGORY, EVENT */
  type: string
  /** The events or categories. Not looked at with ALL. */
  details?: readonly string[] | null | undefined
}

export type Transaction = {
  transactionId: string
  transactionType: 'DEBIT' | 'CREDIT'
  customerId: string
  amount: Amount
  clientReferenceId?: string
  transactionStatus: 'PENDING' | 'HELD' | 'AUTHORIZED' | 'SCHEDULED' | 'INITIATED' | 'SUCCEEDED' | 'RETRYABLE_FAILED' | 'TERMINAL_FAILED' | 'CANCELED'
  accountDetails: {
    financialInstitutionName: string
    accountLastFourDigits: string
    accountType: string
    preferred: boolean
  }
  descriptor?: string
  /** When it settled between the banks. */
  settlementDate?: string
  creationDate: string
  transactionFailureReason?: {
    code: string
    description: string
  }
}

export type Unsubscribe = {
  /** The subscriptionKey that subscribing answered with. */
  subscriptionId?: string | null | undefined
  /** The same, by its other name. */
  subscriptionKey?: string | null | undefined
  subscriptionDetails: SubscriptionWish
}

export type UpdateSubscription = {
  /** Where events are posted to. */
  url?: string | undefined
  subscriptionDetails?: SubscriptionWish | undefined
  /** For your own use, up to 200 characters. Empty: none. */
  description?: string | null | undefined
  /** Who is to be told when deliveries fail. Empty: nobody. */
  alertEmail?: string | null | undefined
  /** ENABLED, DISABLED */
  status?: string | undefined
}

export type WebhookDelivery = {
  id: string
  subscriptionId: string
  eventId: string
  eventType: string
  /** Of the event. */
  sequence: number
  /** FAILED: its schedule of attempts is over. It can be sent again. */
  status: 'WAITING' | 'DELIVERED' | 'FAILED'
  attemptCount: number
  /** When it is tried next, if the subscription is enabled and well. */
  nextAttemptAt?: string
  /** When it was first tried, or told again. */
  createdAt: string
  /** When it was delivered or given up. */
  finishedAt?: string
  lastAttempt?: DeliveryAttempt
}

export type WebhookDeliveryWithAttempts = {
  id: string
  subscriptionId: string
  eventId: string
  eventType: string
  /** Of the event. */
  sequence: number
  /** FAILED: its schedule of attempts is over. It can be sent again. */
  status: 'WAITING' | 'DELIVERED' | 'FAILED'
  attemptCount: number
  /** When it is tried next, if the subscription is enabled and well. */
  nextAttemptAt?: string
  /** When it was first tried, or told again. */
  createdAt: string
  /** When it was delivered or given up. */
  finishedAt?: string
  /** In their order; the newest hundred. */
  attempts: DeliveryAttempt[]
  event?: Event
}
