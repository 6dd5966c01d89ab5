import { bitsOf, digit, isPrintable, printable } from './characters.ts'
import { columnsText, type Field, type GivenName, type Layout } from './layout.ts'
import { isSecret } from './masked.ts'
import { NachaError } from './nacha-error.ts'

export type Value = string | number | bigint
export type Values<L extends Layout> = { readonly [N in GivenName<L>]: Value }

/** A field somebody gives a value for. `bit` is what each of its characters must have. */
type Step = Readonly<{ field: Field; name: string; at: number; width: number; bit: number; isDigits: boolean }>

const isGiven = ([, , , kind]: Field): boolean => kind !== 'blank' && !kind.startsWith('=')

const stepOf = (field: Field): Step => {
  const [name, from, to, kind] = field
  const isDigits = kind !== 'text'
  return { field, name, at: from - 1, width: to - from + 1, bit: isDigits ? digit : printable, isDigits }
}

/** A record in which only the text that the format fixes stands. */
function emptyRecord({ fields }: Layout): Buffer {
  const record = Buffer.alloc(fields.at(-1)?.[2] ?? 0, ' ')
  for (const [, from, , kind] of fields) if (kind.startsWith('=')) record.write(kind.slice(1), from - 1, 'latin1')
  return record
}

/**
 * How to write a record from its table. The function refuses, with a NachaError, a value that does not fit its columns.
 * A number is filled with zeros; a text of digits is a trace number, a day or such, and a short one is a mistake.
 */
export function writerOf<const L extends Layout>(layout: L): (values: Values<L>) => string {
  const steps = layout.fields.filter(isGiven).map(stepOf)
  // Written over at each call, every column of every given field, so that a line costs one string and no more.
  const record = emptyRecord(layout)
  return (values) => {
    for (const step of steps) put(layout, step, (values as Readonly<Record<string, Value>>)[step.name], record)
    return record.toString('latin1')
  }
}

const zero = 0x30
const blank = 0x20

function put(layout: Layout, step: Step, value: Value | undefined, record: Buffer): void {
  const isText = typeof value === 'string'
  const text = isText ? value : `${value}`
  const { at, width, bit } = step
  const free = width - text.length
  if (free < 0) throw refusal(layout, step, text)
  if (step.isDigits && isText && free > 0 && (text !== '' || step.field[3] !== 'digits?'))
    throw refusal(layout, step, text)
  const start = step.isDigits && !isText ? at + free : at
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (((bitsOf[code] as number) & bit) === 0) throw refusal(layout, step, text)
    record[start + i] = code
  }
  for (let i = at; i < start; i++) record[i] = zero
  for (let i = start + text.length; i < at + width; i++) record[i] = blank
}

const has = (text: string, bit: number): boolean =>
  [...text].every((character) => ((bitsOf[character.charCodeAt(0)] ?? 0) & bit) !== 0)

function refusal(layout: Layout, { field: [name, from, to], width, isDigits }: Step, text: string): NachaError {
  const said = isSecret(name) ? 'the value' : `'${text}'`
  const refuse = (problem: string) => new NachaError(layout.name, name, columnsText(from, to), `${said} ${problem}`)
  if (!isPrintable(text)) return refuse('holds a character outside printable ASCII')
  if (text.length > width) return refuse(`is longer than ${width}`)
  return refuse(
    isDigits && has(text, digit) ? `is not ${width} ${width === 1 ? 'digit' : 'digits'} long` : 'is not all digits',
  )
}
