import { type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { easternDay } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { areDebitsHeld } from '../risk/return-rate.queries.ts'
import { readCircumstances } from './circumstances.store.ts'
import type { Payment } from './payment.ts'
import { tellOne } from './payment-fact.commands.ts'
import { takeMerchantsPayment } from './payment-move.store.ts'
import { wasReleased } from './retry.store.ts'
import { refused, type Wish, whyNotCancel, whyNotRelease, whyNotRetry } from './wishes.ts'

/** A merchant asks something of its payment. `id` is as it came from outside. */
export type Asked = Readonly<{ merchantId: MerchantId; id: string; requestId: string }>

/**
 * Cancels a payment, a credit or a refund that is not in a file yet. The cut-off takes the same lock: one of the two
 * comes first. Canceled already: it stays so. Refuses: payment_not_found, too_late_to_cancel (with the state and what
 * is possible instead).
 */
export function cancelPayment(house: House, { merchantId, id, requestId }: Asked): Promise<Payment> {
  return transact(house.sql, async (tx) => {
    const payment = await takeMerchantsPayment(tx, merchantId, id)
    if (payment.status === 'canceled') return payment
    await refuse(house, tx, 'cancel', payment, whyNotCancel(payment))
    return tellOne(house, tx, payment, { kind: 'canceled', why: 'asked' }, requestId)
  })
}

/**
 * Lets a held payment go: it goes out with the next file. Released before: nothing happens, wherever it is by now.
 * Refuses: payment_not_found, payment_not_movable (with the state and what is possible instead).
 */
export function releasePayment(house: House, { merchantId, id, requestId }: Asked): Promise<Payment> {
  return transact(house.sql, async (tx) => {
    const payment = await takeMerchantsPayment(tx, merchantId, id)
    const obstacle = whyNotRelease(payment) ?? (await whyNotYet(tx, merchantId))
    if (obstacle && payment.status !== 'canceled' && (await wasReleased(tx, payment.id))) return payment
    await refuse(house, tx, 'release', payment, obstacle)
    return tellOne(house, tx, payment, { kind: 'released' }, requestId)
  })
}

/**
 * Presents a payment again that came back for lack of funds: in the next file, in a batch of its own.
 * Refuses: payment_not_found, payment_not_retryable (with the reason, the state and what is possible instead).
 */
export function retryPayment(house: House, { merchantId, id, requestId }: Asked): Promise<Payment> {
  return transact(house.sql, async (tx) => {
    const payment = await takeMerchantsPayment(tx, merchantId, id)
    const circumstances = await readCircumstances(tx, payment, easternDay(house.now()))
    const obstacle = whyNotRetry(payment, circumstances)
    if (obstacle !== undefined) throw refused('retry', payment, circumstances, obstacle)
    return tellOne(house, tx, payment, { kind: 'retried' }, requestId)
  })
}

/** What the platform holds, only the platform lets go. */
const whyNotYet = async (tx: Tx, merchantId: MerchantId): Promise<string | undefined> =>
  (await areDebitsHeld(tx, merchantId))
    ? 'The platform holds your debits, because too many of them came back.'
    : undefined

async function refuse(house: House, tx: Tx, wish: Wish, payment: Payment, obstacle: string | undefined) {
  if (obstacle === undefined) return
  throw refused(wish, payment, await readCircumstances(tx, payment, easternDay(house.now())), obstacle)
}
