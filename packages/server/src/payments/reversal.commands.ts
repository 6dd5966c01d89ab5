import { transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { assert } from '../kernel/assert.ts'
import type { BankingDay } from '../kernel/banking-day.ts'
import type { PaymentId } from '../kernel/id.ts'
import type { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import { effectiveDate, windowFor } from '../rails/ach/window.ts'
import { windowsOn } from '../rails/originating-bank.ts'
import { record } from './outgoing.commands.ts'
import { canMove, type Payment, type ReversalReason, unborn } from './payment.ts'
import { applyTo, tellOne } from './payment-fact.commands.ts'
import { takePayment } from './payment-move.store.ts'
import { addRefunded } from './refund.store.ts'
import { readSender, type Sender } from './reversal.store.ts'
import { whyNotReverse } from './reversal.ts'

/** `presentment`: the one that was sent in error, where that is known. */
export type NewReversal = Readonly<{ reason: ReversalReason; by: string; presentment?: number }>

const refuse = ({ status }: Payment, says: string): Refusal => new Refusal('payment_not_movable', { status, says })

/**
 * Gives a debit that was sent in error back to the customer, whole, in the next file, under Nacha's rules of reversal.
 * The merchant is not asked: it is taken from what is available, below zero if need be, and the fee is given back.
 * Refuses: payment_not_found, payment_not_movable (which says why: its state, refunds of it, the deadline).
 */
export function reversePayment(
  house: House,
  id: PaymentId,
  { reason, by, presentment }: NewReversal,
): Promise<Payment> {
  return transact(house.sql, async (tx) => {
    const debit = await takePayment(tx, id)
    const sender = await readSender(tx, debit)
    assert(sender, 'a payment has a merchant')
    const obstacle = whyNotReverse(debit, nextEffectiveDay(house, sender, debit.amount))
    if (obstacle !== undefined) throw refuse(debit, obstacle)
    if (presentment !== undefined && presentment !== debit.presentment)
      throw refuse(debit, 'That entry came back; it has been presented again since.')
    if (!sender.hasNumber) throw refuse(debit, 'The account that it debited has been erased: ask the originating bank.')
    const reversalId = house.newId<'payment'>()
    const { merchantId, customerId, accountId, amount, clientReferenceId, softDescriptor } = debit
    const reversal: Payment = {
      ...unborn,
      ...{ id: reversalId, type: 'refund', refundOf: debit.id, reversal: { reason, by } },
      ...{ merchantId, customerId, accountId, amount, clientReferenceId, softDescriptor },
      ...{ requestKey: `reversal-${reversalId}`, requestId: null, createdAt: house.now() },
    }
    await record(house, tx, reversal)
    await addRefunded(tx, debit, reversal)
    const feeBack = debit.fee.minor.toString()
    const { moved } = await applyTo(house, tx, [debit, reversal], (payment) =>
      payment.id === debit.id ? { kind: 'reversed', reversalId, feeBack } : { kind: 'approved' },
    )
    const made = moved.find(({ after }) => after.id === reversalId)
    assert(made && moved.length === 2, 'a debit that has settled can be reversed')
    return made.after
  })
}

/** When the next file takes effect that would hold this amount of this merchant. */
function nextEffectiveDay(house: House, { originatingBank, sameDay }: Sender, amount: Money): BankingDay {
  const { originatingBanks: banks } = house
  const bank = originatingBank === null ? banks[0] : banks.find(({ id }) => id === originatingBank)
  assert(bank, 'the originating bank of a merchant is configured')
  const windows = (['standard', ...(sameDay ? (['same_day'] as const) : [])] as const).flatMap((speed) => {
    const window = windowFor(bank, house.now(), speed)
    return window ? [window] : []
  })
  const [next] = windows
    .filter(({ day, cutOff }) => cutOff.speed === 'standard' || amount.minor <= windowsOn(bank, day).sameDayLimit)
    .sort((a, b) => a.at.getTime() - b.at.getTime())
  assert(next, 'a bank has a standard cut-off')
  return effectiveDate(next.day, next.cutOff.speed, 'credit')
}

/**
 * Stops a reversal that is not in a file: the payment stands after all. Stopped already: it stays so. Refuses:
 * payment_not_found, payment_not_movable (it is no reversal, or has been put into a file).
 */
export function stopReversal(house: House, id: PaymentId, by: string): Promise<Payment> {
  return transact(house.sql, async (tx) => {
    const reversal = await takePayment(tx, id)
    if (reversal.reversal === null) throw refuse(reversal, 'It is no reversal.')
    if (reversal.status === 'canceled') return reversal
    if (!canMove(reversal, 'canceled'))
      throw refuse(reversal, 'It has been put into a file: if that was not sent, withdraw the file first.')
    return tellOne(house, tx, reversal, { kind: 'canceled', why: 'asked', by })
  })
}
