import { transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import type { CustomerId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { books } from '../ledger/books.ts'
import { takeBalance } from '../ledger/ledger.store.ts'
import { type NewOutgoing, payeeAccount, record, refuseUsedKey } from './outgoing.commands.ts'
import { type Payment, unborn } from './payment.ts'
import { tellOne } from './payment-fact.commands.ts'

export type NewCredit = NewOutgoing & { customerId: CustomerId }

/**
 * Gives a customer money of the merchant's. It is approved at once, and no longer the merchant's to have: what is
 * available is locked, looked at and taken in the same transaction.
 * Refuses: request_key_used (with existingPaymentId), customer_not_found, customer_not_active, insufficient_balance.
 */
export function giveCredit(house: House, input: NewCredit): Promise<Payment> {
  const { merchantId, customerId, amount } = input
  return transact(house.sql, async (tx) => {
    await refuseUsedKey(tx, merchantId, input.requestKey)
    const accountId = await payeeAccount(tx, merchantId, customerId)
    const credit: Payment = {
      ...unborn,
      ...input,
      ...{ type: 'credit', id: house.newId<'payment'>(), accountId, createdAt: house.now() },
    }
    await record(house, tx, credit)
    const available = await takeBalance(tx, books.available(merchantId))
    if (available < amount.minor) throw new Refusal('insufficient_balance')
    return tellOne(house, tx, credit, { kind: 'approved' })
  })
}
