import { type Static, Type } from 'typebox'
import type { Account } from '../customers/customer.ts'
import { invalid } from '../http/errors.ts'
import { AmountWire, amountFromWire, optionalText, PageQuery, pageFrom } from '../http/wire.ts'
import type { CustomerId, MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { DeclineCode } from '../risk/decision.ts'
import type { PaymentFilter, PaymentStory } from './payment.queries.ts'
import type { Payment, PaymentStatus } from './payment.ts'

/** An ACH entry has ten digits for its amount. */
const mostPerEntry = Money.of(99_999_999_99n)

const Party = (title: string) =>
  Type.Object(
    { id: Type.String({ maxLength: 200 }), type: Type.String({ maxLength: 20, description: 'CUSTOMER or MERCHANT.' }) },
    { title },
  )

export const CreatePaymentBody = Type.Object(
  {
    source: Party('Source'),
    destination: Party('Destination'),
    amount: AmountWire,
    requestKey: Type.String({
      minLength: 1,
      maxLength: 128,
      description: 'Yours, unique for ever. A second payment with the same key is refused.',
      examples: ['order-1234-1'],
    }),
    clientReferenceId: Type.Optional(
      Type.Union([Type.String({ maxLength: 255 }), Type.Null()], { description: 'Yours, stored with the payment.' }),
    ),
    softDescriptor: Type.Optional(
      Type.Union([Type.String({ maxLength: 80 }), Type.Null()], { description: "Travels to the customer's bank." }),
    ),
  },
  { title: 'CreatePayment' },
)

const wireStatus = {
  created: 'PENDING',
  authorized: 'AUTHORIZED',
  declined: 'TERMINAL_FAILED',
} as const satisfies Record<PaymentStatus, string>
const statuses = [...new Set(Object.values(wireStatus))]

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

const ErrorDetails = Type.Object({ errorCode: Type.String(), errorMessage: Type.String() })

export const PaymentResultWire = Type.Object(
  {
    paymentId: Type.String(),
    paymentStatus: Type.Enum(statuses),
    clientReferenceId: Type.Optional(Type.String()),
    errorDetails: Type.Optional(ErrorDetails),
  },
  { title: 'PaymentResult' },
)

export const paymentResultToWire = (payment: Payment): Static<typeof PaymentResultWire> => ({
  paymentId: payment.id,
  paymentStatus: wireStatus[payment.status],
  ...(payment.clientReferenceId === null ? {} : { clientReferenceId: payment.clientReferenceId }),
  ...(payment.status === 'declined'
    ? { errorDetails: { errorCode: declineCode, errorMessage: declineWords[payment.declineCode] } }
    : {}),
})

/** Refuses: invalid_request, merchant_not_found (the destination is not the caller), amount_too_large. */
export function newPaymentFromWire(body: Static<typeof CreatePaymentBody>, caller: { merchantId: MerchantId }) {
  const role = (party: { type: string }) => party.type.toUpperCase()
  if (role(body.source) !== 'CUSTOMER')
    throw invalid({ pointer: '/source/type', code: 'enum', message: 'must be CUSTOMER' })
  if (role(body.destination) !== 'MERCHANT')
    throw invalid({ pointer: '/destination/type', code: 'enum', message: 'must be MERCHANT' })
  if (body.destination.id.toLowerCase() !== caller.merchantId) throw new Refusal('merchant_not_found')
  const amount = amountFromWire(body.amount)
  if (amount.minor > mostPerEntry.minor) throw new Refusal('amount_too_large')
  const softDescriptor = optionalText(body.softDescriptor)
  if (softDescriptor && !/^[A-Za-z0-9 .,:;'&()/#*+\-!?@_]*$/.test(softDescriptor))
    throw invalid({
      pointer: '/softDescriptor',
      code: 'characters',
      message: 'must hold letters, digits, spaces and basic punctuation only',
    })
  for (const member of ['requestKey', 'clientReferenceId'] as const)
    if (/\p{Cc}/u.test(body[member] ?? ''))
      throw invalid({ pointer: `/${member}`, code: 'characters', message: 'must not hold control characters' })
  return {
    merchantId: caller.merchantId,
    customerId: body.source.id.toLowerCase() as CustomerId,
    amount,
    requestKey: body.requestKey,
    clientReferenceId: optionalText(body.clientReferenceId),
    softDescriptor,
  }
}

export const TransactionWire = Type.Object(
  {
    transactionId: Type.String(),
    transactionType: Type.Enum(['DEBIT', 'CREDIT']),
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
    creationDate: Type.String(),
    transactionFailureReason: Type.Optional(Type.Object({ code: Type.String(), description: Type.String() })),
  },
  { title: 'Transaction' },
)

export const transactionToWire = (payment: Payment, account: Account): Static<typeof TransactionWire> => ({
  transactionId: payment.id,
  transactionType: 'DEBIT',
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
  creationDate: payment.createdAt.toISOString(),
  ...(payment.status === 'declined'
    ? { transactionFailureReason: { code: declineCode, description: declineWords[payment.declineCode] } }
    : {}),
})

const summary = {
  paymentId: Type.String(),
  paymentStatus: Type.Enum(statuses),
  paymentType: Type.Enum(['DEBIT', 'CREDIT']),
  customerId: Type.String(),
  amount: AmountWire,
  requestKey: Type.String(),
  clientReferenceId: Type.Optional(Type.String()),
  softDescriptor: Type.Optional(Type.String()),
  creationDate: Type.String(),
  errorDetails: Type.Optional(ErrorDetails),
}

export const PaymentSummaryWire = Type.Object(summary, { title: 'PaymentSummary' })

export const paymentSummaryToWire = (payment: Payment): Static<typeof PaymentSummaryWire> => ({
  ...paymentResultToWire(payment),
  paymentType: 'DEBIT',
  customerId: payment.customerId,
  amount: Money.toWire(payment.amount),
  requestKey: payment.requestKey,
  ...(payment.softDescriptor === null ? {} : { softDescriptor: payment.softDescriptor }),
  creationDate: payment.createdAt.toISOString(),
})

export const PaymentWire = Type.Object(
  {
    ...summary,
    accountDetails: Type.Object({
      accountId: Type.String(),
      financialInstitutionName: Type.String(),
      accountLastFourDigits: Type.String(),
      accountType: Type.String(),
    }),
    lifecycle: Type.Array(
      Type.Object(
        { status: Type.String(), at: Type.String() },
        { description: 'Every state it was in, oldest first.' },
      ),
    ),
    decision: Type.Union([
      Type.Null(),
      Type.Object({
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
      }),
    ]),
  },
  { title: 'Payment' },
)

const afterFact = { approved: 'AUTHORIZED', declined: 'TERMINAL_FAILED' } as const

export const paymentToWire = ({ payment, account, moves, decision }: PaymentStory): Static<typeof PaymentWire> => ({
  ...paymentSummaryToWire(payment),
  accountDetails: {
    accountId: account.id,
    financialInstitutionName: account.institutionName,
    accountLastFourDigits: account.lastFour,
    accountType: account.type,
  },
  lifecycle: [
    { status: 'CREATED', at: payment.createdAt.toISOString() },
    ...moves.map(({ fact, at }) => ({ status: afterFact[fact.kind], at: at.toISOString() })),
  ],
  decision: decision && {
    ruleset: decision.ruleset,
    outcome: decision.outcome,
    decidedAt: decision.decidedAt.toISOString(),
    tookMs: decision.tookMs,
    rules: decision.rules.map(({ rule, outcome, saw }) => ({ rule, outcome, saw: { ...saw } })),
  },
})

export const ListPaymentsQuery = Type.Object({
  ...PageQuery,
  status: Type.Optional(Type.String({ maxLength: 30, description: statuses.join(', ') })),
  customerId: Type.Optional(Type.String({ maxLength: 200 })),
  requestKey: Type.Optional(Type.String({ maxLength: 128 })),
  clientReferenceId: Type.Optional(Type.String({ maxLength: 255 })),
  createdFrom: Type.Optional(Type.String({ maxLength: 40, description: 'ISO 8601, inclusive.' })),
  createdBefore: Type.Optional(Type.String({ maxLength: 40, description: 'ISO 8601, exclusive.' })),
})

export function filterFromWire(query: Static<typeof ListPaymentsQuery>): PaymentFilter {
  const page = pageFrom(query)
  const wanted = query.status?.toUpperCase()
  const matching = (Object.keys(wireStatus) as PaymentStatus[]).filter((status) => wireStatus[status] === wanted)
  if (wanted && matching.length === 0)
    throw invalid({ pointer: '?status', code: 'enum', message: `must be one of ${statuses.join(', ')}` })
  return {
    limit: page.limit + 1,
    after: page.after,
    statuses: wanted ? matching : null,
    customerId: query.customerId?.toLowerCase() ?? null,
    requestKey: query.requestKey ?? null,
    clientReferenceId: query.clientReferenceId ?? null,
    createdFrom: instant(query.createdFrom, '?createdFrom'),
    createdBefore: instant(query.createdBefore, '?createdBefore'),
  }
}

function instant(text: string | undefined, pointer: string): Date | null {
  if (text === undefined) return null
  const at = Date.parse(text)
  // Outside the years 1 to 9999 a date is written in a form that PostgreSQL does not read.
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(at) || !/^(?!0000)\d{4}-/.test(new Date(at).toISOString()))
    throw invalid({ pointer, code: 'date', message: 'must be an ISO 8601 date or time' })
  return new Date(at)
}
