import { Buffer } from 'node:buffer'
import { type Addenda, describeTransactionCode, type FileWriter, openWriter, transactionCode } from '@rialto/nacha'
import { meridian } from '../banks/receiver.ts'
import type { Tx } from '../db/connect.ts'
import { type Day, easternDay, easternTime, julianDay } from './banking-day.ts'
import { moveCash } from './cash.store.ts'
import { debitCodes } from './direction.ts'
import { findDisputed } from './dishonor.ts'
import { countReturnFiles, fillReport, openReport } from './report.store.ts'
import { listPlaced, listRecipients, type Placed, placeReturns, sumPlaced } from './return-file.store.ts'
import { settlementDate } from './windows.ts'

/** The Federal Reserve itself, which sends back what no bank ever sees. Its number looks invented on purpose. */
const OPERATOR = '09999999'
const AT_ONCE = 5_000
const [ODFI] = meridian.routingNumbers
const MODIFIERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

const returnTransactionCode = (code: number): number => {
  const meant = describeTransactionCode(code)
  return meant ? transactionCode({ ...meant, purpose: 'return' }) : code
}

async function addendaOf(tx: Tx, row: Placed): Promise<Addenda> {
  const { code, trace, information, entryTrace: originalTrace } = row
  const originalRdfi = row.routingNumber.slice(0, 8)
  if (row.kind === 'correction')
    return { kind: 'change', code, originalTrace, originalRdfi, correctedData: information, trace }
  if (row.kind === 'return') {
    const dateOfDeath = row.dateOfDeath ?? undefined
    return { kind: 'return', code, originalTrace, dateOfDeath, originalRdfi, information, trace }
  }
  const disputed = await findDisputed(tx, row.contests ?? 0n)
  return {
    kind: 'contested',
    code,
    originalTrace: disputed.originalTrace,
    originalReturnDate: disputed.returnSettled,
    originalRdfi: disputed.originalRoutingNumber.slice(0, 8),
    originalSettlementDay: disputed.originalSettled ? julianDay(disputed.originalSettled) : '',
    returnTrace: disputed.returnTrace,
    returnSettlementDay: julianDay(disputed.returnSettled),
    returnCode: disputed.returnCode,
    dishonoredTrace: originalTrace,
    dishonoredSettlementDay: row.entrySettled ? julianDay(row.entrySettled) : '',
    dishonoredCode: row.dishonorCode ?? '',
    trace,
  }
}

const batchKey = (row: Placed): string => `${row.kind === 'correction'} ${row.batchId} ${row.trace.slice(0, 8)}`

const batchHeader = (row: Placed, batchNumber: number, day: Day) => ({
  companyName: row.companyName,
  companyDiscretionaryData: row.companyData,
  companyId: row.companyId,
  secCode: row.kind === 'correction' ? 'COR' : row.sec,
  entryDescription: row.entryDescription,
  descriptiveDate: row.descriptiveDate,
  effectiveDate: row.effectiveDate || day,
  settlementDay: julianDay(day),
  odfi: row.trace.slice(0, 8),
  batchNumber,
})

const entryOf = (row: Placed, addenda: Addenda) => ({
  transactionCode: returnTransactionCode(row.transactionCode),
  rdfi: ODFI,
  accountNumber: row.accountNumber,
  amount: row.kind === 'correction' ? 0n : row.amount,
  individualId: row.individualId,
  individualName: row.individualName,
  discretionary: row.discretionary,
  traceNumber: row.trace,
  addenda,
})

/** Writes what has been given its place, a few thousand at a time. */
async function writeBody(tx: Tx, writer: FileWriter, reportId: bigint, day: Day): Promise<Uint8Array> {
  const pieces = [writer.start()]
  let batches = 0
  let open: string | undefined
  let last = 0
  for (;;) {
    const rows = await listPlaced(tx, reportId, last, AT_ONCE)
    for (const row of rows) {
      if (batchKey(row) !== open) {
        if (open !== undefined) pieces.push(writer.endBatch())
        open = batchKey(row)
        batches += 1
        pieces.push(writer.batch(batchHeader(row, batches, day)))
      }
      pieces.push(writer.entry(entryOf(row, await addendaOf(tx, row))))
      last = row.position
    }
    if (rows.length < AT_ONCE) break
  }
  if (open !== undefined) pieces.push(writer.endBatch())
  pieces.push(writer.end())
  return Buffer.from(pieces.join(''), 'latin1')
}

/** Writes everything that is to go back to the platform by now: a file for each sender, money with it. */
export async function writeReturnFiles(tx: Tx, at: Date): Promise<void> {
  const day = settlementDate(at)
  for (const { immediateOrigin, originName } of await listRecipients(tx, at)) {
    const count = await countReturnFiles(tx, at)
    const report = await openReport(tx, 'returns', at)
    await placeReturns(tx, { reportId: report.id, at, day, immediateOrigin, operator: OPERATOR })
    const writer = openWriter({
      // Nine digits, or whatever ten characters the bank once assigned.
      immediateDestination: /^\d{9}$/.test(immediateOrigin) ? immediateOrigin : immediateOrigin.padEnd(10),
      destinationName: originName,
      immediateOrigin: ODFI,
      originName: meridian.name.toUpperCase(),
      creationDate: easternDay(at),
      creationTime: easternTime(at),
      fileIdModifier: MODIFIERS[count % MODIFIERS.length] ?? 'A',
    })
    const body = await writeBody(tx, writer, report.id, day)
    const amount = await sumPlaced(tx, report.id, debitCodes)
    await moveCash(tx, { at, day, kind: 'returns', reference: report.name, amount })
    await fillReport(tx, report.id, body)
  }
}
