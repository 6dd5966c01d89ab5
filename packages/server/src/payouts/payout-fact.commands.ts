import type { Tx } from '../db/connect.ts'
import type { House } from '../house.ts'
import { ask } from '../jobs/tasks.ts'
import { assert } from '../kernel/assert.ts'
import { type Day, easternDay } from '../kernel/banking-day.ts'
import { Money } from '../kernel/money.ts'
import type { Journal, Posting } from '../ledger/books.ts'
import { post } from '../ledger/ledger.store.ts'
import { raise } from '../rails/ach/alert.commands.ts'
import { savePaused } from './payee.store.ts'
import { postingsFor } from './payout.postings.ts'
import { insertLines, insertPayout, type Moved, saveMoves, takePayouts } from './payout.store.ts'
import { canMove, move, type Payout, type PayoutFact, type PayoutId } from './payout.ts'
import type { StatementLine } from './payout-statement.ts'

export type Applied = Readonly<{
  moved: readonly Moved[]
  /** Payouts whose state does not allow the fact, as they are. A bank's report about one waits for a person. */
  unfit: readonly Payout[]
}>

/** The journals of a file: one a merchant, named after what caused them. Without it, each payout has its own. */
type JournalName = Readonly<{ id: string; day: Day }>

/**
 * Locks payouts and their merchants. Whoever moves payments and payouts in one transaction holds the payouts first,
 * since a payout that is made locks its merchant before its payments.
 */
export async function holdPayouts(tx: Tx, ids: readonly PayoutId[]): Promise<void> {
  if (ids.length > 0) await takePayouts(tx, ids)
}

/**
 * The one way payouts move: states, diaries, books and the work that follows change together or not at all. Callers
 * bring the transaction, so that a bank's report and the moves it causes are remembered together. Locks the payouts,
 * then their merchants, in id order. What does not fit is answered and left alone.
 */
export async function applyPayoutFacts(
  house: House,
  tx: Tx,
  ids: readonly PayoutId[],
  factOf: (payout: Payout) => PayoutFact | undefined,
  journal?: JournalName,
): Promise<Applied> {
  assert(new Set(ids).size === ids.length, 'a payout is told one fact at a time')
  const payouts = await takePayouts(tx, ids)
  assert(payouts.length === ids.length, 'facts are about payouts that exist')
  return applyToPayouts(house, tx, payouts, factOf, journal)
}

/** The same, for rows that the caller holds already. */
export async function applyToPayouts(
  house: House,
  tx: Tx,
  payouts: readonly Payout[],
  factOf: (payout: Payout) => PayoutFact | undefined,
  journal?: JournalName,
): Promise<Applied> {
  const moved: Moved[] = []
  const unfit: Payout[] = []
  for (const before of payouts) {
    const fact = factOf(before)
    if (fact && canMove(before, fact.kind)) moved.push({ before, fact, after: move(before, fact) })
    else unfit.push(before)
  }
  await record(house, tx, moved, journal ?? null)
  return { moved, unfit }
}

/**
 * Writes a new payout down: accepted, with its statement. The caller holds the merchant and the available account, and
 * has seen that it covers the amount.
 */
export async function recordAccepted(
  house: House,
  tx: Tx,
  draft: Payout,
  lines: readonly StatementLine[],
): Promise<Payout> {
  const fact: PayoutFact = { kind: 'accepted' }
  const after = move(draft, fact)
  await insertPayout(tx, after)
  await insertLines(tx, after.id, lines)
  await record(house, tx, [{ before: draft, fact, after }], null)
  return after
}

async function record(house: House, tx: Tx, moved: readonly Moved[], name: JournalName | null): Promise<void> {
  const at = house.now()
  await saveMoves(tx, moved, at)
  await followUp(house, tx, moved)
  const { already } = await post(tx, journalsOf(moved, name, easternDay(at)), at)
  // Entries of moves just made, under a name that was used before, would be missing in the books.
  assert(already === 0, 'what moves is posted once')
}

function journalsOf(moved: readonly Moved[], name: JournalName | null, today: Day): Journal[] {
  const journals = new Map<string, { id: string; reason: string; day: Day; postings: Posting[] }>()
  for (const { before, fact, after } of moved) {
    const entries = postingsFor(before, fact)
    if (entries.length === 0) continue
    // Payments of the same merchant may be told in the same breath: theirs is another journal.
    const id = name ? `${name.id}:${before.merchantId}:payouts` : `payout:${before.id}:${fact.kind}:${after.moves}`
    const journal = journals.get(id) ?? { id, reason: `payout ${fact.kind}`, day: name?.day ?? today, postings: [] }
    journals.set(id, journal)
    for (const entry of entries) journal.postings.push({ ...entry, subjectId: before.id, subjectSeq: after.moves })
  }
  return [...journals.values()]
}

/**
 * What moves mean: the payments of a payout that settled are told, some at a time, by a job. One that came back means
 * that the account is wrong: nothing more is sent there until somebody has looked.
 */
async function followUp(house: House, tx: Tx, moved: readonly Moved[]): Promise<void> {
  const at = house.now()
  for (const { after } of moved)
    if (after.status === 'settled') await ask(tx, 'disburse-payments', { payoutId: after.id }, `disburse:${after.id}`)
  const back = moved.flatMap(({ after }) => (after.status === 'returned' ? [after] : []))
  if (back.length === 0) return
  await savePaused(
    tx,
    back.map(({ merchantId }) => merchantId),
    true,
  )
  for (const { id, merchantId, amount, returnCode } of back) {
    const says =
      `The payout of ${Money.format(amount)} to merchant ${merchantId} came back with ${returnCode}. Their payouts are ` +
      `paused: ask them for their account, set it with rialto merchant payout-account, then --pause off.`
    await raise(tx, { id: house.newId(), key: `payout-returned:${id}`, says, at })
  }
}
