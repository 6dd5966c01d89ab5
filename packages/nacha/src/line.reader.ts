import { error, type Finding, noFindings, warning } from './finding.ts'
import { recordWidth, type Shape } from './layout.ts'
import { shapeFindings } from './shape-findings.ts'

/** A line made 94 columns wide, so that it can be read by its table, and what had to be done to it. */
export type FittedLine = Readonly<{ text: string; findings: readonly Finding[] }>

const beyondAscii = /[^\0-\x7f]/

/** What a line holds when a byte order mark, in bytes or as a character, stands before it. */
export const withoutByteOrderMark = (raw: string): string => raw.replace(/^(?:\u{feff}|\u{ef}\u{bb}\u{bf})/u, '')

/**
 * Any line as one of 94 columns: end-of-file marks go, missing columns are blank, columns beyond are not read. A line
 * whose writer counted characters where we count bytes (UTF-8) is read by characters.
 */
export function fitLine(raw: string, line: number): FittedLine {
  const findings: Finding[] = []
  let text = withoutEndMarks(raw)
  if (text !== raw) findings.push(warning(line, 'trailing-bytes', 'Ctrl-Z or zero bytes follow the record'))
  if (text.length !== recordWidth && beyondAscii.test(text)) text = charactersOf(text) ?? text
  if (text.length < recordWidth && text.trim() !== '')
    findings.push(
      warning(line, 'line-length', `the record has ${text.length} columns; the missing ones are read as blank`),
    )
  if (text.length > recordWidth) {
    const isPadded = text.slice(recordWidth).trim() === ''
    const said = `the record has ${text.length} columns; those after ${recordWidth} are ${isPadded ? 'blank' : 'not read'}`
    findings.push((isPadded ? warning : error)(line, 'line-length', said))
  }
  return { text: text.slice(0, recordWidth).padEnd(recordWidth, ' '), findings }
}

/** Without the Ctrl-Z or the zero bytes that some systems put after the last record. */
function withoutEndMarks(raw: string): string {
  let end = raw.length
  while (end > 0 && (raw.charCodeAt(end - 1) === 0x1a || raw.charCodeAt(end - 1) === 0)) end--
  return raw.slice(0, end)
}

/** The findings of a line that is read by this shape. The usual line has none and costs one look at each column. */
export function judgeShape(shape: Shape, text: string, line: number, found: readonly Finding[]): readonly Finding[] {
  if (shape.fits(text)) return found
  const isQuoted = !found.some(({ rule }) => rule === 'line-length')
  const more = shapeFindings(shape.layout, text, line, isQuoted)
  return more.length === 0 ? found : found === noFindings ? more : [...found, ...more]
}

const bytesOf = (latin1: string): Buffer => Buffer.from(latin1, 'latin1')

/** The characters of bytes that are UTF-8. Undefined: they are not, or were characters before they came here. */
function charactersOf(latin1: string): string | undefined {
  if (/[^\0-\xff]/.test(latin1)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(latin1))
  } catch {
    return undefined
  }
}

/** Text as its writer meant it: UTF-8 if that is possible, or else Windows-1252. ASCII is what it is. */
function readable(latin1: string): string {
  if (!beyondAscii.test(latin1) || /[^\0-\xff]/.test(latin1)) return latin1
  return charactersOf(latin1) ?? new TextDecoder('windows-1252').decode(bytesOf(latin1))
}

/** What was read from a line, with its texts as people write them where the line is not all ASCII. */
export function withReadableTexts<T extends object>(raw: string, record: T): T {
  if (!beyondAscii.test(raw)) return record
  const texts = Object.entries(record).map(([name, value]) => [
    name,
    typeof value === 'string' && name !== 'raw' ? readable(value) : value,
  ])
  return Object.fromEntries(texts) as T
}
