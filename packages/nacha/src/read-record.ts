import type { Addenda, BatchHeader, BatchTotals, Entry, FileHeader, FileTotals, ServiceClass } from './file.ts'
import type { Finding } from './finding.ts'

/**
 * Where something stood. `raw` is the line as it came, without its line end; of bytes, each is one character (latin1).
 * Text of a record is a view of the piece it was read from: whoever keeps one field of many records copies it.
 */
type Place = Readonly<{ line: number; raw: string; findings: readonly Finding[] }>

/** A file header as it was read. What cannot be read, a date for one, is an empty string and has a finding. */
export type ReadFileHeader = Place & FileHeader & Readonly<{ kind: 'file_header' }>

/** A batch header as it was read. `serviceClass` is undefined for what is none; 280 is ADV's. */
export type ReadBatchHeader = Place &
  Omit<BatchHeader, 'serviceClass'> &
  Readonly<{ kind: 'batch_header'; serviceClass: ServiceClass | 'adv' | undefined; settlementDay: string }>

/** An entry with the addenda that followed it. */
export type ReadEntry = Place &
  Entry &
  Readonly<{
    kind: 'entry'
    /** The batch header above it. Without one (some return files lack them) undefined, and the SEC code is empty. */
    batch: ReadBatchHeader | undefined
    secCode: string
    discretionary: string
    /** Of several addenda the one that says most: the last return or change, or else the first payment line. */
    addenda: Addenda | undefined
    allAddenda: readonly Addenda[]
    /** Every 7 record below it, understood or not. */
    rawAddenda: readonly string[]
  }>

/** An entry kept as it came: IAT, ADV, and one whose transaction code or amount cannot be read. */
export type ReadRawEntry = Place &
  Readonly<{
    kind: 'raw_entry'
    batch: ReadBatchHeader | undefined
    secCode: string
    /** What could be read all the same. */
    transactionCode: number | undefined
    amount: bigint | undefined
    rdfi: string
    traceNumber: string
    addenda: Addenda | undefined
    allAddenda: readonly Addenda[]
    rawAddenda: readonly string[]
  }>

/** What a control record claims. An unreadable number is undefined. */
export type ReadBatchControl = Readonly<{
  serviceClass: ServiceClass | 'adv' | undefined
  entryAndAddenda: number | undefined
  entryHash: string
  debits: bigint | undefined
  credits: bigint | undefined
  companyId: string
  odfi: string
  batchNumber: number | undefined
}>

/** Where a batch ends: at its control record, or, when that is missing (then raw is empty), before the next record. */
export type ReadBatchEnd = Place &
  Readonly<{
    kind: 'batch_end'
    batch: ReadBatchHeader | undefined
    control: ReadBatchControl | undefined
    totals: BatchTotals
    /** The control record is there, and its count, hash, debits and credits are those of the entries that were read. */
    agrees: boolean
  }>

export type ReadFileControl = Readonly<{
  batches: number | undefined
  blocks: number | undefined
  entryAndAddenda: number | undefined
  entryHash: string
  debits: bigint | undefined
  credits: bigint | undefined
}>

/** Where a file ends: at its control record, or, when that is missing (then raw is empty), at the end of the bytes. */
export type ReadFileEnd = Place &
  Readonly<{
    kind: 'file_end'
    control: ReadFileControl | undefined
    /** Without the padding, which is still to come. */
    totals: FileTotals
    /** The control record is there and agrees with what was read, and so does every batch. */
    agrees: boolean
  }>

/** A line that is no part of an entry or a control: nothing is thrown away. */
export type ReadOther = Place &
  Readonly<{
    /** `rest` continues a line that is longer than the reader's cap. */
    kind: 'padding' | 'blank' | 'stray_addenda' | 'unknown' | 'rest'
  }>

/** The last record of every reading: what can only be said at the end. `raw` is empty. */
export type ReadEnd = Place & Readonly<{ kind: 'end'; lines: number }>

export type ReadRecord =
  | ReadFileHeader
  | ReadBatchHeader
  | ReadEntry
  | ReadRawEntry
  | ReadBatchEnd
  | ReadFileEnd
  | ReadOther
  | ReadEnd
