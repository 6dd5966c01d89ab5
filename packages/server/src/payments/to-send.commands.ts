import { numberContext } from '../customers/customer.commands.ts'
import type { Tx } from '../db/connect.ts'
import type { Day } from '../kernel/banking-day.ts'
import type { Order } from '../rails/ach/order.ts'
import type { Payment } from './payment.ts'
import { reverseUntil } from './reversal.ts'
import { type SendRow, takeAuthorized, type Wanted } from './to-send.store.ts'

/** What the customer's bank statement calls it. A debit's own words come from the merchant's settings. */
const retryDescription = 'RETRY PYMT'
const reversalDescription = 'REVERSAL'
const creditDescriptions = { refund: 'REFUND', credit: 'PAYMENT' } as const

/** Without an order it cannot be sent, and says why. */
export type ToSend = Readonly<{ payment: Payment; order: Order | undefined; unsendable: Unsendable | undefined }>
type Unsendable = 'account_gone' | 'too_late'

/**
 * Authorized payments for a bank's next file, at most `limit`, locked, in the order of merchant and id. One whose
 * account has been erased meanwhile has no order: it cannot be sent. Nor can a reversal that this file would bring too
 * late.
 */
export async function takeToSend(tx: Tx, wanted: Wanted & { effectiveOn: Day }): Promise<ToSend[]> {
  return (await takeAuthorized(tx, wanted)).map((row) => {
    const unsendable = whyUnsendable(row, wanted.effectiveOn)
    return { payment: row.payment, order: unsendable ? undefined : orderOf(row), unsendable }
  })
}

function whyUnsendable({ payment, numberSealed, debitSettledOn }: SendRow, effectiveOn: Day): Unsendable | undefined {
  if (numberSealed === '') return 'account_gone'
  const isLate = payment.reversal && debitSettledOn && effectiveOn > reverseUntil(debitSettledOn)
  return isLate ? 'too_late' : undefined
}

function orderOf({ payment, ...row }: SendRow): Order {
  const { type } = payment
  // A reversal says what the debit said, but for its direction and its description.
  const isLikeDebit = type === 'debit' || payment.reversal !== null
  return {
    kind: 'payment',
    id: payment.id,
    presentment: payment.presentment,
    merchantId: payment.merchantId,
    companyName: row.companyName ?? row.merchantName,
    secCode: isLikeDebit ? 'WEB' : 'PPD',
    description: describe(payment, row.entryDescription),
    direction: type === 'debit' ? 'debit' : 'credit',
    amount: payment.amount,
    account: {
      type: row.accountType,
      routingNumber: row.routingNumber,
      numberSealed: row.numberSealed,
      numberContext: numberContext(payment.accountId),
    },
    receiverName: `${row.firstName} ${row.lastName}`,
    individualId: reference(payment.reversal ? (payment.refundOf ?? payment.id) : payment.id),
    discretionary: isLikeDebit ? 'S' : '',
    addenda: payment.softDescriptor,
  }
}

/** Nacha's rules of reinitiation and reversal: a batch of its own, these words in place of all others. */
function describe({ type, presentment, reversal }: Payment, own: string): string {
  if (reversal) return reversalDescription
  if (type !== 'debit') return creditDescriptions[type]
  return presentment > 1 ? retryDescription : own
}

/** Fifteen characters of a payment's id that tell it from all others: what is random in it. */
export const reference = (id: string): string => id.replaceAll('-', '').slice(-15).toUpperCase()
