import type { Call } from './call.ts'
import type { CallOptions } from './client.ts'
import type {
  Amount,
  Operations,
  Payment,
  PaymentResult,
  PaymentSummary,
  RefundResult,
  Transaction,
} from './generated/api.generated.ts'
import { type List, listOf, type PageOptions, pageQuery } from './list.ts'

type Wish = Readonly<{
  /** Make it with dollars(). */
  amount: Amount
  /**
   * Yours, and unique for ever among payments, credits and refunds. Keep it with your order before you call: after a
   * crash, the same call with the same key tells what became of it. Left out, a new one is made.
   */
  requestKey?: string | undefined
  /** Yours, stored with the payment and told with its events. */
  clientReferenceId?: string | undefined
  /** Travels to the customer's bank: up to 80 letters, digits, spaces and basic punctuation. */
  softDescriptor?: string | undefined
}>

/** Money between a customer's linked account and the merchant; which way, says the method that takes it. */
export type NewPayment = Wish & Readonly<{ customerId: string; merchantId: string }>
/** `paymentId` is the debit that is given back, or part of it. */
export type NewRefund = Wish & Readonly<{ paymentId: string }>
export type PaymentFilters = PageOptions & Omit<Query, 'limit' | 'after'>
type Query = NonNullable<Operations['GET /v1/payments']['query']>

/**
 * Debits of customers' accounts. A decline is an answer (`TERMINAL_FAILED`, with `errorDetails`); what cannot be asked
 * for throws.
 */
export type Payments = Readonly<{
  create(wish: NewPayment, options?: CallOptions): Promise<PaymentResult>
  /** A payment, a credit or a refund: its states, its decision, until when it may come back, what can be done now. */
  get(paymentId: string, options?: CallOptions): Promise<Payment>
  /** Payments, credits and refunds, newest first. */
  list(filters?: PaymentFilters, options?: CallOptions): List<PaymentSummary>
  /** As long as it is in no file. Canceled already: it stays so. */
  cancel(paymentId: string, options?: CallOptions): Promise<PaymentResult>
  /** Lets a held payment go. */
  release(paymentId: string, options?: CallOptions): Promise<PaymentResult>
  /** Presents a payment again that came back with R01 or R09. Not tried again by itself when the answer is lost. */
  retry(paymentId: string, options?: CallOptions): Promise<PaymentResult>
}>

export const openPayments = (call: Call, newKey: () => string): Payments => ({
  create: ({ customerId, merchantId, ...wish }, options) =>
    call('POST /v1/payments', {
      body: { source: customer(customerId), destination: merchant(merchantId), ...withKey(wish, newKey) },
      ...options,
    }),
  get: (id, options) => call('GET /v1/payments/{id}', { params: { id }, ...options }),
  list: ({ limit, after, ...filters } = {}, options) =>
    listOf(
      (cursor) => call('GET /v1/payments', { query: { ...filters, ...pageQuery(limit, cursor) }, ...options }),
      after,
    ),
  cancel: (id, options) => call('POST /v1/payments/{id}/cancel', { params: { id }, ...options }),
  release: (id, options) => call('POST /v1/payments/{id}/release', { params: { id }, ...options }),
  retry: (id, options) => call('POST /v1/payments/{id}/retry', { params: { id }, ...options }),
})

/** Money from the merchant to a customer, to the account that the customer pays from. */
export type Credits = Readonly<{ create(wish: NewPayment, options?: CallOptions): Promise<PaymentResult> }>

export const openCredits = (call: Call, newKey: () => string): Credits => ({
  create: ({ customerId, merchantId, ...wish }, options) =>
    call('POST /v1/payments', {
      body: { source: merchant(merchantId), destination: customer(customerId), ...withKey(wish, newKey) },
      ...options,
    }),
})

/** Gives back what a payment took, or part of it, as often as you like until all of it is given back. */
export type Refunds = Readonly<{ create(wish: NewRefund, options?: CallOptions): Promise<RefundResult> }>

export const openRefunds = (call: Call, newKey: () => string): Refunds => ({
  create: (wish, options) => call('POST /v1/refunds', { body: withKey(wish, newKey), ...options }),
})

/** Payments, credits and refunds as the reference product tells of them. */
export type Transactions = Readonly<{ get(id: string, options?: CallOptions): Promise<Transaction> }>

export const openTransactions = (call: Call): Transactions => ({
  get: (id, options) => call('GET /v1/transactions/{id}', { params: { id }, ...options }),
})

const customer = (id: string) => ({ id, type: 'CUSTOMER' })
const merchant = (id: string) => ({ id, type: 'MERCHANT' })

const withKey = <T extends Wish>(wish: T, newKey: () => string): T & { requestKey: string } => ({
  ...wish,
  requestKey: wish.requestKey ?? newKey(),
})
