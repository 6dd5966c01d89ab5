import { type Finding, openReader, openValidator, type ReadEntry } from '@rialto/nacha'
import type { ReturnCode } from './codes.ts'
import type { FileIdentity } from './file.store.ts'
import { openOffsetWatch } from './offset.ts'
import { printable } from './printable.ts'

/** What an operator sees when it looks a file over, before it believes any of it. */
export type Inspection = Readonly<{
  identity: FileIdentity
  entries: number
  debits: bigint
  credits: bigint
  /** Why the whole file must go back: the first few, in the order of their lines, and how many there are. */
  problems: readonly string[]
  problemCount: number
  /** Entries that go back while the rest of the file stands, by the line they stand on. */
  itemErrors: ReadonlyMap<number, ReturnCode>
}>

/** A mistake in one entry is that entry's own; every other mistake is the file's. */
const itemRules: Readonly<Record<string, ReturnCode>> = {
  'routing-number': 'R28',
  amount: 'R19',
  'missing-value': 'R26',
  'addenda-kind': 'R25',
  'many-addenda': 'R25',
}

/** An operator settles an entry for a closed day on the next open one. */
const forgivenRules: ReadonlySet<string> = new Set(['effective-date'])

const SHOWN_PROBLEMS = 3
/** A file with more bad entries than this is a bad file. */
const MOST_ITEM_ERRORS = 10_000

type Faults = {
  problems: string[]
  problemCount: number
  suspects: Map<number, { code: ReturnCode; sentence: string }>
  /** Credits in WEB batches, by their lines: right where they are offsets. */
  webCredits: Map<number, string>
}

const sentenceOf = ({ line, message }: Finding): string => printable(`line ${line}: ${message}`)

function note(faults: Faults, sentence: string): void {
  faults.problemCount += 1
  if (faults.problems.length < SHOWN_PROBLEMS) faults.problems.push(sentence)
}

function judge(faults: Faults, findings: readonly Finding[]): void {
  for (const finding of findings) {
    // Odd, but there is no doubt what is meant: an operator lets it pass.
    if (finding.severity === 'warning' || forgivenRules.has(finding.rule)) continue
    if (finding.rule === 'web-credit' && faults.webCredits.size < MOST_ITEM_ERRORS) {
      faults.webCredits.set(finding.line, sentenceOf(finding))
      continue
    }
    const code = itemRules[finding.rule]
    if (!code || faults.suspects.size >= MOST_ITEM_ERRORS) note(faults, sentenceOf(finding))
    else if (!faults.suspects.has(finding.line))
      faults.suspects.set(finding.line, { code, sentence: sentenceOf(finding) })
  }
}

type Parts = () => AsyncIterable<Uint8Array>

async function validate(parts: Parts, fromOperator: boolean): Promise<Faults> {
  const faults: Faults = { problems: [], problemCount: 0, suspects: new Map(), webCredits: new Map() }
  const validator = openValidator({ fromOperator })
  for await (const bytes of parts()) judge(faults, validator.push(bytes))
  judge(faults, validator.end())
  return faults
}

/** A return given back, or a correction refused: they look like an operator's entries and are the originator's. */
const answersTheBank = (entry: ReadEntry): boolean =>
  entry.addenda?.kind === 'dishonored' || entry.addenda?.kind === 'refused_change'

const nobody: FileIdentity = {
  ...{ immediateOrigin: '', immediateDestination: '', originName: '' },
  ...{ creationDate: '', creationTime: '', fileIdModifier: '' },
}

async function readThrough(parts: Parts, faults: Faults) {
  const itemErrors = new Map<number, ReturnCode>()
  let identity = nobody
  let counted = { entries: 0, debits: 0n, credits: 0n }
  let hasAnswers = false
  const reader = openReader()
  const watchOffsets = openOffsetWatch(faults.webCredits, (sentence) => note(faults, printable(sentence)))
  const see = (record: ReturnType<typeof reader.push>[number]): void => {
    watchOffsets(record)
    if (record.kind === 'file_header')
      identity = {
        immediateOrigin: printable(record.immediateOrigin),
        immediateDestination: printable(record.immediateDestination),
        originName: printable(record.originName),
        creationDate: printable(record.creationDate),
        creationTime: printable(record.creationTime),
        fileIdModifier: printable(record.fileIdModifier),
      }
    if (record.kind === 'file_end') {
      const { entries, debits, credits } = record.totals
      counted = { entries, debits, credits }
    }
    if (record.kind !== 'entry') return
    hasAnswers ||= answersTheBank(record)
    if (faults.suspects.size === 0) return
    for (let line = record.line; line <= record.line + record.rawAddenda.length; line++) {
      const suspect = faults.suspects.get(line)
      if (suspect && !itemErrors.has(record.line)) itemErrors.set(record.line, suspect.code)
      faults.suspects.delete(line)
    }
  }
  for await (const bytes of parts()) for (const record of reader.push(bytes)) see(record)
  for (const record of reader.end()) see(record)
  // What no entry answers for stands on a header or a control.
  for (const { sentence } of faults.suspects.values()) note(faults, sentence)
  return { identity, ...counted, hasAnswers, itemErrors }
}

/** Reads a file through, twice, a part at a time: for what is wrong with it, and for what it says. */
export async function inspectParts(parts: Parts): Promise<Inspection> {
  let faults = await validate(parts, false)
  let read = await readThrough(parts, faults)
  if (read.hasAnswers && faults.problemCount + read.itemErrors.size > 0) {
    faults = await validate(parts, true)
    read = await readThrough(parts, faults)
  }
  const { hasAnswers: _known, ...seen } = read
  return { ...seen, problems: faults.problems, problemCount: faults.problemCount }
}
