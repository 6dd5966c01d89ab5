import { writeAddenda } from './addenda.writer.ts'
import { writeEntry } from './entry.writer.ts'
import { type EntryForm, entryFormOf } from './entry-form.ts'
import type { BatchHeader, Entry, FileHeader, FileTotals } from './file.ts'
import { writeBatchControl, writeBatchHeader, writeFileControl, writeFileHeader } from './header.writer.ts'
import { NachaError } from './nacha-error.ts'
import { addEntry, addTally, newTally, type Tally, totalsOf } from './tally.ts'

/**
 * Writes one file, piece by piece: each call answers the text to append. Calls out of order are a programmer's error.
 */
export type FileWriter = Readonly<{
  /** The file header. */
  start: () => string
  batch: (header: BatchHeader) => string
  /** The entry and its addenda. Refuses, with a NachaError, what does not fit, and is then as it was before. */
  entry: (entry: Entry) => string
  /** The batch control. */
  endBatch: () => string
  /** The file control, and as many records of nines as fill the last block of ten. */
  end: () => string
  /** Of what was written so far; whole after `end()`. */
  readonly totals: FileTotals
}>

export type WriterOptions = Readonly<{ lineEnd?: '\n' | '\r\n' | undefined }>

/** More records do not fit the count of a batch control. */
const longestBatch = 999_999
const blockingFactor = 10
const padding = '9'.repeat(94)

type Batch = { header: BatchHeader; form: EntryForm; tally: Tally }
type Stage = 'new' | 'between' | 'batch' | 'ended'

/**
 * A writer of one file. It computes every count, hash and total. It judges columns, not rules: run `validateFile`, or
 * an `openValidator` beside it, before the file may leave.
 */
export function openWriter(header: FileHeader, { lineEnd = '\n' }: WriterOptions = {}): FileWriter {
  const tally = newTally()
  let stage: Stage = 'new'
  let batches = 0
  let lines = 0
  let batch: Batch | undefined

  const move = (from: Stage, to: Stage, what: string): void => {
    if (stage !== from) throw new Error(`${what} does not come ${place[stage]}`)
    stage = to
  }
  const put = (record: string): string => {
    lines++
    return record + lineEnd
  }
  const open = (): Batch => {
    if (!batch) throw new Error(`an entry does not come ${place[stage]}`)
    return batch
  }

  return {
    start() {
      const record = writeFileHeader(header)
      move('new', 'between', 'the file header')
      return put(record)
    },
    batch(batchHeader) {
      const record = writeBatchHeader(batchHeader)
      move('between', 'batch', 'a batch header')
      batch = { header: batchHeader, form: entryFormOf(batchHeader.secCode), tally: newTally() }
      return put(record)
    },
    entry(entry) {
      const { form, tally: own } = open()
      const addenda = entry.addenda ? writeAddenda(entry.addenda, entry.traceNumber) : ''
      const record = writeEntry(entry, form)
      if (own.records + (addenda === '' ? 1 : 2) > longestBatch)
        throw new NachaError('Batch Control (8)', 'entryAndAddenda', '5-10', `there are more than ${longestBatch}`)
      addEntry(own, Number(entry.rdfi.slice(0, 8)), entry.transactionCode, entry.amount)
      if (addenda === '') return put(record)
      own.records++
      return put(record) + put(addenda)
    },
    endBatch() {
      const { header: own, tally: sums } = open()
      const record = writeBatchControl(own, totalsOf(sums))
      move('batch', 'between', 'a batch control')
      addTally(tally, sums)
      batches++
      batch = undefined
      return put(record)
    },
    end() {
      const blocks = Math.ceil((lines + 1) / blockingFactor)
      const record = writeFileControl({ ...totalsOf(tally), batches, blocks })
      move('between', 'ended', 'the file control')
      let text = put(record)
      while (lines % blockingFactor !== 0) text += put(padding)
      return text
    },
    get totals() {
      const sums = { ...tally }
      if (batch) addTally(sums, batch.tally)
      return { ...totalsOf(sums), batches: batches + (batch ? 1 : 0), lines }
    },
  }
}

const place: Readonly<Record<Stage, string>> = {
  new: 'before the file header',
  between: 'outside a batch',
  batch: 'inside a batch',
  ended: 'after the end of the file',
}

/** A batch and what is in it. */
export type BatchToWrite = Readonly<{ header: BatchHeader; entries: Iterable<Entry> }>

/** A whole file as text. Refuses, with a NachaError, what does not fit its columns. */
export function writeFile(header: FileHeader, batches: Iterable<BatchToWrite>, options: WriterOptions = {}): string {
  const writer = openWriter(header, options)
  const pieces = [writer.start()]
  for (const batch of batches) {
    pieces.push(writer.batch(batch.header))
    for (const entry of batch.entries) pieces.push(writer.entry(entry))
    pieces.push(writer.endBatch())
  }
  pieces.push(writer.end())
  return pieces.join('')
}
