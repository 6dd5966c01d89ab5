import type { Tx } from '../db/connect.ts'
import type { House } from '../house.ts'
import { assert } from '../kernel/assert.ts'
import { type Day, easternDay } from '../kernel/banking-day.ts'
import type { PaymentId } from '../kernel/id.ts'
import type { Journal, Posting } from '../ledger/books.ts'
import { post } from '../ledger/ledger.store.ts'
import { announce } from '../webhooks/event.commands.ts'
import { followUp } from './consequence.commands.ts'
import { postingsFor } from './payment.postings.ts'
import { canMove, move, type Payment, type PaymentFact } from './payment.ts'
import { type Moved, saveMoves, takePayments } from './payment-move.store.ts'
import { newsOf } from './payment-news.ts'
import { readTerms } from './terms.store.ts'
import type { Terms } from './terms.ts'

/** What a fact is about may depend on the payment it is told of. */
export type FactOf = (payment: Payment, terms: Terms) => PaymentFact

/** Undefined: it does not concern the payment any more. */
type MaybeFactOf = (...about: Parameters<FactOf>) => PaymentFact | undefined

export type Applied = Readonly<{
  moved: readonly Moved[]
  /** Payments whose state does not allow the fact, as they are. A bank's report about one waits for a person. */
  unfit: readonly Payment[]
}>

/** The journals of a file: one a merchant, named after what caused them. Without it, each payment has its own. */
export type JournalName = Readonly<{ id: string; day: Day }>

/**
 * The one way payments move: states, diaries, books, events and the work that follows change together or not at all.
 * Callers bring the transaction, so that a bank's report and the moves it causes are remembered together. Locks the
 * payments, each refund with its debit, in id order. What does not fit is answered and left alone.
 */
export async function applyFacts(
  house: House,
  tx: Tx,
  ids: readonly PaymentId[],
  factOf: MaybeFactOf,
  journal?: JournalName,
): Promise<Applied> {
  const wanted = new Set(ids)
  assert(wanted.size === ids.length, 'a payment is told one fact at a time')
  const payments = (await takePayments(tx, ids)).filter(({ id }) => wanted.has(id))
  assert(payments.length === ids.length, 'facts are about payments that exist')
  return applyTo(house, tx, payments, factOf, journal)
}

/**
 * The same, for rows that the caller holds already. `requestId`: the request that caused it, where it is not the one
 * that made the payment. Whatever follows for other payments is posted together with it, so that the accounts of the
 * books are locked in their order, once.
 */
export async function applyTo(
  house: House,
  tx: Tx,
  payments: readonly Payment[],
  factOf: MaybeFactOf,
  journal?: JournalName,
  requestId?: string,
): Promise<Applied> {
  const at = house.now()
  const merchantIds = payments.map(({ merchantId }) => merchantId)
  const terms = await readTerms(tx, merchantIds)
  const moved: Moved[] = []
  const unfit: Payment[] = []
  for (const before of payments) {
    const agreed = terms.get(before.merchantId)
    assert(agreed, 'a payment has a merchant')
    const fact = factOf(before, agreed)
    if (fact && canMove(before, fact.kind)) moved.push({ before, fact, after: move(before, fact) })
    else unfit.push(before)
  }
  await saveMoves(tx, moved, at)
  const { followed, news } = await followUp(tx, moved, terms, at)
  const today = easternDay(at)
  const journals = [...journalsOf(moved, journal ?? null, today), ...journalsOf(followed, null, today)]
  const { already } = await post(tx, journals, at)
  // Entries of moves just made, under a name that was used before, would be missing in the books.
  assert(already === 0, 'what moves is posted once')
  const told = [...moved, ...followed].flatMap(({ after, fact }) => newsOf(after, fact))
  await announce(
    house,
    tx,
    [...told, ...news].map((one) => (requestId === undefined ? one : { ...one, requestId })),
  )
  return { moved, unfit }
}

/** Tells one payment, whose row is held, a fact that its state allows. */
export async function tellOne(
  house: House,
  tx: Tx,
  payment: Payment,
  fact: PaymentFact,
  requestId?: string,
): Promise<Payment> {
  const { moved } = await applyTo(house, tx, [payment], () => fact, undefined, requestId)
  const after = moved[0]?.after
  assert(after, 'the fact was looked at before it was told')
  return after
}

function journalsOf(moved: readonly Moved[], name: JournalName | null, today: Day): Journal[] {
  const journals = new Map<string, { id: string; reason: string; day: Day; postings: Posting[] }>()
  for (const { before, fact, after } of moved) {
    const entries = postingsFor(before, fact)
    if (entries.length === 0) continue
    const id = name ? `${name.id}:${before.merchantId}` : `payment:${before.id}:${fact.kind}:${after.moves}`
    const journal = journals.get(id) ?? { id, reason: `payment ${fact.kind}`, day: name?.day ?? today, postings: [] }
    journals.set(id, journal)
    for (const entry of entries) journal.postings.push({ ...entry, subjectId: before.id, subjectSeq: after.moves })
  }
  return [...journals.values()]
}
