import { type Tx, transact } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { listReversals } from '../../payments/reversal.queries.ts'
import { stopForReturn } from './account-fate.commands.ts'
import { type FoundEntry, findEntries } from './ach-entry.store.ts'
import { holdBank } from './ach-file.store.ts'
import { raise } from './alert.commands.ts'
import { changeCode } from './change-code.ts'
import { applyCorrection } from './correction.commands.ts'
import { type Misfit, raiseExceptions } from './exception.commands.ts'
import { findUnapplied, type StoredReport, saveReports } from './inbound.store.ts'
import { findOffsetTraces } from './offset.store.ts'
import type { ReportId } from './report.ts'
import { returnCode } from './return-code.ts'
import { type Told, tell } from './subjects.commands.ts'

type Disputed = StoredReport & { kind: 'returned' | 'dishonored' | 'contested' }

/** A report that is about one entry of ours, and that entry. */
type Matched<R extends StoredReport = StoredReport> = Readonly<{ report: R; entry: FoundEntry }>

/**
 * Applies reports about single entries, told in a row by one bank and all of one kind, in one transaction: what fits
 * moves its payment, what does not waits as an exception.
 */
export function applyEntryReports(house: House, bankId: string, given: readonly StoredReport[]): Promise<void> {
  return transact(house.sql, async (tx) => {
    await holdBank(tx, bankId)
    const unapplied = await findUnapplied(
      tx,
      given.map(({ id }) => id),
    )
    const reports = given.filter(({ id }) => unapplied.has(id))
    const { matched, misfits } = await match(tx, bankId, reports)
    const [kind] = reports.map((report) => report.kind)
    const unfit =
      kind === 'corrected'
        ? await correct(house, tx, matched)
        : await dispute(house, tx, matched as Matched<Disputed>[])
    const excepted = [...misfits, ...unfit]
    await raiseExceptions(house, tx, bankId, excepted)
    const bad = new Set(excepted.map(({ report }) => report.id))
    const good = reports.filter(({ id }) => !bad.has(id)).map(({ id }) => id)
    await saveReports(tx, good, 'applied')
    await saveReports(tx, [...bad] as ReportId[], 'excepted')
  })
}

async function match(
  tx: Tx,
  bankId: string,
  reports: readonly StoredReport[],
): Promise<{ matched: Matched[]; misfits: Misfit[] }> {
  const traceOf = (report: StoredReport) => ('traceNumber' in report.told ? report.told.traceNumber : '')
  const entries = await findEntries(tx, bankId, reports.map(traceOf))
  const offsets = await findOffsetTraces(tx, bankId, reports.map(traceOf))
  const matched: Matched[] = []
  const misfits: Misfit[] = []
  for (const report of reports) {
    const candidates = entries.get(traceOf(report)) ?? []
    // A trace number comes back into use after ten million entries: amount and bank tell which entry is meant.
    const entry = candidates.find((candidate) => agrees(report, candidate))
    if (entry) matched.push({ report, entry })
    else if (candidates.length > 0)
      misfits.push({
        report,
        reason: 'differs_from_entry',
        says: 'Its amount or bank is not that of the entry it names.',
      })
    else if (offsets.has(traceOf(report)))
      misfits.push({ report, reason: 'offset_entry', says: 'It is about our own account, which balances a batch.' })
    else misfits.push({ report, reason: 'no_such_entry', says: 'It names an entry that we never sent.' })
  }
  return { matched, misfits }
}

function agrees(report: StoredReport, entry: FoundEntry): boolean {
  if (report.kind === 'corrected') return true
  if (report.kind === 'settled' || report.kind === 'acknowledged') return false
  const { amount, rdfi } = report.told
  return BigInt(amount) === entry.amount && (rdfi.trim() === '' || entry.routingNumber.startsWith(rdfi))
}

/** Returns, and what becomes of them. */
async function dispute(house: House, tx: Tx, matched: readonly Matched<Disputed>[]): Promise<Misfit[]> {
  const reports = new Map(matched.map(({ report, entry }) => [entry.id, report]))
  const told: Told = ({ id }) => {
    const report = reports.get(id)
    if (!report) throw new Error('broken promise: every entry has a report')
    if (report.kind === 'dishonored') return { kind: 'return_reversed', code: report.told.code }
    const code = report.kind === 'contested' ? report.told.returnCode : report.told.code
    return { kind: 'returned', code, on: report.told.on }
  }
  const unfit = new Set<string>()
  for (const [on, some] of Map.groupBy(matched, ({ report }) => report.told.on)) {
    const [first] = some
    const journal = { id: `report:${first?.report.id}`, day: on }
    const subjects = some.map(({ entry }) => entry)
    for (const id of await tell(house, tx, subjects, told, journal)) unfit.add(id)
  }
  const applied = matched.filter(({ entry }) => !unfit.has(entry.id))
  await stopForReturn(
    house,
    tx,
    applied.flatMap(({ report, entry }) =>
      report.kind === 'returned' && entry.kind === 'payment' ? [{ id: entry.id, code: report.told.code }] : [],
    ),
  )
  await alarm(
    house,
    tx,
    applied.filter(({ report }) => report.kind === 'returned' && returnCode(report.told.code).alarm),
    ({ code }) => `${returnCode(code).title}. ${returnCode(code).says}`,
  )
  await alarmOfReversals(house, tx, applied)
  const says = 'The payment it names cannot come back from its present state: it may have come back before.'
  return matched
    .filter(({ entry }) => unfit.has(entry.id))
    .map(({ report }) => ({ report, reason: 'not_possible_now', says }))
}

/** Codes that say we made a mistake, or that the law asks for somebody: a person must look. */
async function alarm(
  house: House,
  tx: Tx,
  matched: readonly Matched<StoredReport & { kind: 'returned' | 'dishonored' | 'contested' | 'corrected' }>[],
  words: (told: { code: string }) => string,
): Promise<void> {
  for (const { report, entry } of matched) {
    const says = `${report.told.code} for ${entry.kind} ${entry.id}: ${words(report.told)}`
    await raise(tx, { id: house.newId(), key: `report:${report.id}`, says, at: house.now() })
  }
}

/** Somebody asked for a reversal, and its customer has not got the money: they must hear of it. */
async function alarmOfReversals(house: House, tx: Tx, applied: readonly Matched<Disputed>[]): Promise<void> {
  const codes = new Map(
    applied.flatMap(({ report, entry }) => (report.kind === 'returned' ? [[entry.id, report.told.code]] : [])),
  )
  if (codes.size === 0) return
  for (const { id, refundOf } of await listReversals(tx, [...codes.keys()])) {
    const says = `The reversal ${id} of payment ${refundOf} came back with ${codes.get(id)}: the customer has not got the money back.`
    await raise(tx, { id: house.newId(), key: `reversal-returned:${id}`, says, at: house.now() })
  }
}

async function correct(house: House, tx: Tx, matched: readonly Matched[]): Promise<Misfit[]> {
  const misfits: Misfit[] = []
  for (const { report, entry } of matched) {
    if (report.kind !== 'corrected') continue
    const problem = await applyCorrection(house, tx, report, entry)
    if (problem) misfits.push({ report, reason: 'correction_unusable', says: problem })
    else if (changeCode(report.told.code).alarm)
      await alarm(house, tx, [{ report, entry }], ({ code }) => `${changeCode(code).title}. ${changeCode(code).says}`)
  }
  return misfits
}
