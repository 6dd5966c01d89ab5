import { createHash } from 'node:crypto'
import { forget, remind } from '../agenda/agenda.commands.ts'
import { transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { assert } from '../kernel/assert.ts'
import { Refusal } from '../kernel/refusal.ts'
import { StartProblem } from '../kernel/start-problem.ts'
import { clear, raise } from '../rails/ach/alert.commands.ts'
import { DropProblem, type FileDrop } from '../rails/file-drop.ts'
import { findDrop } from './recipient.store.ts'
import { deliveryKey } from './report.commands.ts'
import { readPieces } from './report.queries.ts'
import { findReport, saveTry, takeReport } from './report.store.ts'
import { dropContext, isMade, type MadeReport, nextTry, type ReportId, undelivered } from './report.ts'

/**
 * Puts a made report into the merchant's drop. May be repeated: the name and the bytes are the same. What fails is
 * tried again for two days, then an operator is told. Delivered already: nothing is done.
 */
export async function deliverReport(house: House, id: ReportId): Promise<void> {
  const report = await findReport(house.sql, id)
  if (!isMade(report) || report.deliveredAt) return
  await handOver(house, report)
}

/**
 * Puts a report into the merchant's drop now, also one that was delivered before. Answers what was in the way, if
 * anything was; it is then tried again as ever. Refuses: report_not_found (also one that is not made yet).
 */
export async function redeliverReport(house: House, id: ReportId): Promise<string | undefined> {
  const report = await findReport(house.sql, id)
  if (!isMade(report)) throw new Refusal('report_not_found', { id })
  return handOver(house, report)
}

async function handOver(house: House, report: MadeReport): Promise<string | undefined> {
  const problem = await put(house, report)
  await transact(house.sql, async (tx) => {
    const { id, name, attempts, deliveredAt } = await takeReport(tx, report.id)
    const at = house.now()
    await saveTry(tx, id, problem ?? null, problem === undefined ? at : null)
    if (problem === undefined) {
      await forget(tx, [deliveryKey(id)])
      return clear(tx, undelivered(id), at)
    }
    if (deliveredAt) return
    const next = nextTry(attempts + 1, at)
    if (next) return remind(tx, next, 'deliver-report', { reportId: id }, deliveryKey(id))
    const says = `The report '${name}' could not be delivered for two days: ${problem} Mend it, then rialto reports deliver ${id}.`
    await raise(tx, { id: house.newId(), key: undelivered(id), says, at })
  })
  return problem
}

/** Answers what was in the way, in a sentence for an operator. */
async function put(house: House, report: MadeReport): Promise<string | undefined> {
  let drop: FileDrop | undefined
  try {
    const sealed = await findDrop(house.sql, report.merchantId)
    const settings = sealed ? JSON.parse(await house.vault.open(sealed, dropContext(report.merchantId))) : null
    drop = house.reportDrop(report.merchantId, settings)
    await drop.put(report.name, await readWhole(house, report))
    return undefined
  } catch (error) {
    if (!(error instanceof DropProblem) && !(error instanceof StartProblem)) throw error
    house.log.warn({ reportId: report.id, merchantId: report.merchantId, why: error.message }, 'report not delivered')
    return error.message
  } finally {
    await drop?.close()
  }
}

/** The stored bytes, as they were hashed. */
async function readWhole(house: House, { id, made }: MadeReport): Promise<Uint8Array> {
  const content = Buffer.alloc(made.bytes)
  let filled = 0
  for await (const piece of readPieces(house, id)) filled += content.write(piece, filled, 'utf8')
  const isSame = filled === made.bytes && createHash('sha256').update(content).digest('hex') === made.sha256
  assert(isSame, 'a stored report is what it was when it was made')
  return content
}
