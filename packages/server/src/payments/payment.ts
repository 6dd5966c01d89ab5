import { never } from '../kernel/assert.ts'
import type { AccountId, CustomerId, MerchantId, PaymentId } from '../kernel/id.ts'
import type { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { DeclineCode } from '../risk/decision.ts'
import type { EventType } from '../webhooks/event.ts'

type Common = Readonly<{
  id: PaymentId
  merchantId: MerchantId
  customerId: CustomerId
  accountId: AccountId
  requestKey: string
  clientReferenceId: string | null
  softDescriptor: string | null
  amount: Money
  requestId: string | null
  createdAt: Date
}>

/** A payment in each of its states. A field exists only in the states where it means something. */
export type Payment = Common &
  ({ status: 'created' } | { status: 'authorized' } | { status: 'declined'; declineCode: DeclineCode })

export type PaymentStatus = Payment['status']

/** What happens to a payment. Each fact is written to the diary before it is believed. */
export type PaymentFact = { kind: 'approved' } | { kind: 'declined'; code: DeclineCode }

/** The whole machine on one screen. docs/concepts/payment-lifecycle.md is drawn from this table. */
export const moves = {
  created: ['approved', 'declined'],
  authorized: [],
  declined: [],
} as const satisfies Record<PaymentStatus, readonly PaymentFact['kind'][]>

export const canMove = (status: PaymentStatus, kind: PaymentFact['kind']): boolean =>
  (moves[status] as readonly string[]).includes(kind)

/** Which event announces which fact. Adding a fact without choosing is a compile error. */
export const eventFor = {
  approved: 'payment.authorized',
  declined: 'payment.failed',
} as const satisfies Record<PaymentFact['kind'], EventType>

/** Refuses payment_not_movable. */
export function move(payment: Payment, fact: PaymentFact): Payment {
  if (!canMove(payment.status, fact.kind))
    throw new Refusal('payment_not_movable', { from: payment.status, fact: fact.kind })
  switch (fact.kind) {
    case 'approved':
      return { ...payment, status: 'authorized' }
    case 'declined':
      return { ...payment, status: 'declined', declineCode: fact.code }
    default:
      return never(fact)
  }
}
