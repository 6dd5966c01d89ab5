import {
  type ControlForm,
  countFindings,
  disagreements,
  identityFindings,
  readBatchControl,
  readFileControl,
} from './control.reader.ts'
import { type EntryForm, entryFormOf } from './entry-form.ts'
import type { FileTotals } from './file.ts'
import { error, type Finding, warning } from './finding.ts'
import { readBatchHeader, readFileHeader } from './header.reader.ts'
import { recordWidth } from './layout.ts'
import type { ReadBatchHeader, ReadRecord } from './read-record.ts'
import { addTally, newTally, type Tally, totalsOf } from './tally.ts'

/** A batch that is being read. `notes` are findings that wait for its first entry. */
type OpenBatch = { header: ReadBatchHeader | undefined; form: EntryForm; tally: Tally; notes: Finding[] }

export type LineEnds = Readonly<{ lf: number; crlf: number; cr: number }>
type Place = readonly [text: string, raw: string, line: number, found: readonly Finding[]]

/** What stands between a file header, or what comes instead of one, and the next. */
type FileState = {
  stage: 'nothing' | 'open' | 'closed'
  records: number
  padding: number
  batches: number
  tally: Tally
  agrees: boolean
  lastHeader: ReadBatchHeader | undefined
  hasAdv: boolean
}

/** A file of a million file headers must not fill the memory with findings about the whole. */
const mostNotes = 1_000

const newFileState = (): FileState => ({
  ...{ stage: 'nothing', records: 0, padding: 0, batches: 0, tally: newTally(), agrees: true },
  ...{ lastHeader: undefined, hasAdv: false },
})

/** Where in its file and batch a reading stands, and what both have come to so far. It emits what begins and ends. */
export class FileReading {
  readonly #emit: (record: ReadRecord) => void
  readonly #notes: Finding[] = []
  #state = newFileState()
  #batch: OpenBatch | undefined

  constructor(emit: (record: ReadRecord) => void) {
    this.#emit = emit
  }

  /** A finding about the whole, told at the end. */
  note(finding: Finding): void {
    if (this.#notes.length < mostNotes) this.#notes.push(finding)
  }

  header(...[text, raw, line, found]: Place): void {
    const findings = this.#another(line)
    this.#state.stage = 'open'
    this.#state.records++
    this.#emit(readFileHeader(text, raw, line, joined(found, findings)))
  }

  batchHeader(...[text, raw, line, found]: Place): void {
    const findings = this.#begin(line, 'a batch header')
    this.#closeBatch(line)
    this.#state.records++
    const header = readBatchHeader(text, raw, line, joined(found, findings))
    const form = entryFormOf(header.secCode)
    this.#state.lastHeader = header
    this.#state.hasAdv ||= form === 'adv'
    this.#batch = { header, form, tally: newTally(), notes: [] }
    this.#emit(header)
  }

  /** The batch an entry on this line belongs to. */
  forEntry(line: number): OpenBatch {
    this.#batch ??= this.#impliedBatch(line)
    this.#state.records++
    return this.#batch
  }

  countAddenda(line: number): void {
    for (const finding of this.#begin(line, 'addenda')) this.note(finding)
    this.#state.records++
    if (this.#batch) this.#batch.tally.records++
  }

  countUnknown(): void {
    if (this.#state.stage === 'open') this.#state.records++
  }

  batchControl(...[text, raw, line, found]: Place): void {
    const findings = this.#begin(line, 'a batch control')
    this.#state.records++
    const batch = this.#batch
    const form: ControlForm = batch?.form === 'adv' ? 'adv' : 'ordinary'
    const read = readBatchControl(text, line, found, form)
    const totals = totalsOf(batch?.tally ?? newTally())
    const sums = batch ? disagreements(read.control, totals, line, 'Batch Control (8)') : []
    if (!batch) findings.push(error(line, 'control-outside-batch', 'the batch control has no batch above it'))
    if (batch?.header) findings.push(...identityFindings(read.control, batch.header, line, form))
    const agrees = batch !== undefined && sums.length === 0
    this.#state.agrees &&= agrees
    if (batch) this.#countBatch(batch.tally)
    this.#emit({
      ...{ kind: 'batch_end', line, raw, findings: joined(read.findings, [...findings, ...sums]) },
      ...{ batch: batch?.header, control: read.control, totals, agrees },
    })
  }

  control(...[text, raw, line, found]: Place): void {
    if (this.#state.stage === 'closed') {
      this.#state.records++
      const again = error(line, 'record-order', 'the file has ended already')
      this.#emit({ kind: 'unknown', line, raw, findings: [...found, again] })
      return
    }
    const findings = this.#begin(line, 'a file control')
    this.#closeBatch(line)
    const state = this.#state
    state.records++
    const { control, findings: own } = readFileControl(text, line, found, state.hasAdv ? 'adv' : 'ordinary')
    const totals = this.#totals()
    const sums = disagreements(control, totals, line, 'File Control (9)')
    const counts = countFindings(control, totals, state.records + state.padding, line)
    const agrees = state.agrees && sums.length === 0 && control.batches === totals.batches
    state.stage = 'closed'
    this.#emit({
      ...{ kind: 'file_end', line, raw, findings: joined(own, [...findings, ...sums, ...counts]) },
      ...{ control, totals, agrees },
    })
  }

  padding(raw: string, line: number, found: readonly Finding[]): void {
    this.#state.padding++
    const odd: Finding[] = []
    if (this.#state.stage !== 'closed') odd.push(warning(line, 'record-order', 'nines stand before the file control'))
    if (raw.length === recordWidth && raw.endsWith(' '))
      odd.push(warning(line, 'blocking', 'a record that fills the block has fewer than 94 nines'))
    this.#emit({ kind: 'padding', line, raw, findings: joined(found, odd) })
  }

  /** The end of the bytes, after this many lines. */
  finish(line: number, { lf, crlf, cr }: LineEnds): void {
    const isEmpty = this.#state.stage === 'nothing' && this.#state.padding === 0
    this.#finishFile(line)
    if (cr > 0) this.note(warning(line, 'line-ends', `${cr} lines end with a lone CR`))
    if (lf > 0 && crlf > 0) this.note(warning(line, 'line-ends', `${lf} lines end with LF, ${crlf} with CRLF`))
    if (isEmpty) this.note(error(Math.max(1, line), 'empty-file', 'there are no records'))
    this.#emit({ kind: 'end', line, raw: '', findings: this.#notes, lines: line })
  }

  /** Begins a file where none is open. Records after a file's end begin another one. */
  #begin(line: number, what: string): Finding[] {
    if (this.#state.stage === 'open') return []
    const findings = this.#another(line)
    this.#state.stage = 'open'
    return [...findings, error(line, 'missing-file-header', `${what} stands where a file header must`)]
  }

  #another(line: number): Finding[] {
    if (this.#state.stage === 'nothing') return []
    this.#finishFile(line)
    return [warning(line, 'second-file', 'another file begins here')]
  }

  /** Where an entry stands below no batch header. */
  #impliedBatch(line: number): OpenBatch {
    const findings = this.#begin(line, 'an entry')
    const header = this.#state.lastHeader
    findings.push(
      header
        ? warning(line, 'repeated-batch', `the entry is read as one below the batch header of line ${header.line}`)
        : error(line, 'missing-batch-header', 'the entry has no batch header above it'),
    )
    return { header, form: entryFormOf(header?.secCode ?? ''), tally: newTally(), notes: findings }
  }

  /** Ends a batch that has no control. */
  #closeBatch(line: number): void {
    if (!this.#batch) return
    const { header, tally, notes } = this.#batch
    const said = header ? `the batch of line ${header.line}` : 'a batch'
    const missing = error(line, 'missing-batch-control', `${said} ends without a batch control`)
    this.#state.agrees = false
    this.#countBatch(tally)
    this.#emit({
      ...{ kind: 'batch_end', line, raw: '', findings: [...notes, missing], batch: header },
      ...{ control: undefined, totals: totalsOf(tally), agrees: false },
    })
  }

  #countBatch(tally: Tally): void {
    this.#state.batches++
    addTally(this.#state.tally, tally)
    this.#batch = undefined
  }

  #totals(): FileTotals {
    const { tally, batches, records } = this.#state
    return { ...totalsOf(tally), batches, lines: records }
  }

  /** Closes what is open at the end of the bytes, or before another file begins. */
  #finishFile(line: number): void {
    this.#closeBatch(line)
    const { stage, records, padding } = this.#state
    if (stage === 'open') {
      const missing = error(line, 'missing-file-control', 'the file ends without a file control')
      const totals = this.#totals()
      this.#emit({ kind: 'file_end', line, raw: '', findings: [missing], control: undefined, totals, agrees: false })
    }
    const needed = (10 - (records % 10)) % 10
    const said = `${padding} records of nines follow the file's ${records} records, ${needed} fill the block`
    if (stage !== 'nothing' && padding !== needed) this.note(warning(line, 'blocking', said))
    this.#state = newFileState()
  }
}

const joined = (found: readonly Finding[], more: readonly Finding[]): readonly Finding[] =>
  more.length === 0 ? found : [...found, ...more]
