import type { EventType, News } from '../webhooks/event.ts'
import { eventFor, type Payment, type PaymentFact } from './payment.ts'

/** What a merchant is told about a payment. */
export const about = (payment: Payment, type: EventType): News => ({
  type,
  merchantId: payment.merchantId,
  resourceType: 'payment',
  resourceId: payment.id,
  data: {
    customerId: payment.customerId,
    clientReferenceId: payment.clientReferenceId,
    transactionType: payment.type === 'debit' ? 'DEBIT' : 'CREDIT',
    ...(payment.refundOf === null ? {} : { refundOf: payment.refundOf }),
    ...(payment.reversal === null ? {} : { reversalReason: payment.reversal.reason }),
    ...(payment.status === 'declined' ? { reason: payment.declineCode } : {}),
    ...('returnCode' in payment ? { achReturnCode: payment.returnCode } : {}),
  },
  requestId: payment.requestId,
})

/** The news of a fact; most facts have some. */
export function newsOf(after: Payment, fact: PaymentFact): News[] {
  const type = eventFor[fact.kind]
  return type === null ? [] : [about(after, type)]
}
