import { chunksOf } from './chunks.ts'
import type { Addenda, FileHeader, FileTotals, ServiceClass } from './file.ts'
import type { Finding } from './finding.ts'
import { lastFour } from './masked.ts'
import type { ReadBatchEnd, ReadEntry, ReadFileHeader, ReadRawEntry, ReadRecord } from './read-record.ts'
import { openReader } from './reader.ts'
import { sumOfTotals } from './tally.ts'
import { describeTransactionCode } from './transaction-code.ts'

/** An entry for the eyes. `account` is the last four of its number. */
export type InspectedEntry = Readonly<{
  line: number
  transactionCode: number | undefined
  /** `checking debit`, `savings credit prenote`, or empty for a code that is none. */
  what: string
  rdfi: string
  account: string
  /** In cents; undefined when it could not be read. */
  amount: bigint | undefined
  name: string
  trace: string
  /** What its addenda say in a few words: `return R01 of 091000010000001`. */
  note: string
}>

export type InspectedBatch = Readonly<{
  line: number
  number: number | undefined
  companyName: string
  companyId: string
  secCode: string
  description: string
  effectiveDate: string
  settlementDay: string
  serviceClass: ServiceClass | 'adv' | undefined
  entries: number
  debits: bigint
  credits: bigint
  agrees: boolean
  /** The first of its entries. */
  shown: readonly InspectedEntry[]
}>

/** A file for the eyes: plain data without a whole account number. */
export type Inspection = Readonly<{
  header: FileHeader | undefined
  /** The first of them; `totals.batches` counts all. */
  batches: readonly InspectedBatch[]
  totals: FileTotals
  /** Every control record is there and agrees with what was read. */
  agrees: boolean
  lines: number
  /** The first of them; `findingCount` counts all. */
  findings: readonly Finding[]
  findingCount: number
}>

export type InspectOptions = Readonly<{
  /** How many entries of each batch are shown; 20 unless told. */
  entries?: number | undefined
  batches?: number | undefined
  findings?: number | undefined
}>

/**
 * Reads a file of any size and keeps what a person wants to see of it: at most 1,000 batches and findings unless told.
 */
export function inspect(input: Uint8Array | string, options: InspectOptions = {}): Inspection {
  const inspector = openInspector(options)
  for (const chunk of chunksOf(input)) inspector.push(chunk)
  return inspector.end()
}

/** The same, of a file that comes in pieces. */
export type Inspector = Readonly<{ push: (chunk: Uint8Array | string) => void; end: () => Inspection }>

export function openInspector(options: InspectOptions = {}): Inspector {
  const reader = openReader()
  const gathering = gather(options)
  return {
    push(chunk) {
      for (const record of reader.push(chunk)) gathering.take(record)
    },
    end() {
      for (const record of reader.end()) gathering.take(record)
      return gathering.result()
    },
  }
}

function gather({ entries = 20, batches: most = 1_000, findings: mostFindings = 1_000 }: InspectOptions) {
  const batches: InspectedBatch[] = []
  const findings: Finding[] = []
  const files: FileTotals[] = []
  let header: FileHeader | undefined
  let shown: InspectedEntry[] = []
  let agrees = true
  let lines = 0
  let findingCount = 0

  const take = (record: ReadRecord): void => {
    findingCount += record.findings.length
    if (findings.length < mostFindings) findings.push(...record.findings.slice(0, mostFindings - findings.length))
    switch (record.kind) {
      case 'file_header':
        header ??= headerOf(record)
        break
      case 'entry':
      case 'raw_entry':
        if (shown.length < entries && batches.length < most) shown.push(inspectedEntry(record))
        break
      case 'batch_end':
        if (batches.length < most) batches.push(inspectedBatch(record, shown))
        shown = []
        break
      case 'file_end':
        files.push(record.totals)
        agrees &&= record.agrees
        break
      case 'end':
        lines = record.lines
        break
      default:
    }
  }
  const result = (): Inspection => ({
    ...{ header, batches, totals: sumOfTotals(files), agrees: agrees && files.length > 0, lines, findingCount },
    findings: findings.sort((a, b) => a.line - b.line),
  })
  return { take, result }
}

const headerOf = ({ kind: _, line: __, raw: ___, findings: ____, ...header }: ReadFileHeader): FileHeader => header

function inspectedBatch({ batch, totals, agrees, line }: ReadBatchEnd, shown: InspectedEntry[]): InspectedBatch {
  const { entries, debits, credits } = totals
  return {
    line: batch?.line ?? line,
    number: batch?.batchNumber,
    companyName: batch?.companyName ?? '',
    companyId: batch?.companyId ?? '',
    secCode: batch?.secCode ?? '',
    description: batch?.entryDescription ?? '',
    effectiveDate: batch?.effectiveDate ?? '',
    settlementDay: batch?.settlementDay ?? '',
    serviceClass: batch?.serviceClass,
    ...{ entries, debits, credits, agrees, shown },
  }
}

function inspectedEntry(entry: ReadEntry | ReadRawEntry): InspectedEntry {
  const { line, transactionCode, rdfi, amount, traceNumber: trace, addenda, secCode } = entry
  const kind = transactionCode === undefined ? undefined : describeTransactionCode(transactionCode)
  const purpose = kind && kind.purpose !== 'live' ? ` ${kind.purpose}` : ''
  const isRead = entry.kind === 'entry'
  return {
    ...{ line, transactionCode, rdfi, amount, trace },
    what: kind ? `${kind.account} ${kind.direction}${purpose}` : '',
    account: isRead ? lastFour(entry.accountNumber) : '',
    // An SHR entry has the number of a card there.
    name: isRead && secCode !== 'SHR' ? entry.individualName : '',
    note: addenda ? noteOf(addenda) : isRead ? '' : `kept as it came${secCode === '' ? '' : ` (${secCode})`}`,
  }
}

/** A few words about addenda. Corrected data may be an account number, so they are not among them. */
function noteOf(addenda: Addenda): string {
  switch (addenda.kind) {
    case 'payment':
      return 'addenda'
    case 'change':
      return `change ${addenda.code} to ${addenda.originalTrace}`
    case 'refused_change':
      return `change ${addenda.changeCode} refused, ${addenda.code}, of ${addenda.originalTrace}`
    default:
      return `${addenda.kind === 'return' ? 'return' : `${addenda.kind} return`} ${addenda.code} of ${addenda.originalTrace}`
  }
}
