import type { Tx } from '../db/connect.ts'
import type { House } from '../house.ts'
import { assert } from '../kernel/assert.ts'
import type { AccountId, CustomerId, MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { announce } from '../webhooks/event.commands.ts'
import { findPayee } from './outgoing.store.ts'
import { findByRequestKeys, insertPayments } from './payment.store.ts'
import type { Payment } from './payment.ts'
import { about } from './payment-news.ts'

/** What a merchant may ask to be given to a customer, besides to whom and of what. */
export type NewOutgoing = Pick<
  Payment,
  'merchantId' | 'amount' | 'requestKey' | 'clientReferenceId' | 'softDescriptor'
> & { requestId: string }

/** Refuses request_key_used (with existingPaymentId). */
export async function refuseUsedKey(tx: Tx, merchantId: MerchantId, requestKey: string): Promise<void> {
  const first = (await findByRequestKeys(tx, merchantId, [requestKey])).get(requestKey)
  if (first) throw new Refusal('request_key_used', { existingPaymentId: first.id })
}

/**
 * Where money for a customer goes: to this account, or else to the one that pays, if it works, or else to the newest
 * that does. Refuses: customer_not_found, customer_not_active.
 */
export async function payeeAccount(
  tx: Tx,
  merchantId: MerchantId,
  customerId: CustomerId,
  first?: AccountId,
): Promise<AccountId> {
  const payee = await findPayee(tx, merchantId, customerId, first ?? null)
  if (!payee) throw new Refusal('customer_not_found')
  if (!payee.accountId) throw new Refusal('customer_not_active')
  return payee.accountId
}

/**
 * Writes a credit or a refund that nobody has decided about. Comes before anything of the books is locked: somebody who
 * holds the same request key may be waiting for them. Refuses request_key_used.
 */
export async function record(house: House, tx: Tx, payment: Payment): Promise<void> {
  const fresh = await insertPayments(tx, [payment])
  // Somebody else took the key after we looked: by now their payment can be seen.
  if (fresh.size === 0) await refuseUsedKey(tx, payment.merchantId, payment.requestKey)
  assert(fresh.size === 1, 'a key that is not free belongs to a payment')
  await announce(house, tx, [about(payment, 'payment.created')])
}
