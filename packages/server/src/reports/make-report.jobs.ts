import { createHash } from 'node:crypto'
import type { House } from '../house.ts'
import { assert } from '../kernel/assert.ts'
import { carriedLines, detailLine, payoutsHeader, summaryLines } from './payouts.csv.ts'
import { listPaidEntries, listPayouts } from './payouts.store.ts'
import { finishReport } from './report.commands.ts'
import { findReport, insertPiece, listEarlierPeriods, type Making } from './report.store.ts'
import { instantsOf, type Report, type ReportId } from './report.ts'
import { spansOf, transactionLine, transactionsHeader } from './transactions.csv.ts'
import { listHistories } from './transactions.store.ts'

const page = 2_000
/** About a megabyte of text is kept at a time. */
const pieceLength = 1_000_000

/** Some lines of a file, and how many of them are about something: the heading is not. */
export type Lines = Readonly<{ text: string; rows: number }>

/** Somebody else was faster. */
class Overtaken extends Error {}

/**
 * Makes a report whose payments are known, and keeps it. Read and written page by page, however many payments it is
 * about. Made already: nothing is done. Cut off anywhere, it is made anew.
 */
export async function makeReport(house: House, id: ReportId): Promise<void> {
  const report = await findReport(house.sql, id)
  if (!report || report.made) return
  assert(report.gathered, 'a report is made when it is known what it is about')
  const making: Making = house.newId()
  const file = openFile(house, id, making)
  try {
    for await (const lines of linesOf(house, report)) await file.write(lines)
    await finishReport(house, id, making, { ...(await file.end()), at: house.now() })
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error
  }
}

const linesOf = (house: House, report: Report): AsyncGenerator<Lines> =>
  report.kind === 'transactions' ? transactions(house, report) : payouts(house, report)

async function* transactions(house: House, report: Report): AsyncGenerator<Lines> {
  const earlier = spansOf(await listEarlierPeriods(house.sql, report))
  const { until } = instantsOf(report.period)
  yield { text: transactionsHeader, rows: 0 }
  for (let after: string | null = null; ; ) {
    const histories = await listHistories(house.sql, report.id, until, after, page)
    const last = histories.at(-1)
    if (!last) return
    yield { text: histories.map((one) => transactionLine(one, earlier)).join(''), rows: histories.length }
    after = last.payment.id
  }
}

/** Each payout: what it is made of, then every movement that these sums are of. */
async function* payouts(house: House, { merchantId, period }: Report): AsyncGenerator<Lines> {
  yield { text: payoutsHeader, rows: 0 }
  for (const payout of await listPayouts(house.sql, merchantId, period)) {
    const head = [...summaryLines(payout), ...carriedLines(payout)]
    yield { text: head.join(''), rows: head.length }
    for (let after = payout.afterEntry; ; ) {
      const entries = await listPaidEntries(house.sql, merchantId, payout, after, page)
      const last = entries.at(-1)
      if (!last) break
      yield { text: entries.map((entry) => detailLine(payout, entry)).join(''), rows: entries.length }
      after = last.entry
    }
  }
}

/** Keeps text in pieces, and counts and hashes what it keeps. */
function openFile(house: House, id: ReportId, making: Making) {
  const hash = createHash('sha256')
  let bytes = 0
  let rows = 0
  let pieces = 0
  let waiting = ''
  const keep = async () => {
    const text = waiting
    waiting = ''
    if (text !== '' && !(await insertPiece(house.sql, id, making, pieces++, text))) throw new Overtaken()
  }
  return {
    async write(lines: Lines): Promise<void> {
      hash.update(lines.text, 'utf8')
      bytes += Buffer.byteLength(lines.text)
      rows += lines.rows
      waiting += lines.text
      if (waiting.length >= pieceLength) await keep()
    },
    async end(): Promise<{ sha256: string; bytes: number; rows: number }> {
      await keep()
      return { sha256: hash.digest('hex'), bytes, rows }
    },
  }
}
