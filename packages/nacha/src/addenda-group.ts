import { readAddenda } from './addenda.reader.ts'
import { isDigits } from './characters.ts'
import { entryLayouts } from './entry.layouts.ts'
import { addendaCountOf, addendaIndicatorOf, type OpenEntry } from './entry.reader.ts'
import type { Addenda } from './file.ts'
import { type Finding, warning } from './finding.ts'
import { placeIn } from './shape-findings.ts'

/** No entry has more: their sequence number has four digits. */
export const mostAddenda = 9_999

/** The 7 records below an entry, as they come. */
export type AddendaGroup = { raws: string[]; understood: Addenda[]; findings: Finding[]; payments: number }

const newGroup = (): AddendaGroup => ({ raws: [], understood: [], findings: [], payments: 0 })

/** Takes a 7 record in below its entry. */
export function takeAddenda(
  group: AddendaGroup | undefined,
  entry: OpenEntry,
  record: Readonly<{ text: string; raw: string; line: number; found: readonly Finding[] }>,
): AddendaGroup {
  const mine = group ?? newGroup()
  const { text, raw, line, found } = record
  mine.raws.push(raw)
  const read = readAddenda(text, raw, line, found)
  if (!read) {
    mine.findings.push(...found)
    return mine
  }
  mine.understood.push(read.addenda)
  if (read.findings.length > 0) mine.findings.push(...read.findings)
  const isPayment = read.addenda.kind === 'payment'
  const tail = isPayment ? entry.traceNumber.slice(8) : entry.traceNumber
  // A tail that is no number has its finding already.
  if (read.tail !== tail && isDigits(read.tail) && read.tail !== '')
    mine.findings.push(
      warning(line, 'addenda-trace', `the addenda end with trace ${read.tail}, their entry has ${tail}`),
    )
  if (isPayment && Number(read.sequence) !== ++mine.payments)
    mine.findings.push(
      warning(line, 'addenda-sequence', `the addenda are number ${read.sequence}, ${mine.payments} is next`),
    )
  return mine
}

/** The entry with what was found below it. `text` is the entry's own line. */
export function closeEntry(
  entry: OpenEntry,
  group: AddendaGroup | undefined,
  text: string,
  isCounted: boolean,
): OpenEntry {
  const indicator = addendaIndicatorOf(text)
  const findings: Finding[] = group ? group.findings : []
  // An indicator that is no digit has its finding already.
  if (entry.kind === 'entry' && isDigits(indicator) && indicator !== (group ? '1' : '0')) {
    const said = group ? `addenda follow` : `no addenda follow`
    const place = placeIn(entryLayouts.entryDetail, 'addendaIndicator')
    findings.push(warning(entry.line, 'addenda-indicator', `${place} is '${indicator}', but ${said}`))
  }
  const announced = isCounted ? addendaCountOf(text) : undefined
  if (announced !== undefined && announced >= 0 && announced !== (group?.raws.length ?? 0) && !isReturned(group))
    findings.push(
      warning(entry.line, 'addenda-count', `${announced} addenda are announced, ${group?.raws.length ?? 0} follow`),
    )
  if (findings.length > 0) entry.findings = [...entry.findings, ...findings]
  if (!group) return entry
  entry.rawAddenda = group.raws
  entry.allAddenda = group.understood
  entry.addenda = group.understood.findLast(({ kind }) => kind !== 'payment') ?? group.understood[0]
  return entry
}

/** A returned entry keeps the count of its original, whose addenda are gone. */
const isReturned = (group: AddendaGroup | undefined): boolean =>
  group?.understood.some(({ kind }) => kind !== 'payment') ?? false
