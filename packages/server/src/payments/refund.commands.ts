import { type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { easternDay } from '../kernel/banking-day.ts'
import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import { books } from '../ledger/books.ts'
import { takeBalance } from '../ledger/ledger.store.ts'
import { announce } from '../webhooks/event.commands.ts'
import { readCircumstances } from './circumstances.store.ts'
import { type NewOutgoing, payeeAccount, record, refuseUsedKey } from './outgoing.commands.ts'
import { canMove, type Payment, unborn } from './payment.ts'
import { tellOne } from './payment-fact.commands.ts'
import { takeMerchantsPayment, takePayment } from './payment-move.store.ts'
import { about } from './payment-news.ts'
import { addRefunded } from './refund.store.ts'
import { type RefundTerms, readRefundTerms } from './terms.store.ts'
import { refundable, refused, whyNotRefund } from './wishes.ts'

/** `paymentId`: the debit, as the merchant named it. */
export type NewRefund = NewOutgoing & { paymentId: string }

export type Refunded = Readonly<{
  refund: Payment
  /** Nothing has to be given back: the payment had not been sent, and is canceled. */
  canceledInstead: boolean
}>

/**
 * Gives back to the customer what a debit took, or part of it, repeatedly until nothing is left. The debit is locked,
 * so that refunds at once never give back more than it took. Once it has settled, the refund goes out with the next
 * file; before, it waits until it has, or the debit is canceled, as the merchant chose. The fee is not given back.
 * Refuses: payment_not_found, request_key_used (with existingPaymentId), payment_not_refundable (with the state and
 * what is possible), insufficient_refundable (with what is left), customer_not_active, insufficient_balance.
 */
export function refundPayment(house: House, { paymentId, ...input }: NewRefund): Promise<Refunded> {
  const { merchantId, amount, requestKey } = input
  return transact(house.sql, async (tx) => {
    const before = await takeMerchantsPayment(tx, merchantId, paymentId)
    await refuseUsedKey(tx, merchantId, requestKey)
    await refuseUnrefundable(house, tx, before, amount)
    const terms = await readRefundTerms(tx, merchantId)
    const canceledInstead = isCanceledInstead(before, amount, terms)
    const { customerId } = before
    // What was never taken goes nowhere.
    const accountId = canceledInstead
      ? before.accountId
      : await payeeAccount(tx, merchantId, customerId, before.accountId)
    const refund: Payment = {
      ...unborn,
      ...input,
      ...{ type: 'refund', id: house.newId<'payment'>(), customerId, accountId, createdAt: house.now() },
      refundOf: before.id,
    }
    await record(house, tx, refund)
    await addRefunded(tx, before, refund)
    const debit = { ...before, refunded: Money.add(before.refunded, amount) }
    if (canceledInstead) {
      // The refund, not yet sent, is canceled with its debit.
      await tellOne(house, tx, debit, { kind: 'canceled', why: 'refunded' }, input.requestId)
      return { refund: await takePayment(tx, refund.id), canceledInstead }
    }
    if (!hasSettled(debit)) {
      await announce(house, tx, [about(refund, 'payment.pending')])
      return { refund, canceledInstead }
    }
    await refuseUncovered(tx, refund, terms)
    return { refund: await tellOne(house, tx, refund, { kind: 'approved' }), canceledInstead }
  })
}

const hasSettled = ({ status }: Payment): boolean =>
  status === 'settled' || status === 'available' || status === 'disbursed'

/** A refund of everything makes the debit pointless, unless it stands in a file already. */
const isCanceledInstead = (debit: Payment, amount: Money, terms: RefundTerms): boolean =>
  terms.unsent === 'cancel' && canMove(debit, 'canceled') && amount.minor === debit.amount.minor

async function refuseUnrefundable(house: House, tx: Tx, debit: Payment, amount: Money): Promise<void> {
  const obstacle = whyNotRefund(debit)
  if (obstacle !== undefined) {
    const circumstances = await readCircumstances(tx, debit, easternDay(house.now()))
    throw refused('refund', debit, circumstances, obstacle)
  }
  const left = refundable(debit)
  if (amount.minor > left.minor) throw new Refusal('insufficient_refundable', { refundable: left })
}

/**
 * What is held counts: it becomes available. Its account is locked after `available`, as whoever posts to both does it.
 */
async function refuseUncovered(tx: Tx, { merchantId, amount }: Payment, { overdraftLimit }: RefundTerms) {
  const available = await takeBalance(tx, books.available(merchantId))
  const held = await takeBalance(tx, books.held(merchantId))
  if (available + held + overdraftLimit.minor < amount.minor) throw new Refusal('insufficient_balance')
}
