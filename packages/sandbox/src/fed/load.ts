import {
  describeTransactionCode,
  openReader,
  type ReadBatchHeader,
  type ReadEntry,
  type ReadRecord,
} from '@rialto/nacha'
import { findReceiver } from '../banks/receiver.ts'
import type { Tx } from '../db/connect.ts'
import { readParts } from './file.store.ts'
import type { Inspection } from './inspect.ts'
import { insertBatches, insertEntries, type NewBatch, type NewEntry, returnRefused } from './load.store.ts'
import { isOffset } from './offset.ts'
import { printable } from './printable.ts'
import { isAboveSameDayLimit, returnFileAfter, settlesAt } from './windows.ts'

const AT_ONCE = 5_000

const toBatch = (header: ReadBatchHeader, position: number): NewBatch => ({
  position,
  number: header.batchNumber,
  companyName: printable(header.companyName),
  companyData: printable(header.companyDiscretionaryData ?? ''),
  companyId: printable(header.companyId),
  sec: printable(header.secCode),
  entryDescription: printable(header.entryDescription),
  descriptiveDate: printable(header.descriptiveDate ?? ''),
  effectiveDate: header.effectiveDate,
})

function kindOf(entry: ReadEntry): NewEntry['kind'] {
  if (entry.addenda?.kind === 'dishonored') return 'dishonored'
  return describeTransactionCode(entry.transactionCode)?.purpose === 'return' ? 'refused_change' : 'entry'
}

const refusalOf = (entry: ReadEntry, kind: NewEntry['kind'], inspection: Inspection): string | null =>
  inspection.itemErrors.get(entry.line) ?? (kind === 'entry' && !findReceiver(entry.rdfi) ? 'R13' : null)

const toEntry = (entry: ReadEntry, batch: number, settlesAt: Date, inspection: Inspection): NewEntry => {
  const kind = kindOf(entry)
  const dishonored = entry.addenda?.kind === 'dishonored' ? entry.addenda : undefined
  return {
    batch,
    kind,
    trace: entry.traceNumber,
    transactionCode: entry.transactionCode,
    routingNumber: entry.rdfi,
    accountNumber: printable(entry.accountNumber.trim()),
    amount: entry.amount,
    individualId: printable(entry.individualId),
    individualName: printable(entry.individualName),
    discretionary: printable(entry.discretionary),
    dishonorCode: dishonored?.code ?? null,
    dishonorTrace: dishonored?.returnTrace ?? null,
    settlesAt,
    refusal: refusalOf(entry, kind, inspection),
  }
}

/** The same for all entries of a batch but those too large for a same-day window. */
function openTimetable(takenAt: Date) {
  const known = new Map<string, Date>()
  return (effectiveDate: string, amount: bigint): Date => {
    const key = `${effectiveDate} ${isAboveSameDayLimit(takenAt, amount)}`
    const at = known.get(key) ?? settlesAt({ takenAt, effectiveDate, amount })
    known.set(key, at)
    return at
  }
}

export type Loaded = Readonly<{ refused: readonly { code: string; count: number }[] }>

/** Enters an accepted file's entries into the books, a few thousand at a time, and sends the impossible ones back. */
export async function loadFile(
  tx: Tx,
  file: Readonly<{ id: bigint; takenAt: Date }>,
  inspection: Inspection,
): Promise<Loaded> {
  const whenSettles = openTimetable(file.takenAt)
  let position = 0
  let batches: NewBatch[] = []
  let entries: NewEntry[] = []
  const flush = async (): Promise<void> => {
    await insertBatches(tx, file.id, batches)
    await insertEntries(tx, file.id, entries)
    batches = []
    entries = []
  }
  const see = (record: ReadRecord): void => {
    if (record.kind === 'batch_header') {
      position += 1
      batches.push(toBatch(record, position))
    }
    if (record.kind !== 'entry') return
    // The bank posts to the platform's account itself, with the rest of the batch, however much that is.
    const amount = isOffset(record.rdfi, record.accountNumber) ? 0n : record.amount
    const at = whenSettles(record.batch?.effectiveDate ?? '', amount)
    entries.push(toEntry(record, position, at, inspection))
  }
  const reader = openReader()
  for await (const bytes of readParts(tx, file.id))
    for (const record of reader.push(bytes)) {
      see(record)
      if (entries.length >= AT_ONCE || batches.length >= AT_ONCE) await flush()
    }
  for (const record of reader.end()) see(record)
  await flush()
  const when = { madeAt: file.takenAt, deliverAt: returnFileAfter(file.takenAt) }
  return { refused: await returnRefused(tx, file.id, when) }
}
