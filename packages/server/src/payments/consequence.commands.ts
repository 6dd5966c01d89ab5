import { forget } from '../agenda/agenda.commands.ts'
import type { Tx } from '../db/connect.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import type { News } from '../webhooks/event.ts'
import { canMove, type FactKind, move, type Payment, type PaymentFact } from './payment.ts'
import { type Moved, saveMoves } from './payment-move.store.ts'
import { about } from './payment-news.ts'
import { countRefunded, readRefunded, takeRefundsOfEnded, takeReversed, takeUnsentRefunds } from './refund.store.ts'
import { decisionReminders, retryReminders } from './reminder-keys.ts'
import { remindOfRetries } from './retry-agenda.commands.ts'
import type { Terms } from './terms.ts'

/**
 * What moves mean for other payments, and for the agenda: refunds go out when their debit settled, and are stopped when
 * it came back, was canceled or declined; a debit hears what became of its reversal. The moves that follow are written,
 * not yet posted or announced. All the rows are locked, a refund's debit with it.
 */
export async function followUp(
  tx: Tx,
  moved: readonly Moved[],
  terms: ReadonlyMap<MerchantId, Terms>,
  at: Date,
): Promise<{ followed: Moved[]; news: News[] }> {
  const followed = [
    ...(await sendWaitingRefunds(tx, moved)),
    ...(await stopRefunds(tx, moved)),
    ...(await stopOrphans(tx, moved)),
  ]
  await saveMoves(tx, followed, at)
  const all = [...moved, ...followed]
  const reversed = await tellReversed(tx, all)
  await saveMoves(tx, reversed, at)
  await countRefunded(tx, movedBy(all, 'refund', ['canceled', 'returned']))
  const twice = await countRefunded(tx, movedBy(all, 'refund', ['return_reversed']))
  const paidBack = await readRefunded(tx, refunded(moved, ['returned']))
  const past = reminders(moved)
  if (past.length > 0) await forget(tx, past)
  await remindOfRetries(tx, moved, terms)
  return {
    followed: [...followed, ...reversed],
    news: [...paidBack, ...twice].map((debit) => about(debit, 'payment.double_refund_risk')),
  }
}

const movedBy = (moved: readonly Moved[], type: Payment['type'], kinds: readonly FactKind[]): Payment[] =>
  moved.filter(({ before, fact }) => before.type === type && kinds.includes(fact.kind)).map(({ after }) => after)

/** Debits that something happened to, and of which something was to be given back. */
const refunded = (moved: readonly Moved[], kinds: readonly FactKind[]): Payment[] =>
  movedBy(moved, 'debit', kinds).filter((debit) => Money.isPositive(debit.refunded))

const then = (refunds: readonly Payment[], fact: PaymentFact): Moved[] =>
  refunds.map((before) => ({ before, fact, after: move(before, fact) }))

/** A refund asked for before its payment had settled goes out now. */
async function sendWaitingRefunds(tx: Tx, moved: readonly Moved[]): Promise<Moved[]> {
  const unsent = await takeUnsentRefunds(tx, refunded(moved, ['settled']))
  const waiting = unsent.filter(({ status }) => status === 'created')
  return then(waiting, { kind: 'approved' })
}

/** What was not sent of a debit's refunds is not sent: there is nothing, or nothing any longer, to give back. */
async function stopRefunds(tx: Tx, moved: readonly Moved[]): Promise<Moved[]> {
  const returned = await takeUnsentRefunds(tx, refunded(moved, ['returned']))
  const notMade = await takeUnsentRefunds(tx, refunded(moved, ['canceled', 'declined']))
  return [
    ...then(returned, { kind: 'canceled', why: 'payment_returned' }),
    ...then(notMade, { kind: 'canceled', why: 'payment_not_made' }),
  ]
}

/** A refund was in a file when its debit came back, and the file was not sent: it is not put into another one. */
async function stopOrphans(tx: Tx, moved: readonly Moved[]): Promise<Moved[]> {
  const orphans = await takeRefundsOfEnded(tx, movedBy(moved, 'refund', ['unscheduled', 'refused']))
  return then(orphans, { kind: 'canceled', why: 'payment_returned' })
}

/**
 * A debit stands after all when its reversal was not sent or came back, and is given back again when that return counts
 * as never made. One that came back itself meanwhile stays as it is, until its own return counts as never made.
 */
async function tellReversed(tx: Tx, moved: readonly Moved[]): Promise<Moved[]> {
  const reversals = movedBy(moved, 'refund', ['canceled', 'returned', 'return_reversed'])
  const debits = movedBy(moved, 'debit', ['return_reversed']).filter(({ isReversed }) => isReversed)
  const touched = await takeReversed(tx, [
    ...reversals.flatMap(({ reversal, refundOf }) => (reversal && refundOf ? [refundOf] : [])),
    ...debits.map(({ id }) => id),
  ])
  return touched.flatMap(({ debit: before, reversalId, feeGivenBack }): Moved[] => {
    if ((reversalId !== null) === before.isReversed) return []
    const fact: PaymentFact = reversalId
      ? { kind: 'reversed', reversalId, feeBack: before.fee.minor.toString() }
      : { kind: 'reversal_failed', fee: feeGivenBack }
    return canMove(before, fact.kind) ? [{ before, fact, after: move(before, fact) }] : []
  })
}

/** The reminders that no longer apply. */
const reminders = (moved: readonly Moved[]): string[] =>
  moved.flatMap(({ before }) => [
    ...(before.status === 'created' && before.type === 'debit' ? Object.values(decisionReminders(before.id)) : []),
    ...(before.status === 'retryable' ? Object.values(retryReminders(before.id)) : []),
  ])
