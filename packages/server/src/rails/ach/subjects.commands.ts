import type { Tx } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import type { Day } from '../../kernel/banking-day.ts'
import type { PaymentId } from '../../kernel/id.ts'
import type { Payment, PaymentFact } from '../../payments/payment.ts'
import { applyFacts, type JournalName } from '../../payments/payment-fact.commands.ts'
import { returnedFact, settledFact, type Terms } from '../../payments/terms.ts'
import type { Payout, PayoutId } from '../../payouts/payout.ts'
import { applyPayoutFacts, holdPayouts } from '../../payouts/payout-fact.commands.ts'
import type { EntrySubject } from './ach-entry.store.ts'

/** What is said of one entry, by its bank or by us, in words that fit payments and payouts. */
export type Said =
  | { kind: 'initiated'; traceNumber: string }
  | { kind: 'refused' | 'unscheduled'; reason: string }
  | { kind: 'settled'; on: Day }
  | { kind: 'returned'; code: string; on: Day }
  | { kind: 'return_reversed'; code: string }

export type Told = (subject: Readonly<{ id: string }>) => Said

/**
 * Tells payments and payouts what became of their entries. Answers the ids of those whose state does not allow it, or
 * that have been presented again since, so that it is not about them any more. Each subject is named once.
 */
export async function tell(
  house: House,
  tx: Tx,
  subjects: readonly Pick<EntrySubject, 'kind' | 'id' | 'presentment'>[],
  told: Told,
  journal: JournalName,
): Promise<Set<string>> {
  const payments = subjects.flatMap(({ kind, id }) => (kind === 'payment' ? [id as PaymentId] : []))
  const payouts = subjects.flatMap(({ kind, id }) => (kind === 'payout' ? [id as PayoutId] : []))
  const presentments = new Map<string, number>(subjects.map(({ id, presentment }) => [id, presentment]))
  const isMeant = (subject: Payment | Payout) => presentments.get(subject.id) === subject.presentment
  const unfit = new Set<string>()
  await holdPayouts(tx, payouts)
  if (payments.length > 0) {
    const factOf = (payment: Payment, terms: Terms) =>
      isMeant(payment) ? paymentFact(payment, terms, told(payment)) : undefined
    for (const { id } of (await applyFacts(house, tx, payments, factOf, journal)).unfit) unfit.add(id)
  }
  if (payouts.length > 0) {
    const factOf = (payout: Payout) => (isMeant(payout) ? told(payout) : undefined)
    for (const { id } of (await applyPayoutFacts(house, tx, payouts, factOf, journal)).unfit) unfit.add(id)
  }
  return unfit
}

/** The fact holds what of the merchant's terms it depends on. */
function paymentFact(payment: Payment, terms: Terms, said: Said): PaymentFact {
  if (said.kind === 'settled') return settledFact(payment, terms, said.on)
  if (said.kind === 'returned') {
    const fact = returnedFact(payment, terms, said.code, said.on)
    // What was sent in error is not sent again.
    return payment.isReversed && fact.kind === 'returned' ? { ...fact, mayRetry: false } : fact
  }
  return said
}
