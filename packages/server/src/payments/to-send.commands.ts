import { numberContext } from '../customers/customer.commands.ts'
import type { Tx } from '../db/connect.ts'
import type { Order } from '../rails/ach/order.ts'
import type { Payment } from './payment.ts'
import { type SendRow, takeAuthorized, type Wanted } from './to-send.store.ts'

/** What the customer's bank statement calls it. A debit's own words come from the merchant's settings. */
const retryDescription = 'RETRY PYMT'
const creditDescriptions = { refund: 'REFUND', credit: 'PAYMENT' } as const

export type ToSend = Readonly<{ payment: Payment; order: Order | undefined }>

/**
 * Authorized payments for a bank's next file, at most `limit`, locked, in the order of merchant and id. One whose
 * account has been erased meanwhile has no order: it cannot be sent.
 */
export async function takeToSend(tx: Tx, wanted: Wanted): Promise<ToSend[]> {
  return (await takeAuthorized(tx, wanted)).map((row) => ({
    payment: row.payment,
    order: row.numberSealed === '' ? undefined : orderOf(row),
  }))
}

function orderOf({ payment, ...row }: SendRow): Order {
  const { type } = payment
  return {
    kind: 'payment',
    id: payment.id,
    presentment: payment.presentment,
    merchantId: payment.merchantId,
    companyName: row.companyName ?? row.merchantName,
    secCode: type === 'debit' ? 'WEB' : 'PPD',
    description: type === 'debit' ? debitDescription(payment, row.entryDescription) : creditDescriptions[type],
    direction: type === 'debit' ? 'debit' : 'credit',
    amount: payment.amount,
    account: {
      type: row.accountType,
      routingNumber: row.routingNumber,
      numberSealed: row.numberSealed,
      numberContext: numberContext(payment.accountId),
    },
    receiverName: `${row.firstName} ${row.lastName}`,
    individualId: reference(payment.id),
    discretionary: type === 'debit' ? 'S' : '',
    addenda: payment.softDescriptor,
  }
}

/** Nacha's reinitiation rule: a batch of its own, these words in place of all others. */
const debitDescription = (payment: Payment, own: string): string => (payment.presentment > 1 ? retryDescription : own)

/** Fifteen characters of a payment's id that tell it from all others: what is random in it. */
export const reference = (id: string): string => id.replaceAll('-', '').slice(-15).toUpperCase()
