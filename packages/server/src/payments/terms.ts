import { addBankingDays, type Day } from '../kernel/banking-day.ts'
import { Money } from '../kernel/money.ts'
import { returnCodes } from '../rails/ach/return-code.ts'
import { retryUntil, spansOn } from '../rails/ach/window.ts'
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
  const { presentments, until } = retriesOf(payment, on)
  return payment.type === 'debit' && retryCodes.includes(code) && payment.presentment < presentments && on < until
}

/** The codes after which the same entry may be presented again. */
export const retryCodes: readonly string[] = returnCodes
  .filter(({ represent }) => represent === 'twice')
  .map(({ code }) => code)

/**
 * How often a payment may be presented altogether, in how many days, and the last of these. They count from its first
 * settlement; where it never settled, from the day on which it came back first.
 */
export function retriesOf(
  { firstSettledOn }: Payment,
  firstReturnedOn: Day,
): Readonly<{ presentments: number; days: number; until: Day }> {
  const from = firstSettledOn ?? firstReturnedOn
  const { retries, retryDays } = spansOn(from)
  return { presentments: 1 + retries, days: retryDays, until: retryUntil(from) }
}
