import { addBankingDays, addDays, type Day, daysBetween } from '../kernel/banking-day.ts'
import { Money } from '../kernel/money.ts'
import type { Payment, PaymentFact } from './payment.ts'

/** What a merchant has agreed to and chosen, as far as a payment's life depends on it. */
export type Terms = Readonly<{
  feeFixed: Money
  feeBps: number
  returnFee: Money
  feeKeptOnReturn: boolean
  fundsHoldDays: number
  retryPolicy: 'manual' | 'automatic'
  retryAfterDays: number
}>

/** Nacha's reinitiation rule: after R01 or R09, at most twice, within 180 days of the original settlement. */
const retryCodes: ReadonlySet<string> = new Set(['R01', 'R09'])
export const mostPresentments = 3
const retryWithinDays = 180

/** Whether an entry that came back with this code may be presented again at all. */
export const isRetryCode = (code: string): boolean => retryCodes.has(code)

/** Of the amount once, however often it is presented; never more than the amount. */
function feeOf(payment: Payment, terms: Terms): Money {
  if (payment.type !== 'debit' || Money.isPositive(payment.fee)) return Money.zero
  const fee = Money.add(terms.feeFixed, Money.basisPoints(payment.amount, terms.feeBps))
  return fee.minor < payment.amount.minor ? fee : payment.amount
}

/** The bank has told that a payment settled. */
export const settledFact = (payment: Payment, terms: Terms, on: Day): PaymentFact => ({
  kind: 'settled',
  on,
  fee: feeOf(payment, terms).minor.toString(),
  fundsOn: addBankingDays(on, terms.fundsHoldDays),
})

/** The bank has told that a payment came back. */
export const returnedFact = (payment: Payment, terms: Terms, code: string, on: Day): PaymentFact => ({
  kind: 'returned',
  code,
  on,
  mayRetry: mayRetry(payment, code, on),
  feeBack: (terms.feeKeptOnReturn ? Money.zero : payment.fee).minor.toString(),
  returnFee: (payment.type === 'debit' ? terms.returnFee : Money.zero).minor.toString(),
})

function mayRetry(payment: Payment, code: string, on: Day): boolean {
  if (payment.type !== 'debit' || !isRetryCode(code) || payment.presentment >= mostPresentments) return false
  return daysBetween(payment.firstSettledOn ?? on, on) < retryWithinDays
}

/**
 * The last day on which a payment that came back may be presented again. One that never settled counts from the day on
 * which it came back first.
 */
export const retryUntil = (payment: Payment, firstReturnedOn: Day): Day =>
  addDays(payment.firstSettledOn ?? firstReturnedOn, retryWithinDays)
