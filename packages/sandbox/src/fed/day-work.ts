import type { Sql, Tx } from '../db/connect.ts'
import { acknowledgeDue } from './acknowledge.ts'
import { moveCash } from './cash.store.ts'
import { isReturnCode } from './codes.ts'
import { debitCodes } from './direction.ts'
import { insertReport } from './report.store.ts'
import { settlementCsv } from './report.ts'
import { takeLater } from './return.store.ts'
import { writeReturnFiles } from './return-file.ts'
import { makeReturns } from './returns.ts'
import { listAdvice, sumSettled } from './settle.store.ts'
import { settleEntries } from './settle.ts'
import { returnFileFrom } from './windows.ts'

const AT_ONCE = 5_000

/** Settles what is due, or one entry out of turn, and advises the platform, whose money moves with it. */
export async function settleAndAdvise(tx: Tx, at: Date, only?: bigint): Promise<void> {
  const settlement = await settleEntries(tx, at, only)
  if (!settlement) return
  const lines = await listAdvice(tx, settlement.id, debitCodes, only !== undefined)
  const reference = await insertReport(tx, 'settlement', at, settlementCsv(settlement.day, lines))
  const amount = await sumSettled(tx, settlement.id, debitCodes)
  await moveCash(tx, { at, day: settlement.day, kind: 'settlement', reference, amount })
}

/** Banks and customers who were to have enough by now have it. */
async function returnLater(tx: Tx, at: Date): Promise<void> {
  for (;;) {
    const entries = await takeLater(tx, at, AT_ONCE)
    const deliverAt = returnFileFrom(at)
    const returned = entries.flatMap((entry) =>
      isReturnCode(entry.laterCode) ? [{ entry, code: entry.laterCode, deliverAt }] : [],
    )
    await makeReturns(tx, returned, at)
    if (entries.length < AT_ONCE) return
  }
}

/**
 * Everything that is due at an instant, in this order: acknowledgments, settlement, late decisions, and in the end the
 * file of returns. Each is a transaction of its own: after a crash the rest is still due.
 */
export async function doDayWork(sql: Sql, at: Date): Promise<void> {
  await sql.begin((tx) => acknowledgeDue(tx, at))
  await sql.begin((tx) => settleAndAdvise(tx, at))
  await sql.begin((tx) => returnLater(tx, at))
  await sql.begin((tx) => writeReturnFiles(tx, at))
}
