import { describeTransactionCode } from '@rialto/nacha'
import { findReceiver } from '../banks/receiver.ts'
import type { Tx } from '../db/connect.ts'
import { type Held, holdAccounts, listStops, type Posting, post, type Reached, reachAccounts } from './account.store.ts'
import type { Day } from './banking-day.ts'
import { type Corrected, correctedData } from './correction.ts'
import { isDebit } from './direction.ts'
import { judgeDishonored } from './dishonor.ts'
import { moveNumber } from './number.store.ts'
import { isOffset } from './offset.ts'
import { magicOf } from './outcome.ts'
import { insertReturns } from './return.store.ts'
import { makeReturns, type NewReturned, statementLine } from './returns.ts'
import { openRuleBook, type RuleBook } from './rule.store.ts'
import { markSettled, openSettlement, type Settled, takeWaiting, type Waiting } from './settle.store.ts'
import { decide, type Situation, type Verdict } from './verdict.ts'
import { returnFileAfter, settlementDate } from './windows.ts'

const AT_ONCE = 5_000

type Settlement = Readonly<{ id: bigint; at: Date; day: Day }>

/** The accounts a few thousand entries reach, with balances that follow each decision. */
type Open = { -readonly [Part in keyof Held]: Held[Part] } & { available: bigint }
type Reach = Readonly<{
  /** By bank and number. */
  numbers: ReadonlyMap<string, { -readonly [Part in keyof Reached]: Reached[Part] }>
  accounts: ReadonlyMap<string, Open>
  stops: ReadonlySet<string>
}>

const keyOf = (...parts: readonly string[]): string => parts.join('\n').toUpperCase()

async function reach(tx: Tx, entries: readonly Waiting[], at: Date): Promise<Reach> {
  const asked = entries.map((entry) => ({
    bank: findReceiver(entry.routingNumber)?.slug ?? '',
    number: entry.accountNumber,
  }))
  const numbers = new Map<string, Reached>()
  for (const found of await reachAccounts(tx, asked, at)) {
    const key = keyOf(found.bank, found.number)
    if (!numbers.has(key)) numbers.set(key, found)
  }
  const ids = [...new Set([...numbers.values()].map(({ accountId }) => accountId))]
  const held = await holdAccounts(tx, ids)
  const stops = await listStops(tx, ids)
  return {
    numbers,
    accounts: new Map(held.map((account) => [account.id, { ...account, available: account.availableBalance }])),
    stops: new Set(stops.map((stop) => keyOf(stop.accountId, stop.companyName, stop.companyId))),
  }
}

type Arrival = Readonly<{ entry: Waiting; reached: ReturnType<Reach['numbers']['get']>; account: Open | undefined }>

function arrive(entry: Waiting, reach: Reach): Arrival {
  const bank = findReceiver(entry.routingNumber)?.slug ?? ''
  const reached = reach.numbers.get(keyOf(bank, entry.accountNumber))
  return { entry, reached, account: reached && reach.accounts.get(reached.accountId) }
}

function situationOf({ entry, account }: Arrival, stops: Reach['stops']): Situation {
  return {
    direction: isDebit(entry.transactionCode) ? 'debit' : 'credit',
    amount: entry.amount,
    meant: describeTransactionCode(entry.transactionCode)?.account ?? 'none',
    hasPossibleNumber: findReceiver(entry.routingNumber)?.numberShape.test(entry.accountNumber) ?? false,
    account: account && {
      ...account,
      isStopped: stops.has(keyOf(account.id, entry.companyName, entry.companyId)),
    },
  }
}

/** An account that moves does so once for each time the customer linked it, when the first entry arrives. */
async function newNumberOf(tx: Tx, { entry, reached, account }: Arrival, at: Date): Promise<string | undefined> {
  if (!reached || !account) return undefined
  if (reached.replacedBy) return reached.replacedBy
  if (account.temper !== 'moves') return undefined
  const hasMoved = account.movedAt !== null && (account.linkedAt === null || account.linkedAt <= account.movedAt)
  if (hasMoved) return undefined
  // Whatever else arrives under this number meets a bank that has moved already.
  reached.replacedBy = await moveNumber(tx, {
    ...{ bank: account.bank, accountId: account.id, number: entry.accountNumber, at },
  })
  account.movedAt = at
  return reached.replacedBy
}

function describe(entry: Waiting) {
  const { routingNumber, accountNumber, amount, individualId } = entry
  return { routingNumber, accountNumber, amount, individualId, name: entry.individualName }
}

type Outcomes = Readonly<{
  settled: Settled[]
  postings: Posting[]
  returned: NewReturned[]
  corrections: { entry: Waiting; code: string; information: string }[]
}>

function take(arrival: Arrival, verdict: Verdict, into: Outcomes): void {
  const { entry, account } = arrival
  const posts = verdict.kind === 'post'
  const later = posts ? verdict.later : undefined
  const posted = posts && account !== undefined
  into.settled.push({
    ...{ id: entry.id, accountId: account?.id ?? null, posted },
    ...{ laterCode: later?.code ?? null, laterAt: later?.at ?? null },
  })
  if (posted) {
    const amount = isDebit(entry.transactionCode) ? -entry.amount : entry.amount
    account.available += amount
    const description = statementLine(entry)
    into.postings.push({ id: `ach-${entry.id}`, accountId: account.id, entryId: entry.id, description, amount })
  }
  if (verdict.kind === 'return')
    into.returned.push({
      entry: { ...entry, accountId: account?.id ?? null, posted: false, laterCode: null },
      code: verdict.code,
      deliverAt: verdict.deliverAt,
    })
}

async function correctionFor(tx: Tx, arrival: Arrival, verdict: Verdict, at: Date) {
  if (verdict.kind !== 'post') return undefined
  const { entry, account } = arrival
  const newNumber = await newNumberOf(tx, arrival, at)
  const code = verdict.correction && !(verdict.correction.code === 'C05' && newNumber) ? verdict.correction.code : 'C01'
  if (!verdict.correction && !newNumber) return undefined
  const corrected: Corrected = { ...entry, account, newNumber }
  return { entry, code, information: verdict.correction?.data ?? (await correctedData(tx, code, corrected, at)) }
}

async function settleFew(tx: Tx, entries: readonly Waiting[], rules: RuleBook, settlement: Settlement): Promise<void> {
  const { at, day } = settlement
  const reached = await reach(tx, entries, at)
  const out: Outcomes = { settled: [], postings: [], returned: [], corrections: [] }
  for (const entry of entries) {
    // The platform's own account always takes what is meant for it; the money moves with the settlement.
    if (entry.kind !== 'entry' || isOffset(entry.routingNumber, entry.accountNumber)) {
      out.settled.push({ id: entry.id, accountId: null, posted: false, laterCode: null, laterAt: null })
      continue
    }
    const arrival = arrive(entry, reached)
    const outcome = rules.outcomeFor(describe(entry)) ?? magicOf(entry.amount)
    const verdict = decide(situationOf(arrival, reached.stops), outcome, day)
    take(arrival, verdict, out)
    const correction = await correctionFor(tx, arrival, verdict, at)
    if (correction) out.corrections.push(correction)
  }
  await markSettled(tx, out.settled, settlement)
  await post(tx, out.postings, at)
  await makeReturns(tx, out.returned, at)
  const common = { dateOfDeath: null, statement: null, untimely: false, contests: null, madeAt: at }
  const deliverAt = returnFileAfter(at)
  const corrections = out.corrections.map(({ entry, code, information }) => ({
    ...{ ...common, kind: 'correction' as const, entryId: entry.id, code, information, deliverAt },
  }))
  await insertReturns(tx, corrections)
  for (const entry of entries) if (entry.kind === 'dishonored') await judgeDishonored(tx, entry, at)
}

/**
 * Settles what is due by now, or one entry out of turn. Banks post what they can, and what they cannot they send back.
 * Answers the settlement, or undefined where there was nothing to settle.
 */
export async function settleEntries(tx: Tx, at: Date, only?: bigint): Promise<Settlement | undefined> {
  const rules = await openRuleBook(tx)
  let settlement: Settlement | undefined
  let after = 0n
  for (;;) {
    const due = { at, after, limit: AT_ONCE, ...(only === undefined ? {} : { only }) }
    const entries = await takeWaiting(tx, due)
    const last = entries.at(-1)
    if (!last) break
    const day = settlementDate(at)
    settlement ??= { id: await openSettlement(tx, at, day), at, day }
    await settleFew(tx, entries, rules, settlement)
    after = last.id
  }
  await rules.close()
  return settlement
}
