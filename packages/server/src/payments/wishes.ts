import { addBankingDays, type Day } from '../kernel/banking-day.ts'
import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import { canMove, type Payment, type PaymentStatus } from './payment.ts'
import { retriesOf, retryCodes } from './terms.ts'

/** What a merchant may ask of a payment that exists. */
export const wishes = ['cancel', 'release', 'refund', 'retry'] as const
export type Wish = (typeof wishes)[number]

/** What a wish depends on besides the payment. */
export type Circumstances = Readonly<{
  today: Day
  /** The account that was debited still works. */
  accountActive: boolean
  /** The customer's authorization to debit it stands. */
  authorized: boolean
  /** Null: it never came back. */
  firstReturnedOn: Day | null
}>

/** Why a wish cannot be granted, in a sentence for the merchant. Undefined: nothing is in its way. */
type Obstacle = string | undefined

/** Where each state has got to, when it is too far for a wish. */
const stands: Readonly<Record<PaymentStatus, string>> = {
  created: 'It waits for its decision.',
  held: 'It is held.',
  authorized: 'It waits for the next file.',
  scheduled: 'It stands in a file for the bank.',
  initiated: 'It has been sent to the bank.',
  settled: 'It has settled.',
  available: 'It has settled.',
  disbursed: 'It has been paid out.',
  retryable: 'It came back from the bank.',
  returned: 'It came back from the bank.',
  declined: 'It was declined.',
  canceled: 'It has been canceled.',
}

/** What refunds may still give back. Zero of anything but a debit. */
export const refundable = (payment: Payment): Money =>
  whyNotRefund(payment) === undefined ? Money.subtract(payment.amount, payment.refunded) : Money.zero

export const whyNotCancel = (payment: Payment): Obstacle => {
  if (payment.reversal !== null) return 'The platform gives back a payment that was sent in error.'
  return canMove(payment, 'canceled') ? undefined : stands[payment.status]
}

export const whyNotRelease = (payment: Payment): Obstacle =>
  canMove(payment, 'released') ? undefined : `It is not held. ${stands[payment.status]}`

/** Whether anything may be given back. How much is another question. */
export function whyNotRefund(payment: Payment): Obstacle {
  if (payment.type !== 'debit') return 'Only a debit can be refunded.'
  switch (payment.status) {
    case 'declined':
    case 'canceled':
      return `${stands[payment.status]} Nothing was taken from the customer.`
    case 'retryable':
    case 'returned':
      return `It came back with ${payment.returnCode}: the customer has the money already.`
    default:
      return undefined
  }
}

/** Nacha's reinitiation rule, and what it takes to debit an account at all. */
export function whyNotRetry(payment: Payment, now: Circumstances): Obstacle {
  if (payment.type !== 'debit') return 'Only a debit is presented again.'
  if (payment.status !== 'retryable' && payment.status !== 'returned') return stands[payment.status]
  const { returnCode, presentment } = payment
  if (payment.isReversed) return 'It had been sent in error.'
  if (!retryCodes.includes(returnCode))
    return `It came back with ${returnCode}; only after ${retryCodes.join(' and ')} is that allowed.`
  const { presentments, days, until } = retriesOf(payment, now.firstReturnedOn ?? now.today)
  if (presentment >= presentments) return `It has been presented ${presentments} times, as often as is allowed.`
  // What is asked for after the last cut-off of a day goes out on the next banking day, and that has to be in time.
  if (payment.status === 'returned' || addBankingDays(now.today, 1) > until)
    return `The ${days} days in which that is allowed are over.`
  if (!now.accountActive) return 'The account can no longer be used; the customer has to link an account again.'
  return now.authorized ? undefined : "The customer's authorization has been revoked."
}

/** What may be asked of it now. */
export function possible(payment: Payment, now: Circumstances): Wish[] {
  const can: Record<Wish, boolean> = {
    cancel: whyNotCancel(payment) === undefined,
    release: whyNotRelease(payment) === undefined,
    refund: Money.isPositive(refundable(payment)),
    retry: whyNotRetry(payment, now) === undefined,
  }
  return wishes.filter((wish) => can[wish])
}

const refusalOf = {
  cancel: 'too_late_to_cancel',
  release: 'payment_not_movable',
  refund: 'payment_not_refundable',
  retry: 'payment_not_retryable',
} as const satisfies Record<Wish, string>

/** The refusal of a wish: why, the payment's state, and what is possible instead. */
export const refused = (wish: Wish, payment: Payment, now: Circumstances, says: string): Refusal =>
  new Refusal(refusalOf[wish], { status: payment.status, possible: possible(payment, now), says })
