import { bitsOf, blank, conventional, digit, digitOrBlank, isBlank, isDigits, printable } from './characters.ts'

/**
 * text: left-aligned, filled with blanks. digits: right-aligned, filled with zeros. digits?: digits, or blanks
 * throughout. blank: nothing may stand there. `=…`: always this.
 */
export type Kind = 'text' | 'digits' | 'digits?' | 'blank' | `=${string}`
export type Field = readonly [name: string, from: number, to: number, kind: Kind]

/** A record's columns, counted from 1, without gaps. */
export type Layout = Readonly<{ name: string; fields: readonly Field[] }>

export type FieldName<L extends Layout> = L['fields'][number][0]

/** The fields somebody has to give a value for. */
export type GivenName<L extends Layout> = Exclude<
  L['fields'][number],
  readonly [string, number, number, 'blank' | `=${string}`]
>[0]

export const recordWidth = 94

export const columnsText = (from: number, to: number): string => (from === to ? `${from}` : `${from}-${to}`)

function fieldOf(layout: Layout, name: string): Field {
  const field = layout.fields.find((each) => each[0] === name)
  if (!field) throw new Error(`${layout.name} has no field ${name}`)
  return field
}

/** Columns `from` to `to` without the blanks at their end. */
function textBetween(line: string, from: number, to: number): string {
  let end = to
  while (end >= from && line.charCodeAt(end - 1) === 0x20) end--
  return line.slice(from - 1, end)
}

/** For each field how to take its text out of a line of 94 columns. */
export function textsOf<const L extends Layout>(layout: L): { readonly [N in FieldName<L>]: (line: string) => string } {
  const texts = layout.fields.map(([name, from, to]) => [name, (line: string) => textBetween(line, from, to)] as const)
  return Object.fromEntries(texts) as { [N in FieldName<L>]: (line: string) => string }
}

/** The columns from one field to another as they stand, blanks and all. */
export function spanOf<const L extends Layout>(layout: L, first: FieldName<L>, last: FieldName<L> = first) {
  const from = fieldOf(layout, first)[1] - 1
  const to = fieldOf(layout, last)[2]
  return (line: string): string => line.slice(from, to)
}

/**
 * How to read a field's number. Blanks around the digits are forgiven, and nothing but blanks is 0 (the record's
 * findings tell of both); anything else is -1.
 */
export function numberOf<const L extends Layout>(layout: L, name: FieldName<L>): (line: string) => number {
  const [, from, to] = fieldOf(layout, name)
  return (line) => {
    let value = 0
    for (let i = from - 1; i < to; i++) {
      const code = line.charCodeAt(i) - 0x30
      if (code < 0 || code > 9) return forgivingNumber(line.slice(from - 1, to))
      value = value * 10 + code
    }
    return value
  }
}

function forgivingNumber(columns: string): number {
  const text = columns.replace(/^ +| +$/g, '')
  return isDigits(text) ? Number(text) : -1
}

const bitFor: Readonly<Record<'text' | 'digits' | 'digits?' | 'blank', number>> = {
  text: printable,
  digits: digit,
  'digits?': digitOrBlank,
  blank,
}

const isFixed = (kind: Kind): kind is `=${string}` => kind.startsWith('=')

/** The bit each column's character must have. `text` is what a column of text asks for. */
function maskOf(layout: Layout, text: number): Uint8Array {
  const mask = new Uint8Array(recordWidth)
  for (const [, from, to, kind] of layout.fields)
    mask.fill(kind === 'text' || isFixed(kind) ? text : bitFor[kind as keyof typeof bitFor], from - 1, to)
  return mask
}

function hasAll(line: string, mask: Uint8Array): boolean {
  for (let i = 0; i < recordWidth; i++)
    if (((bitsOf[line.charCodeAt(i)] as number) & (mask[i] as number)) === 0) return false
  return true
}

/** Whether a line of 94 columns has the shape of its record: each column the right kind of character. */
export type Shape = Readonly<{
  layout: Layout
  fits: (line: string) => boolean
  /** The same, and text keeps to the banks' convention: upper case, and few marks. */
  fitsConvention: (line: string) => boolean
}>

export function shapeOf(layout: Layout): Shape {
  const lenient = maskOf(layout, printable)
  const strict = maskOf(layout, conventional)
  const fixed = layout.fields.filter(([, , , kind]) => isFixed(kind))
  const optional = layout.fields.filter(([, , , kind]) => kind === 'digits?')
  const holds = (line: string): boolean => {
    for (const [, from, , kind] of fixed) if (!line.startsWith(kind.slice(1), from - 1)) return false
    for (const [, from, to] of optional) {
      const columns = line.slice(from - 1, to)
      if (!isDigits(columns) && !isBlank(columns)) return false
    }
    return true
  }
  return {
    layout,
    fits: (line) => hasAll(line, lenient) && holds(line),
    fitsConvention: (line) => hasAll(line, strict),
  }
}
