import type { Sql, Tx } from '../db/connect.ts'
import { addDays, type Day, easternDay } from './banking-day.ts'
import type { ChangeCode, ReturnCode } from './codes.ts'
import { correctedData } from './correction.ts'
import { settleAndAdvise } from './day-work.ts'
import { type EntryView, findEntryByTrace, findReachedAccount } from './entry.store.ts'
import { insertReturns, takeEntry } from './return.store.ts'
import { writeReturnFiles } from './return-file.ts'
import { makeReturns } from './returns.ts'

export type Step = 'settle' | 'return' | 'correct'

/** How long after settlement an account holder may say that a debit was not authorized, in calendar days. */
export const DISPUTABLE_DAYS = 60

export const isDisputable = (settled: Day, today: Day): boolean => today <= addDays(settled, DISPUTABLE_DAYS)

/** What can happen to an entry next, when somebody makes it happen out of turn. */
export function possibleSteps(entry: EntryView, today: Day): readonly Step[] {
  if (entry.status === 'waiting') return entry.kind === 'entry' ? ['settle', 'return'] : ['settle']
  if (entry.status === 'returned' || entry.kind !== 'entry' || !entry.settlementDate) return []
  return isDisputable(entry.settlementDate, today) ? ['return', 'correct'] : []
}

export type Wish =
  | Readonly<{ step: 'settle' }>
  | Readonly<{ step: 'return'; code: ReturnCode; information: string }>
  | Readonly<{ step: 'correct'; code: ChangeCode; correctedData?: string }>

export type StepAnswer =
  | Readonly<{ kind: 'done' }>
  | Readonly<{ kind: 'not_found' }>
  | Readonly<{ kind: 'impossible'; status: EntryView['status']; possible: readonly Step[] }>

async function correct(tx: Tx, entry: EntryView, wish: Wish & { step: 'correct' }, at: Date): Promise<void> {
  const account = await findReachedAccount(tx, entry, at)
  const information = wish.correctedData ?? (await correctedData(tx, wish.code, { ...entry, account }, at))
  await insertReturns(tx, [
    {
      ...{ kind: 'correction', entryId: entry.id, code: wish.code, information, madeAt: at, deliverAt: at },
      ...{ dateOfDeath: null, statement: null, untimely: false, contests: null },
    },
  ])
}

/**
 * Settles, returns or corrects an entry now, out of turn, and writes the file that says so.
 * Refuses what cannot happen to the entry as it is, and says what can.
 */
export async function takeStep(tx: Tx, at: Date, trace: string, wish: Wish): Promise<StepAnswer> {
  const found = await findEntryByTrace(tx, trace)
  const held = found && (await takeEntry(tx, found.id))
  const entry = held && (await findEntryByTrace(tx, trace))
  if (!held || !entry) return { kind: 'not_found' }
  const possible = possibleSteps(entry, easternDay(at))
  if (!possible.includes(wish.step)) return { kind: 'impossible', status: entry.status, possible }
  if (wish.step === 'settle') await settleAndAdvise(tx, at, entry.id)
  if (wish.step === 'return') {
    const { code, information } = wish
    await makeReturns(tx, [{ entry: held, code, information, deliverAt: at }], at)
  }
  if (wish.step === 'correct') await correct(tx, entry, wish, at)
  await writeReturnFiles(tx, at)
  return { kind: 'done' }
}

export const findEntry = (sql: Sql, trace: string): Promise<EntryView | undefined> => findEntryByTrace(sql, trace)
