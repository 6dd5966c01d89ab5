import { type AddendaGroup, closeEntry, mostAddenda, takeAddenda } from './addenda-group.ts'
import { type OpenEntry, readEntry, receivingDfiOf } from './entry.reader.ts'
import { FileReading, type LineEnds } from './file-reading.ts'
import { error, type Finding, noFindings, warning } from './finding.ts'
import { recordWidth } from './layout.ts'
import { fitLine, withoutByteOrderMark } from './line.reader.ts'
import { splitLines } from './line-splitter.ts'
import type { ReadOther, ReadRecord } from './read-record.ts'
import { addEntry } from './tally.ts'

/** Reads a file of any size in flat memory. Never throws for what is in it. */
export type FileReader = Readonly<{
  /** The records this chunk completed, in order. Bytes are preferred: each is one column, whatever its encoding. */
  push: (chunk: Uint8Array | string) => ReadRecord[]
  /** The records that were still open, and always an `end`. */
  end: () => ReadRecord[]
}>

type Open = { entry: OpenEntry; text: string; group: AddendaGroup | undefined; isCounted: boolean }

const padding = /^9+$/

/** Takes the lines of a file as they come, and gathers the records they complete. */
class Reading {
  #out: ReadRecord[] = []
  #line = 0
  #isBare = false
  #open: Open | undefined
  readonly #file = new FileReading((record) => this.#out.push(record))

  /** The records that were completed since it was last asked. */
  taken(): ReadRecord[] {
    const records = this.#out
    this.#out = []
    return records
  }

  line(raw: string): void {
    this.#line++
    const marked = this.#line === 1 ? withoutByteOrderMark(raw) : raw
    if (marked.length === recordWidth && marked === raw) {
      this.#record(raw, raw, noFindings)
      return
    }
    const { text, findings } = fitLine(marked, this.#line)
    const mark = warning(this.#line, 'byte-order-mark', 'a byte order mark stands before the first record')
    this.#record(raw, text, marked === raw ? findings : [mark, ...findings])
  }

  rest(raw: string): void {
    this.#other('rest', raw, noFindings)
  }

  bare(): void {
    const said = 'records follow each other without line ends'
    if (!this.#isBare) this.#file.note(warning(this.#line + 1, 'line-ends', said))
    this.#isBare = true
  }

  finish(ends: LineEnds): void {
    this.#settle()
    this.#file.finish(this.#line, ends)
  }

  #record(raw: string, text: string, found: readonly Finding[]): void {
    const type = text.charCodeAt(0)
    if (type === 0x36) this.#entry(text, raw, found)
    else if (type === 0x37) this.#addenda(text, raw, found)
    else if (type === 0x31 || type === 0x35 || type === 0x38 || type === 0x39) {
      this.#settle()
      if (type === 0x31) this.#file.header(text, raw, this.#line, found)
      else if (type === 0x35) this.#file.batchHeader(text, raw, this.#line, found)
      else if (type === 0x38) this.#file.batchControl(text, raw, this.#line, found)
      else if (padding.test(text.trimEnd())) this.#file.padding(raw, this.#line, found)
      else this.#file.control(text, raw, this.#line, found)
    } else this.#unusual(text, raw, found)
  }

  #entry(text: string, raw: string, found: readonly Finding[]): void {
    this.#settle()
    const batch = this.#file.forEntry(this.#line)
    const findings = batch.notes.length === 0 ? found : [...found, ...batch.notes]
    batch.notes = []
    const entry = readEntry(text, raw, this.#line, findings, batch.form, batch.header)
    addEntry(batch.tally, Math.max(0, receivingDfiOf(text)), entry.transactionCode ?? 0, entry.amount ?? 0n)
    this.#open = { entry, text, group: undefined, isCounted: batch.form === 'counted' }
  }

  #addenda(text: string, raw: string, found: readonly Finding[]): void {
    const line = this.#line
    const open = this.#open
    this.#file.countAddenda(line)
    if (open && (open.group?.raws.length ?? 0) < mostAddenda) {
      open.group = takeAddenda(open.group, open.entry, { text, raw, line, found })
      return
    }
    this.#settle()
    const stray = error(line, 'stray-addenda', 'there is no entry these addenda belong to')
    this.#other('stray_addenda', raw, [...found, stray])
  }

  #unusual(text: string, raw: string, found: readonly Finding[]): void {
    if (text.trim() === '') {
      const isMark = found.length > 0
      this.#other('blank', raw, isMark ? found : [warning(this.#line, 'blank-line', 'the line is empty')])
      return
    }
    this.#settle()
    this.#file.countUnknown()
    // What is no record need not be 94 columns wide.
    const others = found.filter(({ rule }) => rule !== 'line-length')
    const said = 'the line is none of the records 1, 5, 6, 7, 8, 9'
    this.#other('unknown', raw, [...others, error(this.#line, 'unknown-record', said)])
  }

  /** Before anything but addenda and empty lines. */
  #settle(): void {
    if (!this.#open) return
    const { entry, group, text, isCounted } = this.#open
    this.#out.push(closeEntry(entry, group, text, isCounted))
    this.#open = undefined
  }

  #other(kind: ReadOther['kind'], raw: string, findings: readonly Finding[]): void {
    this.#out.push({ kind, line: this.#line, raw, findings })
  }
}

/**
 * Opens a lenient reader: it understands record by record what can be understood, keeps every raw line, and tells what
 * is odd in `findings`. A record is never refused.
 */
export function openReader(): FileReader {
  const reading = new Reading()
  const splitter = splitLines(reading)
  return {
    push(chunk) {
      splitter.push(chunk)
      return reading.taken()
    },
    end() {
      splitter.end()
      reading.finish(splitter.ends)
      return reading.taken()
    },
  }
}
