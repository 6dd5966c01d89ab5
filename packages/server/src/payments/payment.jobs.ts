import { remind } from '../agenda/agenda.commands.ts'
import { transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import type { PaymentId } from '../kernel/id.ts'
import { readBalance } from '../linking/link.commands.ts'
import { decidePayment } from './payment.commands.ts'
import { findWaiting } from './payment.queries.ts'
import { decisionReminders } from './reminder-keys.ts'

/** A job has time: the balance may take this long, and is asked for again after a pause. */
const budgetMs = 20_000
const pauseMs = 30_000

/** Reads the balance and decides; while the bank is away, tries again every half minute of house time. */
export async function decideLater(house: House, paymentId: PaymentId): Promise<void> {
  const askedAt = house.now()
  const account = await findWaiting(house, paymentId)
  if (!account) return
  await readBalance(house, account, budgetMs)
  if (await decidePayment(house, paymentId, askedAt, false)) return
  const { decide } = decisionReminders(paymentId)
  const later = new Date(house.now().getTime() + pauseMs)
  await transact(house.sql, (tx) => remind(tx, later, 'decide-payment', { paymentId }, decide))
}

/** The deadline has come: declined if the bank still has not told. */
export async function giveUpDeciding(house: House, paymentId: PaymentId): Promise<void> {
  await decidePayment(house, paymentId, house.now(), true)
}
