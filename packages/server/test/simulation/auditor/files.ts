import { readFile } from '@rialto/nacha'
import type { Evidence } from './evidence.ts'
import type { AchRecord, FileRecord } from './records.ts'

/** What can be seen from outside of the house: the drop, and what the bank has done with the files in it. */
export type Outside = Readonly<{
  /** Texts by name. A name ends with the file's id. */
  drop: ReadonlyMap<string, string>
  processed: ReadonlyMap<string, readonly string[]>
}>

/** Files are their entries, entries are presentments, and the bytes in the drop are both. */
export function judgeFiles(evidence: Evidence, outside: Outside): string[] {
  const wrong: string[] = []
  const entriesOf = Map.groupBy(evidence.records.ach.values(), ({ file }) => file)
  const texts = new Map([...outside.drop].map(([name, text]) => [fileId(name), text]))
  for (const file of evidence.records.files.values()) {
    const entries = entriesOf.get(file.id) ?? []
    const say = (what: string) => wrong.push(`file ${file.id}: ${what}`)
    judgeTotals(file, entries, say)
    const text = texts.get(file.id)
    const isSent = ['sent', 'accepted', 'rejected'].includes(file.status)
    if (isSent && text === undefined) say(`it is ${file.status}, and not in the drop`)
    if (text !== undefined && !file.offered) say('it is in the drop, and was never offered')
    if (text !== undefined) judgeText(text, entries, say)
  }
  for (const [id] of texts) if (!evidence.records.files.has(id)) wrong.push(`the drop holds ${id}, which is no file`)
  return [...wrong, ...judgePresentments(evidence), ...judgeProcessed(evidence, outside)]
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

/** A text never changes: each is read once. */
const read = new Map<string, string[]>()

function judgeText(text: string, entries: readonly AchRecord[], say: (what: string) => void): void {
  const found = read.get(text) ?? linesOf(text)
  read.set(text, found)
  const wanted = entries.map(({ trace, code, amount }) => `${trace} ${code} ${amount}`).toSorted()
  const totals = `totals agree, debits ${sumOf(entries, 'debit')}, credits ${sumOf(entries, 'credit')}`
  if (found.join('\n') !== [...wanted, totals].join('\n')) say(`its bytes say ${found.join('; ')}`)
}

function linesOf(text: string): string[] {
  const { batches, control, agrees } = readFile(text)
  const entries = batches.flatMap((batch) => batch.entries)
  const lines = entries.map((one) => `${one.traceNumber} ${one.transactionCode} ${one.amount}`).toSorted()
  const totals = `totals ${agrees ? 'agree' : 'disagree'}, debits ${control?.debits}, credits ${control?.credits}`
  return [...lines, totals]
}

/** Each time that something was put into a file, there is one entry, and it stands until it was taken back. */
function judgePresentments({ records, diaries, replays }: Evidence): string[] {
  const wrong: string[] = []
  const entriesOf = Map.groupBy(records.ach.values(), ({ subject }) => subject)
  for (const subject of entriesOf.keys())
    if (!replays.has(subject)) wrong.push(`entries of ${subject}, which is nothing`)
  for (const id of replays.keys()) {
    const entries = entriesOf.get(id) ?? []
    const amount = records.payments.get(id)?.amount ?? records.payouts.get(id)?.amount
    if (entries.some((one) => one.amount !== amount)) wrong.push(`an entry of ${id} is not of its amount`)
    const live = entries.filter((one) => !one.voided)
    if (new Set(live.map(({ presentment }) => presentment)).size < live.length)
      wrong.push(`${id} stands in two files for the same presentment`)
    let open: AchRecord | undefined
    const taken: AchRecord[] = []
    for (const { fact } of diaries.get(id) ?? []) {
      if (fact.kind === 'scheduled') {
        open = entries.find((one) => one.file === fact.fileId && !taken.includes(one))
        if (open) taken.push(open)
        else wrong.push(`${id} was scheduled for ${fact.fileId}, and has no entry there`)
      }
      if (fact.kind === 'initiated' && open?.trace !== fact.traceNumber)
        wrong.push(`${id} was initiated as ${fact.traceNumber}, and its entry is ${open?.trace}`)
      const isBack = fact.kind === 'unscheduled' || fact.kind === 'refused'
      // A rejected file's entries are void when all of them have been told.
      const isOpen = open && records.files.get(open.file)?.status !== 'sent'
      if (isBack && isOpen && open?.voided !== true) wrong.push(`${id} was taken back, and its entry still stands`)
      if (isBack) open = undefined
    }
    if (taken.length !== entries.length) wrong.push(`${id} has ${entries.length} entries; ${taken.length} in its diary`)
    if (open?.voided) wrong.push(`the entry of ${id} is void, though nothing took it back`)
  }
  return wrong
}

/** What the customers' banks were really asked for: never more often than something was to be presented. */
function judgeProcessed({ records, replays }: Evidence, { processed }: Outside): string[] {
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
