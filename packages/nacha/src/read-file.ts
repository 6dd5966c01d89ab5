import { chunksOf } from './chunks.ts'
import type { BatchTotals, FileTotals } from './file.ts'
import type { Finding } from './finding.ts'
import type {
  ReadBatchControl,
  ReadBatchHeader,
  ReadEntry,
  ReadFileControl,
  ReadFileHeader,
  ReadOther,
  ReadRawEntry,
  ReadRecord,
} from './read-record.ts'
import { openReader } from './reader.ts'
import { sumOfTotals } from './tally.ts'

/** A batch as it was read. */
export type ReadBatch = Readonly<{
  /**
   * Undefined: its entries had none above them. The same as of the batch before: they stood below that batch's control.
   */
  header: ReadBatchHeader | undefined
  entries: readonly ReadEntry[]
  rawEntries: readonly ReadRawEntry[]
  control: ReadBatchControl | undefined
  totals: BatchTotals
  agrees: boolean
  findings: readonly Finding[]
}>

export type ReadResult = Readonly<{
  /** The first, should several files stand in one. */
  header: ReadFileHeader | undefined
  batches: readonly ReadBatch[]
  control: ReadFileControl | undefined
  /** What was read, of all files that stand in this one. */
  totals: FileTotals
  /** Every control record is there, and its counts and totals are those of the entries: money may be posted. */
  agrees: boolean
  /** Of all records, in the order of the lines. */
  findings: readonly Finding[]
  /**
   * Lines that are part of nothing, padding left out: stray addenda, unknown and empty lines, headers of further files.
   */
  others: readonly (ReadOther | ReadFileHeader)[]
}>

type Batch = {
  header: ReadBatchHeader | undefined
  entries: ReadEntry[]
  rawEntries: ReadRawEntry[]
  findings: Finding[]
}
const newBatch = (header: ReadBatchHeader | undefined): Batch => ({
  ...{ header, entries: [], rawEntries: [], findings: [] },
})

/** Reads a whole file. Never throws for what is in it; for large files there is `openReader`. */
export function readFile(input: Uint8Array | string): ReadResult {
  const reader = openReader()
  const gathering = gather()
  for (const chunk of chunksOf(input)) for (const record of reader.push(chunk)) gathering.take(record)
  for (const record of reader.end()) gathering.take(record)
  return gathering.result()
}

function gather() {
  const findings: Finding[] = []
  const batches: ReadBatch[] = []
  const others: (ReadOther | ReadFileHeader)[] = []
  const ends: (ReadRecord & { kind: 'file_end' })[] = []
  let header: ReadFileHeader | undefined
  let padding = 0
  let batch: Batch | undefined

  const take = (record: ReadRecord): void => {
    for (const finding of record.findings) findings.push(finding)
    switch (record.kind) {
      case 'file_header':
        if (header || ends.length > 0) others.push(record)
        else header = record
        return
      case 'batch_header':
        batch = newBatch(record)
        batch.findings.push(...record.findings)
        return
      case 'entry':
      case 'raw_entry':
        batch ??= newBatch(record.batch)
        batch.findings.push(...record.findings)
        if (record.kind === 'entry') batch.entries.push(record)
        else batch.rawEntries.push(record)
        return
      case 'batch_end': {
        const { control, totals, agrees } = record
        const { findings: own, ...rest } = batch ?? newBatch(record.batch)
        batches.push({ ...rest, control, totals, agrees, findings: [...own, ...record.findings] })
        batch = undefined
        return
      }
      case 'file_end':
        ends.push(record)
        return
      case 'padding':
        padding++
        return
      case 'end':
        return
      default:
        others.push(record)
    }
  }
  return {
    take,
    result: (): ReadResult => ({
      ...{ header, batches, control: ends[0]?.control, others },
      totals: sumOfTotals(
        ends.map(({ totals }) => totals),
        padding,
      ),
      agrees: ends.length > 0 && ends.every(({ agrees }) => agrees),
      findings: findings.sort((a, b) => a.line - b.line),
    }),
  }
}
