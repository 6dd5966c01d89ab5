import { never } from '../kernel/assert.ts'
import type { Day } from '../kernel/banking-day.ts'
import type { AccountId, CustomerId, MerchantId, PaymentId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { DeclineCode } from '../risk/decision.ts'
import type { EventType } from '../webhooks/event.ts'

/** A debit takes from the customer; a credit gives to them; a refund gives back what a debit took. */
export type PaymentType = 'debit' | 'credit' | 'refund'

/** The mistakes that Nacha allows to be put right by a reversal. */
export const reversalReasons = ['duplicate', 'wrong_amount', 'wrong_date', 'wrong_payee'] as const
export type ReversalReason = (typeof reversalReasons)[number]

type Common = Readonly<{
  id: PaymentId
  type: PaymentType
  merchantId: MerchantId
  customerId: CustomerId
  accountId: AccountId
  requestKey: string
  clientReferenceId: string | null
  softDescriptor: string | null
  amount: Money
  requestId: string | null
  createdAt: Date
  /** The debit that a refund gives back. */
  refundOf: PaymentId | null
  /** What refunds of it have been accepted for. */
  refunded: Money
  /** How many lines its diary has. */
  moves: number
  /** Which time it is (to be) presented: 1, then 2 and 3. */
  presentment: number
  /** What the merchant was charged for it and did not get back. */
  fee: Money
  /** What of it is kept in the merchant's held account. */
  inHold: Money
  /** The days of the latest and of the first settlement. */
  settledOn: Day | null
  firstSettledOn: Day | null
  /** When the money may be paid out. */
  fundsOn: Day | null
  payoutId: string | null
  /** It was sent in error: a reversal gives it back, or has given it back. */
  isReversed: boolean
  /** Of a refund that the platform makes by itself, to put a mistake right: which mistake, and who asked for it. */
  reversal: Readonly<{ reason: ReversalReason; by: string }> | null
}>

/** What a new payment starts with. */
export const unborn = {
  status: 'created',
  refundOf: null,
  refunded: Money.zero,
  moves: 0,
  presentment: 1,
  fee: Money.zero,
  inHold: Money.zero,
  settledOn: null,
  firstSettledOn: null,
  fundsOn: null,
  payoutId: null,
  isReversed: false,
  reversal: null,
} as const

/** Where a payment may come back from. */
export type ReturnedFrom = 'initiated' | 'settled' | 'available' | 'disbursed'

/** A payment in each of its states. A field exists only in the states where it means something. */
export type Payment = Common &
  (
    | { status: 'created' | 'held' | 'authorized' | 'scheduled' | 'initiated' | 'canceled' }
    /** The bank's money has moved: kept back by the hold rule, then free to be paid out, then paid out. */
    | { status: 'settled' | 'available' | 'disbursed' }
    | { status: 'declined'; declineCode: DeclineCode }
    /** Came back: it may be presented again, or not. */
    | { status: 'retryable' | 'returned'; returnCode: string; returnedFrom: ReturnedFrom }
  )

export type PaymentStatus = Payment['status']

/**
 * What happens to a payment. Each fact is written to the diary before it is believed, and holds whatever of the
 * merchant's terms it depended on, so that the books can be recomputed from the diary alone. Cents are decimal texts.
 */
export type PaymentFact =
  | { kind: 'approved' }
  | { kind: 'held' }
  | { kind: 'declined'; code: DeclineCode }
  | { kind: 'released' }
  | { kind: 'scheduled'; fileId: string; effectiveOn: Day }
  /** The file was withdrawn before it was sent. */
  | { kind: 'unscheduled'; reason: string }
  | { kind: 'initiated'; traceNumber: string }
  /** The bank refused the whole file: nothing of it was processed. */
  | { kind: 'refused'; reason: string }
  | { kind: 'settled'; on: Day; fee: string; fundsOn: Day }
  | { kind: 'funds_released' }
  | { kind: 'disbursed'; payoutId: string }
  | { kind: 'returned'; code: string; on: Day; mayRetry: boolean; feeBack: string; returnFee: string }
  | { kind: 'retried' }
  /** It could have been presented again, and will not be. */
  | { kind: 'given_up' }
  /** The return was dishonored: it counts as never made. */
  | { kind: 'return_reversed'; code: string }
  /** It was sent in error and is given back. The merchant gets its fee back. */
  | { kind: 'reversed'; reversalId: string; feeBack: string }
  /** Its reversal was not sent, or came back: it stands after all, and so does its fee. */
  | { kind: 'reversal_failed'; fee: string }
  /** `by`: the person who stopped a reversal. */
  | { kind: 'canceled'; why: CancelReason; by?: string }

/**
 * asked: the merchant wished it. refunded: refunded in full before it was sent. Of a refund, payment_returned: its
 * debit came back; payment_not_made: its debit was canceled or declined. account_gone: there is nothing left to send
 * to. Of a reversal, too_late: no file could bring it in time.
 */
export type CancelReason = 'asked' | 'refunded' | 'payment_returned' | 'payment_not_made' | 'account_gone' | 'too_late'

export type FactKind = PaymentFact['kind']

/** The whole machine on one screen. docs/concepts/payment-lifecycle.md is drawn from this table. */
export const moves = {
  created: ['approved', 'held', 'declined', 'canceled'],
  held: ['released', 'canceled'],
  authorized: ['scheduled', 'canceled'],
  scheduled: ['initiated', 'unscheduled'],
  initiated: ['settled', 'returned', 'refused'],
  // Not the end: a debit may come back for sixty days after it settled.
  settled: ['funds_released', 'returned', 'reversed', 'reversal_failed'],
  available: ['disbursed', 'returned', 'reversed', 'reversal_failed'],
  disbursed: ['returned', 'reversed', 'reversal_failed'],
  retryable: ['retried', 'given_up', 'return_reversed'],
  returned: ['return_reversed'],
  declined: [],
  canceled: [],
} as const satisfies Record<PaymentStatus, readonly FactKind[]>

/** What only happens to a debit. */
const ofDebits: ReadonlySet<FactKind> = new Set([
  'held',
  'released',
  'declined',
  'funds_released',
  'disbursed',
  'retried',
  'reversed',
  'reversal_failed',
])

export const canMove = ({ status, type }: Pick<Payment, 'status' | 'type'>, kind: FactKind): boolean =>
  (moves[status] as readonly string[]).includes(kind) && (type === 'debit' || !ofDebits.has(kind))

/** Which event announces which fact. Adding a fact without choosing is a compile error. */
export const eventFor = {
  approved: 'payment.authorized',
  held: 'payment.held',
  declined: 'payment.failed',
  released: 'payment.authorized',
  scheduled: 'payment.scheduled',
  unscheduled: 'payment.authorized',
  initiated: 'payment.initiated',
  refused: 'payment.authorized',
  settled: 'payment.succeeded',
  // Of concern to the merchant's books with us; the payout that follows is announced.
  funds_released: null,
  disbursed: 'payment.disbursed',
  returned: 'payment.failed',
  retried: 'payment.authorized',
  given_up: 'payment.failed',
  return_reversed: 'payment.succeeded',
  // The reversal is a credit of its own, and announced as one.
  reversed: null,
  reversal_failed: null,
  canceled: 'payment.canceled',
} as const satisfies Record<FactKind, EventType | null>

/** Refuses payment_not_movable. */
export function move(payment: Payment, fact: PaymentFact): Payment {
  if (!canMove(payment, fact.kind))
    throw new Refusal('payment_not_movable', { status: payment.status, fact: fact.kind })
  const { returnCode: _code, returnedFrom: _from, declineCode: _why, ...common } = payment as Payment & Returned
  const next = { ...common, moves: payment.moves + 1 }
  switch (fact.kind) {
    case 'approved':
    case 'released':
    case 'unscheduled':
    case 'refused':
      return { ...next, status: 'authorized' }
    case 'held':
      return { ...next, status: 'held' }
    case 'declined':
      return { ...next, status: 'declined', declineCode: fact.code }
    case 'scheduled':
      return { ...next, status: 'scheduled' }
    case 'initiated':
      return { ...next, status: 'initiated' }
    case 'settled':
      return settled(next, fact)
    case 'funds_released':
      return { ...next, status: 'available', inHold: Money.zero }
    case 'disbursed':
      return { ...next, status: 'disbursed', payoutId: fact.payoutId }
    case 'returned':
      return returned(next, fact, payment.status as ReturnedFrom)
    case 'retried':
      return { ...next, status: 'authorized', presentment: payment.presentment + 1 }
    case 'given_up':
      return { ...next, status: 'returned', ...whatReturned(payment) }
    case 'return_reversed':
      return { ...next, status: beforeReturn(payment) }
    case 'reversed':
      return { ...next, ...settledStill(payment), isReversed: true, fee: Money.subtract(next.fee, cents(fact.feeBack)) }
    case 'reversal_failed':
      return { ...next, ...settledStill(payment), isReversed: false, fee: Money.add(next.fee, cents(fact.fee)) }
    case 'canceled':
      return { ...next, status: 'canceled' }
    default:
      return never(fact)
  }
}

type Returned = { returnCode?: string; returnedFrom?: ReturnedFrom; declineCode?: DeclineCode }
type Next = Common & { status: PaymentStatus }

const cents = (text: string): Money => Money.of(BigInt(text))

function settledStill({ status }: Payment): { status: 'settled' | 'available' | 'disbursed' } {
  if (status !== 'settled' && status !== 'available' && status !== 'disbursed')
    throw new Error('broken promise: it has settled')
  return { status }
}

function settled(next: Next, fact: PaymentFact & { kind: 'settled' }): Payment {
  const fee = cents(fact.fee)
  return {
    ...next,
    status: 'settled',
    fee: Money.add(next.fee, fee),
    inHold: next.type === 'debit' ? Money.subtract(next.amount, fee) : Money.zero,
    settledOn: fact.on,
    firstSettledOn: next.firstSettledOn ?? fact.on,
    fundsOn: next.type === 'debit' ? fact.fundsOn : null,
  }
}

function returned(next: Next, fact: PaymentFact & { kind: 'returned' }, returnedFrom: ReturnedFrom): Payment {
  return {
    ...next,
    status: fact.mayRetry ? 'retryable' : 'returned',
    returnCode: fact.code,
    returnedFrom,
    fee: Money.subtract(next.fee, cents(fact.feeBack)),
    inHold: Money.zero,
  }
}

function whatReturned(payment: Payment): { returnCode: string; returnedFrom: ReturnedFrom } {
  if (payment.status !== 'retryable' && payment.status !== 'returned') throw new Error('broken promise: it came back')
  return { returnCode: payment.returnCode, returnedFrom: payment.returnedFrom }
}

/**
 * Where a payment stands whose return counts as never made. What was in the hold has been released by the return; only
 * debits are held and paid out.
 */
function beforeReturn(payment: Payment): ReturnedFrom {
  const { returnedFrom } = whatReturned(payment)
  return returnedFrom === 'settled' && payment.type === 'debit' ? 'available' : returnedFrom
}
