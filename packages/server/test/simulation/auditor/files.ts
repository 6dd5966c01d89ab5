import { readFile } from '@rialto/nacha'
import type { Evidence } from './evidence.ts'
import type { AchRecord, BatchRecord, FileRecord } from './records.ts'

/** The bank's drop, and what the bank has done with the files in it. */
export type Drop = Readonly<{
  /** Texts by name. A name ends with the file's id. */
  put: ReadonlyMap<string, string>
  /** The trace numbers that were taken to the customers' banks, by the name of the file. */
  processed: ReadonlyMap<string, readonly string[]>
}>

/** How many people let a file go whose bank asks for them. */
const people = 2

/** Files are their entries, entries are presentments, and the bytes in the drop are both. */
export function openFileJudge(): (evidence: Evidence, drop: Drop) => string[] {
  // A text never changes: each is read once.
  const read = new Map<string, string[]>()
  return (evidence, drop) =>
    judgeFiles(evidence, drop, (text) => {
      const lines = read.get(text) ?? linesOf(text)
      read.set(text, lines)
      return lines
    })
}

function judgeFiles(evidence: Evidence, drop: Drop, read: (text: string) => string[]): string[] {
  const wrong: string[] = []
  const entriesOf = Map.groupBy(evidence.records.ach.values(), ({ file }) => file)
  const texts = new Map([...drop.put].map(([name, text]) => [fileId(name), text]))
  for (const file of evidence.records.files.values()) {
    const entries = entriesOf.get(file.id) ?? []
    const say = (what: string) => wrong.push(`file ${file.id}: ${what}`)
    judgeTotals(file, entries, say)
    const text = texts.get(file.id)
    const isSent = ['sent', 'accepted', 'rejected'].includes(file.status)
    if (isSent && text === undefined) say(`it is ${file.status}, and not in the drop`)
    if (text !== undefined && !file.offered) say('it is in the drop, and was never offered')
    const batches = [...evidence.records.batches.values()].filter((batch) => batch.file === file.id)
    if (text !== undefined) judgeText(read(text), entries, batches, say)
    const releases = [...evidence.records.releases.values()].filter((one) => one.file === file.id).length
    if (file.offered && file.needsRelease && releases < people) say(`it left, and ${releases} people let it go`)
  }
  for (const [id] of texts) if (!evidence.records.files.has(id)) wrong.push(`the drop holds ${id}, which is no file`)
  return [...wrong, ...judgeProcessed(evidence, drop)]
}

const fileId = (name: string): string => name.slice(-40, -4)

const sumOf = (entries: readonly AchRecord[], direction: string): bigint =>
  entries.filter((one) => one.direction === direction).reduce((sum, { amount }) => sum + amount, 0n)

function judgeTotals(file: FileRecord, entries: readonly AchRecord[], say: (what: string) => void): void {
  if (file.entries !== entries.length) say(`it counts ${file.entries} entries, and has ${entries.length}`)
  for (const [direction, cents] of [
    ['debit', file.debits],
    ['credit', file.credits],
  ] as const)
    if (sumOf(entries, direction) !== cents) say(`its ${direction}s are ${cents}; its entries' are other`)
}

/** The bytes are the entries and, where the bank wants balanced batches, what brings each to nothing. */
function judgeText(
  found: readonly string[],
  entries: readonly AchRecord[],
  batches: readonly BatchRecord[],
  say: (what: string) => void,
): void {
  const offsets = batches.filter(({ offset }) => offset !== null)
  const lines = [
    ...entries.map(({ trace, code, amount }) => `${trace} ${code} ${amount}`),
    ...offsets.map(({ offset, direction, amount }) => `${offset} ${direction === 'debit' ? 22 : 27} ${amount}`),
  ]
  const of = (direction: string, other: string) =>
    sumOf(entries, direction) +
    offsets.filter((one) => one.direction === other).reduce((sum, one) => sum + one.amount, 0n)
  const totals = `totals agree, debits ${of('debit', 'credit')}, credits ${of('credit', 'debit')}`
  if (found.join('\n') !== [...lines.toSorted(), totals].join('\n')) say(`its bytes say ${found.join('; ')}`)
}

function linesOf(text: string): string[] {
  const { batches, control, agrees } = readFile(text)
  const entries = batches.flatMap((batch) => batch.entries)
  const lines = entries.map((one) => `${one.traceNumber} ${one.transactionCode} ${one.amount}`).toSorted()
  const totals = `totals ${agrees ? 'agree' : 'disagree'}, debits ${control?.debits}, credits ${control?.credits}`
  return [...lines, totals]
}

/** What the customers' banks were really asked for: never more often than something was to be presented. */
function judgeProcessed({ records, replays }: Evidence, { processed }: Drop): string[] {
  const wrong: string[] = []
  const byPlace = new Map([...records.ach.values()].map((one) => [`${one.file} ${one.trace}`, one.subject]))
  const times = new Map<string, number>()
  for (const [name, traces] of processed)
    for (const trace of traces) {
      const subject = byPlace.get(`${fileId(name)} ${trace}`)
      if (subject === undefined) wrong.push(`the bank took ${trace} of ${name}, which we do not know`)
      else times.set(subject, (times.get(subject) ?? 0) + 1)
    }
  for (const [subject, many] of times) {
    const most = replays.get(subject)?.presentment ?? 0
    if (many > most) wrong.push(`${subject} went to its bank ${many} times, and was to be presented ${most} times`)
  }
  return wrong
}
