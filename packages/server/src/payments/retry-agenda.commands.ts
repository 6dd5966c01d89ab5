import { remind } from '../agenda/agenda.commands.ts'
import type { Tx } from '../db/connect.ts'
import { addBankingDays, addDays, atEastern } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import type { Moved } from './payment-move.store.ts'
import { retryReminders } from './reminder-keys.ts'
import { readReturnDays } from './retry.store.ts'
import { retriesOf, type Terms } from './terms.ts'

/** When a retry is decided: in the morning, before the first cut-off. */
export const retryAt = '09:00'

/**
 * Debits that came back and may be presented again: by themselves if the merchant wants that, and not for ever in any
 * case.
 */
export async function remindOfRetries(
  tx: Tx,
  moved: readonly Moved[],
  terms: ReadonlyMap<MerchantId, Terms>,
): Promise<void> {
  const retryable = moved.flatMap(({ after, fact }) =>
    after.status === 'retryable' && fact.kind === 'returned' ? [{ payment: after, on: fact.on }] : [],
  )
  const days = await readReturnDays(
    tx,
    retryable.map(({ payment }) => payment.id),
  )
  for (const { payment, on } of retryable) {
    const { id, merchantId } = payment
    const keys = retryReminders(id)
    const { until } = retriesOf(payment, days.get(id)?.first ?? on)
    await remind(tx, atEastern(addDays(until, 1), retryAt), 'give-up-retry', { paymentId: id }, keys.giveUp)
    const agreed = terms.get(merchantId)
    if (agreed?.retryPolicy !== 'automatic') continue
    const day = addBankingDays(on, agreed.retryAfterDays)
    await remind(tx, atEastern(day, retryAt), 'retry-payment', { paymentId: id }, keys.retry)
  }
}
