import { describeTransactionCode, openReader, type ReadEntry, type ReadRecord } from '@rialto/nacha'
import { type Day, fromJulian, onOrAfter } from '../../kernel/banking-day.ts'
import type { Doubt, ReadReports, ReportDraft, ReturnTold } from './report.ts'

/**
 * Reads a bank's file of returns, notifications and disputes, however odd its shape. What can be read becomes reports;
 * the entries of a batch whose counts and totals do not agree, and everything else that is no padding, becomes doubts:
 * nothing is thrown away. `received` is the day on which the file came.
 */
export function readReturns(pieces: Iterable<Uint8Array>, received: Day): ReadReports {
  const reader = openReader()
  const drafts: ReportDraft[] = []
  const doubts: Doubt[] = []
  let batch: { draft: ReportDraft; raw: string }[] = []
  const closeBatch = (agrees: boolean) => {
    for (const { draft, raw } of batch)
      if (agrees) drafts.push(draft)
      else doubts.push({ line: draft.line, reason: 'totals_disagree', says: disagrees, raw, draft })
    batch = []
  }
  const take = (record: ReadRecord) => {
    if (record.kind === 'batch_header') closeBatch(false)
    else if (record.kind === 'batch_end') closeBatch(record.agrees)
    else if (record.kind === 'file_header' && record.findings.some(({ severity }) => severity === 'error'))
      doubts.push({ line: record.line, reason: 'unreadable', says: 'This is no file header.', raw: record.raw })
    else if (record.kind === 'entry') {
      const draft = draftOf(record, received)
      const raw = [record.raw, ...record.rawAddenda].join('\n')
      if (draft) batch.push({ draft, raw })
      else doubts.push({ line: record.line, reason: 'unexpected_entry', says: unexpected, raw })
    } else if (record.kind === 'raw_entry') {
      const raw = [record.raw, ...record.rawAddenda].join('\n')
      doubts.push({ line: record.line, reason: 'unreadable', says: 'This entry cannot be read.', raw })
    } else if (record.kind === 'stray_addenda' || record.kind === 'unknown' || record.kind === 'rest')
      doubts.push({
        line: record.line,
        reason: 'unreadable',
        says: 'This line is no part of anything.',
        raw: record.raw,
      })
  }
  for (const piece of pieces) for (const record of reader.push(piece)) take(record)
  for (const record of reader.end()) take(record)
  closeBatch(false)
  return { kind: 'returns', drafts, doubts }
}

const disagrees = "The batch's counts and totals do not agree with its entries; no money is posted on its word alone."
const unexpected = 'An entry that is no return, notification or dispute was not expected here.'

function draftOf(entry: ReadEntry, received: Day): ReportDraft | undefined {
  const { addenda, line } = entry
  if (!addenda || addenda.kind === 'payment' || addenda.kind === 'refused_change') return undefined
  const { code, originalTrace } = addenda
  if (!/^\d{15}$/.test(originalTrace)) return undefined
  if (addenda.kind === 'change')
    return {
      ...{ kind: 'corrected', line, key: `corrected:${originalTrace}:${code}:${addenda.trace}` },
      told: { traceNumber: originalTrace, code },
      secret: addenda.correctedData,
    }
  const told = toldOf(entry, { ...addenda, information: 'information' in addenda ? addenda.information : '' }, received)
  if (!told) return undefined
  const key = `:${originalTrace}:${told.returnTrace}:${told.on}`
  if (addenda.kind === 'return') return { kind: 'returned', line, key: `returned${key}`, told }
  if (addenda.kind === 'dishonored') return { kind: 'dishonored', line, key: `dishonored${key}`, told }
  return { kind: 'contested', line, key: `contested${key}`, told: { ...told, returnCode: addenda.returnCode } }
}

type Said = {
  code: string
  originalTrace: string
  originalRdfi: string
  information: string | undefined
  trace: string
}

function toldOf(entry: ReadEntry, said: Said, received: Day): ReturnTold | undefined {
  const what = describeTransactionCode(entry.transactionCode)
  if (!what || !/^R\d\d$/.test(said.code)) return undefined
  return {
    traceNumber: said.originalTrace,
    code: said.code,
    returnTrace: said.trace || entry.traceNumber,
    amount: entry.amount.toString(),
    direction: what.direction,
    rdfi: said.originalRdfi,
    on: fromJulian(entry.batch?.settlementDay ?? '', received) ?? onOrAfter(received),
    information: (said.information ?? '').trim(),
  }
}
