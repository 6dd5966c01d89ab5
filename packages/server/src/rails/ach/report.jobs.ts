import { remind } from '../../agenda/agenda.commands.ts'
import { type Tx, transact } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { addBankingDays, atEastern, easternDay, onOrAfter } from '../../kernel/banking-day.ts'
import { DropProblem } from '../file-drop.ts'
import type { OriginatingBank } from '../originating-bank.ts'
import { applyAcknowledgment } from './acknowledgment.commands.ts'
import { raise } from './alert.commands.ts'
import { bankOf } from './bank-of.ts'
import { readNext, storeInbound } from './inbound.commands.ts'
import { closeApplied, listNewReports, type StoredReport } from './inbound.store.ts'
import { applyEntryReports } from './report.commands.ts'
import { returnCodes } from './return-code.ts'
import { applySettlement } from './settlement.commands.ts'

/** How many reports about single entries are applied in one transaction. */
const chunk = 2_000

/** Codes with which an operator refuses an entry in the next file, before it settles. */
const refusals = returnCodes.filter(({ window }) => window === 'next_file').map(({ code }) => code)

/** Puts the next reading of a bank's drop on the agenda. */
export async function remindOfCollecting(tx: Tx, bank: OriginatingBank, after: Date): Promise<void> {
  for (let day = onOrAfter(easternDay(after)); ; day = addBankingDays(day, 1)) {
    const at = bank.collectAt.map((time) => atEastern(day, time)).find((instant) => instant > after)
    if (!at) continue
    await remind(tx, at, 'collect-reports', { bankId: bank.id }, `ach:${bank.id}:collect`)
    return
  }
}

/**
 * Fetches what a bank has left: each file is stored before it is moved out of the way, and understood later. A file
 * that cannot be fetched stays where it is and an operator is told; the others are fetched all the same.
 */
export async function collectReports(house: House, bankId: string): Promise<void> {
  const bank = bankOf(house, bankId)
  await transact(house.sql, (tx) => remindOfCollecting(tx, bank, house.now()))
  const drop = house.drop(bankId)
  const { files, strange } = await drop.list()
  for (const { name } of files) {
    try {
      await storeInbound(house, bankId, name, await drop.get(name))
      await drop.done(name)
    } catch (error) {
      if (!(error instanceof DropProblem) || error.kind === 'unreachable') throw error
      await tellOperator(
        house,
        `drop:${bankId}:${name}`,
        `${bank.name} left a file that cannot be fetched: ${error.message}`,
      )
    }
  }
  if (strange.length > 0) {
    const says = `${bank.name}'s drop holds ${strange.length} names that are no plain files, such as '${strange[0]}'.`
    await tellOperator(house, `drop:${bankId}:strange`, says)
  }
}

const tellOperator = (house: House, key: string, says: string): Promise<void> =>
  transact(house.sql, (tx) => raise(tx, { id: house.newId(), key: key.slice(0, 300), says, at: house.now() }))

/** Reads what is stored and applies what it says, in the order in which it was told. May be repeated. */
export async function applyReports(house: House, bankId: string): Promise<void> {
  for (let more = true; more; ) more = await readNext(house, bankId)
  for (;;) {
    const reports = await listNewReports(house.sql, bankId, refusals, chunk)
    const [first] = reports
    if (!first) break
    if (first.kind === 'settled') await applySettlement(house, bankId, first as StoredReport & { kind: 'settled' })
    else if (first.kind === 'acknowledged')
      await applyAcknowledgment(house, bankId, first as StoredReport & { kind: 'acknowledged' })
    else await applyEntryReports(house, bankId, run(reports))
  }
  await closeApplied(house.sql, bankId)
}

/** As many as are of the first one's kind and about different entries. */
function run(reports: readonly StoredReport[]): StoredReport[] {
  const traces = new Set<string>()
  const taken: StoredReport[] = []
  for (const report of reports) {
    const trace = 'traceNumber' in report.told ? report.told.traceNumber : ''
    if (report.kind !== reports[0]?.kind || traces.has(trace)) break
    traces.add(trace)
    taken.push(report)
  }
  return taken
}
