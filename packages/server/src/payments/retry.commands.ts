import { remind } from '../agenda/agenda.commands.ts'
import { type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { addBankingDays, atEastern, easternDay } from '../kernel/banking-day.ts'
import type { PaymentId } from '../kernel/id.ts'
import { windowStart } from '../risk/decision.ts'
import { readCircumstances } from './circumstances.store.ts'
import { usedBesides } from './payment.commands.ts'
import { lockPayers, readPayers } from './payment.store.ts'
import type { Payment } from './payment.ts'
import { tellOne } from './payment-fact.commands.ts'
import { takePayment } from './payment-move.store.ts'
import { retryReminders } from './reminder-keys.ts'
import { readReturnDays } from './retry.store.ts'
import { retryAt } from './retry-agenda.commands.ts'
import { readTerms } from './terms.store.ts'
import { retriesOf } from './terms.ts'
import { whyNotRetry } from './wishes.ts'

/** How often the balance is looked at again, once a banking day, before a retry is left to the merchant. */
const mostLooks = 5

/**
 * The merchant's automatic retry: presents a payment again if the balance, read since `askedAt`, covers it; looks again
 * on the next banking day if not, five times at most. No longer possible, or no longer wished: nothing happens.
 */
export function retryIfCovered(house: House, id: PaymentId, askedAt: Date): Promise<void> {
  return transact(house.sql, async (tx) => {
    const payment = await takePayment(tx, id)
    const agreed = (await readTerms(tx, [payment.merchantId])).get(payment.merchantId)
    const days = (await readReturnDays(tx, [id])).get(id)
    if (payment.status !== 'retryable' || agreed?.retryPolicy !== 'automatic' || !days) return
    const today = easternDay(house.now())
    if (whyNotRetry(payment, await readCircumstances(tx, payment, today)) !== undefined) return
    if (await isCovered(house, tx, payment, askedAt)) {
      await tellOne(house, tx, payment, { kind: 'retried' })
      return
    }
    const next = addBankingDays(today, 1)
    if (next > addBankingDays(days.last, agreed.retryAfterDays + mostLooks)) return
    await remind(tx, atEastern(next, retryAt), 'retry-payment', { paymentId: id }, retryReminders(id).retry)
  })
}

/** Whether the account holds enough, going by a balance read since `askedAt`, beside what was approved meanwhile. */
async function isCovered(house: House, tx: Tx, payment: Payment, askedAt: Date): Promise<boolean> {
  const { merchantId, customerId, accountId, amount } = payment
  const now = house.now()
  await lockPayers(tx, merchantId, [customerId])
  const payer = (await readPayers(tx, merchantId, [customerId], windowStart(now), accountId)).get(customerId)
  if (!payer?.facts.balance || payer.facts.balance.at < askedAt) return false
  return payer.facts.balance.amount.minor - usedBesides(payment, payer, now).amount.minor >= amount.minor
}

/** The 180 days are over: what came back stays back. Not over, or no longer waiting for a retry: nothing happens. */
export function endRetries(house: House, id: PaymentId): Promise<void> {
  return transact(house.sql, async (tx) => {
    const payment = await takePayment(tx, id)
    const days = (await readReturnDays(tx, [id])).get(id)
    if (payment.status !== 'retryable' || !days) return
    if (easternDay(house.now()) <= retriesOf(payment, days.first).until) return
    await tellOne(house, tx, payment, { kind: 'given_up' })
  })
}
