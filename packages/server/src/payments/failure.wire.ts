import { Type } from 'typebox'
import { returnCode } from '../rails/ach/return-code.ts'
import type { DeclineCode } from '../risk/decision.ts'
import type { Payment } from './payment.ts'

/** What the merchant is told when a payment is declined. The first sentence is the reference product's. */
const declineWords = {
  over_payment_limit: 'Transaction amount is greater than the limit.',
  over_daily_amount: "Transaction amount is greater than what is left of the customer's 24-hour limit.",
  over_daily_count: 'The customer has reached the number of payments allowed within 24 hours.',
  insufficient_funds: 'Insufficient funds: the account does not hold enough money.',
  balance_unknown: "The customer's bank did not confirm the balance in time.",
  account_not_active: 'The account can no longer be used; the customer has to link an account again.',
  no_authorization: 'There is no authorization on file to debit this account.',
} as const satisfies Record<DeclineCode, string>

const declineCode = 'PAYMENT_DECLINED'

export const ErrorDetails = Type.Object({
  errorCode: Type.String({ description: `${declineCode}, or the return code of the bank.`, examples: ['R01'] }),
  errorMessage: Type.String(),
})

export const FailureReason = Type.Object({ code: Type.String(), description: Type.String() })

/** Why a payment failed, if it did: our own decision's words, or those for the bank's return code. */
export function failureOf(payment: Payment): { code: string; description: string } | undefined {
  switch (payment.status) {
    case 'declined':
      return { code: declineCode, description: declineWords[payment.declineCode] }
    case 'retryable':
    case 'returned':
      return { code: payment.returnCode, description: returnCode(payment.returnCode).says }
    default:
      return undefined
  }
}
