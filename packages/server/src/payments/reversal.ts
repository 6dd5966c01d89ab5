import { type BankingDay, type Day, onOrAfter } from '../kernel/banking-day.ts'
import { Money } from '../kernel/money.ts'
import { reversalDeadline } from '../rails/ach/window.ts'
import type { Payment } from './payment.ts'

/** The last day on which a reversal of what settled on a day may take effect. */
export const reverseUntil = (settledOn: Day): BankingDay => reversalDeadline(onOrAfter(settledOn))

/**
 * Why a payment cannot be reversed, in a sentence for the operator, if the next file takes effect on a day. Undefined:
 * nothing is in its way.
 */
export function whyNotReverse(payment: Payment, effectiveOn: Day): string | undefined {
  if (payment.type !== 'debit')
    return 'Only debits are reversed here. To get a credit back, ask the originating bank to ask for its return.'
  if (payment.isReversed) return 'It is reversed already.'
  switch (payment.status) {
    case 'created':
    case 'held':
    case 'authorized':
      return 'It has not been sent: cancel it instead.'
    case 'scheduled':
      return 'It stands in a file that has not been sent: withdraw the file, then cancel it.'
    case 'initiated':
      return 'It has been sent and has not settled: reverse it when it has.'
    case 'declined':
    case 'canceled':
      return 'Nothing was taken from the customer.'
    case 'retryable':
    case 'returned':
      return `It came back with ${payment.returnCode}: the customer has the money already.`
    default:
      return whyNotReverseSettled(payment, effectiveOn)
  }
}

function whyNotReverseSettled({ refunded, settledOn }: Payment, effectiveOn: Day): string | undefined {
  if (Money.isPositive(refunded))
    return `${Money.format(refunded)} of it have been refunded, and a reversal is of all of it: refund the rest.`
  if (settledOn === null) throw new Error('broken promise: what has settled has a day')
  const until = reverseUntil(settledOn)
  return effectiveOn <= until
    ? undefined
    : `It settled on ${settledOn}: a reversal had to take effect by ${until}, and the next file does on ${effectiveOn}.`
}
