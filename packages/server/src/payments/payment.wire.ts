import { type Static, Type } from 'typebox'
import { AmountWire } from '../http/wire.ts'
import { Money } from '../kernel/money.ts'
import { ErrorDetails, failureOf } from './failure.wire.ts'
import { LifecycleWire, lifecycleToWire } from './lifecycle.wire.ts'
import type { PaymentStory } from './payment.queries.ts'
import type { Payment, ReversalReason } from './payment.ts'
import { statuses, wireStatus } from './status.wire.ts'
import { types, wireType } from './transaction.wire.ts'
import { possible, refundable, wishes } from './wishes.ts'

const result = {
  paymentId: Type.String(),
  paymentStatus: Type.Enum(statuses),
  clientReferenceId: Type.Optional(Type.String()),
  errorDetails: Type.Optional(ErrorDetails),
}

export const PaymentResultWire = Type.Object(result, { title: 'PaymentResult' })

export const RefundResultWire = Type.Object(
  { ...result, note: Type.Optional(Type.String({ description: 'When nothing has to be given back: why.' })) },
  { title: 'RefundResult' },
)

export function paymentResultToWire(payment: Payment): Static<typeof PaymentResultWire> {
  const failure = failureOf(payment)
  return {
    paymentId: payment.id,
    paymentStatus: wireStatus[payment.status],
    ...(payment.clientReferenceId === null ? {} : { clientReferenceId: payment.clientReferenceId }),
    ...(failure ? { errorDetails: { errorCode: failure.code, errorMessage: failure.description } } : {}),
  }
}

const canceledInsteadNote =
  'The payment had not been sent: it has been canceled, nothing is taken from the customer, and nothing has to be given back.'

export const refundResultToWire = (refund: Payment, canceledInstead: boolean): Static<typeof RefundResultWire> => ({
  ...paymentResultToWire(refund),
  ...(canceledInstead ? { note: canceledInsteadNote } : {}),
})

const reversalWords = {
  duplicate: 'DUPLICATE',
  wrong_amount: 'WRONG_AMOUNT',
  wrong_date: 'WRONG_DATE',
  wrong_payee: 'WRONG_PAYEE',
} as const satisfies Record<ReversalReason, string>

const summary = {
  ...result,
  paymentType: Type.Enum([...types]),
  customerId: Type.String(),
  amount: AmountWire,
  requestKey: Type.String(),
  softDescriptor: Type.Optional(Type.String()),
  refundOf: Type.Optional(Type.String({ description: 'Of a refund: the payment that it gives back.' })),
  reversalReason: Type.Optional(
    Type.Enum(Object.values(reversalWords), {
      description: 'Of a refund that the platform makes because the payment was sent in error: which error.',
    }),
  ),
  refundedAmount: Type.Optional(AmountWire),
  returnCode: Type.Optional(Type.String({ description: 'Why the bank sent it back.', examples: ['R01'] })),
  creationDate: Type.String(),
}

export const PaymentSummaryWire = Type.Object(summary, { title: 'PaymentSummary' })

export const paymentSummaryToWire = (payment: Payment): Static<typeof PaymentSummaryWire> => ({
  ...paymentResultToWire(payment),
  paymentType: wireType(payment),
  customerId: payment.customerId,
  amount: Money.toWire(payment.amount),
  requestKey: payment.requestKey,
  ...(payment.softDescriptor === null ? {} : { softDescriptor: payment.softDescriptor }),
  ...(payment.refundOf === null ? {} : { refundOf: payment.refundOf }),
  ...(payment.reversal === null ? {} : { reversalReason: reversalWords[payment.reversal.reason] }),
  ...(Money.isPositive(payment.refunded) ? { refundedAmount: Money.toWire(payment.refunded) } : {}),
  ...('returnCode' in payment ? { returnCode: payment.returnCode } : {}),
  creationDate: payment.createdAt.toISOString(),
})

const DayWire = (description: string) => Type.Union([Type.String(), Type.Null()], { description })

const FinalityWire = Type.Object({
  administrativeReturnsEndOn: DayWire('The last day for returns about the account or its balance (R01, R02 …).'),
  unauthorizedReturnsEndOn: DayWire('The last day for a customer who says they did not agree (R10 …). Debits only.'),
  fundsAvailableOn: DayWire('When the money may be paid out. Debits only.'),
  isFinal: Type.Boolean({ description: 'Nothing will change any more under the rules of ACH.' }),
})

const DecisionWire = Type.Object({
  ruleset: Type.Integer({ description: 'Counted up whenever a rule changes.' }),
  outcome: Type.Enum(['approved', 'declined']),
  decidedAt: Type.String(),
  tookMs: Type.Integer(),
  rules: Type.Array(
    Type.Object({
      rule: Type.String(),
      outcome: Type.Enum(['passed', 'failed', 'not_reached']),
      saw: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Null()])),
    }),
  ),
})

export const PaymentWire = Type.Object(
  {
    ...summary,
    refundableAmount: Type.Optional(AmountWire),
    presentment: Type.Integer({ description: 'Which time it is presented: 1, then 2 and 3 after R01 or R09.' }),
    canDo: Type.Array(Type.Enum([...wishes]), { description: 'What may be asked of it now.' }),
    accountDetails: Type.Object({
      accountId: Type.String(),
      financialInstitutionName: Type.String(),
      accountLastFourDigits: Type.String(),
      accountType: Type.String(),
    }),
    lifecycle: LifecycleWire,
    finality: FinalityWire,
    decision: Type.Union([Type.Null(), DecisionWire]),
  },
  { title: 'Payment' },
)

export const paymentToWire = (story: PaymentStory): Static<typeof PaymentWire> => {
  const { payment, account, moves, decision, circumstances, finality } = story
  return {
    ...paymentSummaryToWire(payment),
    ...(payment.type === 'debit' ? { refundableAmount: Money.toWire(refundable(payment)) } : {}),
    presentment: payment.presentment,
    canDo: possible(payment, circumstances),
    accountDetails: {
      accountId: account.id,
      financialInstitutionName: account.institutionName,
      accountLastFourDigits: account.lastFour,
      accountType: account.type,
    },
    lifecycle: lifecycleToWire(payment, moves),
    finality: { ...finality },
    decision: decision && {
      ruleset: decision.ruleset,
      outcome: decision.outcome,
      decidedAt: decision.decidedAt.toISOString(),
      tookMs: decision.tookMs,
      rules: decision.rules.map(({ rule, outcome, saw }) => ({ rule, outcome, saw: { ...saw } })),
    },
  }
}
