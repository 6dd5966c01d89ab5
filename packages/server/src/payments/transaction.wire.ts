import { type Static, Type } from 'typebox'
import type { Account } from '../customers/customer.ts'
import { AmountWire } from '../http/wire.ts'
import { atEastern } from '../kernel/banking-day.ts'
import { Money } from '../kernel/money.ts'
import { FailureReason, failureOf } from './failure.wire.ts'
import type { Payment } from './payment.ts'
import { statuses, wireStatus } from './status.wire.ts'

export const types = ['DEBIT', 'CREDIT'] as const

/** A refund is a credit to the customer's account. */
export const wireType = (payment: Payment): (typeof types)[number] => (payment.type === 'debit' ? 'DEBIT' : 'CREDIT')

export const TransactionWire = Type.Object(
  {
    transactionId: Type.String(),
    transactionType: Type.Enum([...types]),
    customerId: Type.String(),
    amount: AmountWire,
    clientReferenceId: Type.Optional(Type.String()),
    transactionStatus: Type.Enum(statuses),
    accountDetails: Type.Object({
      financialInstitutionName: Type.String(),
      accountLastFourDigits: Type.String(),
      accountType: Type.String(),
      preferred: Type.Boolean(),
    }),
    descriptor: Type.Optional(Type.String()),
    settlementDate: Type.Optional(Type.String({ description: 'When it settled between the banks.' })),
    creationDate: Type.String(),
    transactionFailureReason: Type.Optional(FailureReason),
  },
  { title: 'Transaction' },
)

/** When a banking day's settlement is done: the hour at which the Federal Reserve settles what came overnight. */
const settlesAt = '08:30'

export function transactionToWire(payment: Payment, account: Account): Static<typeof TransactionWire> {
  const failure = failureOf(payment)
  const settledOn = lastSettledOn(payment)
  return {
    transactionId: payment.id,
    transactionType: wireType(payment),
    customerId: payment.customerId,
    amount: Money.toWire(payment.amount),
    ...(payment.clientReferenceId === null ? {} : { clientReferenceId: payment.clientReferenceId }),
    transactionStatus: wireStatus[payment.status],
    accountDetails: {
      financialInstitutionName: account.institutionName,
      accountLastFourDigits: account.lastFour,
      accountType: account.type,
      preferred: account.preferred,
    },
    ...(payment.softDescriptor === null ? {} : { descriptor: payment.softDescriptor }),
    ...(settledOn === null ? {} : { settlementDate: atEastern(settledOn, settlesAt).toISOString() }),
    creationDate: payment.createdAt.toISOString(),
    ...(failure ? { transactionFailureReason: failure } : {}),
  }
}

/** When what it is now, or came back from, had settled. An earlier presentment's day says nothing about this one. */
function lastSettledOn(payment: Payment): Payment['settledOn'] {
  switch (payment.status) {
    case 'settled':
    case 'available':
    case 'disbursed':
      return payment.settledOn
    case 'retryable':
    case 'returned':
      return payment.returnedFrom === 'initiated' ? null : payment.settledOn
    default:
      return null
  }
}
