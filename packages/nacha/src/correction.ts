import { isBlank, isDigits } from './characters.ts'
import { type CorrectionCode, correctionLayouts } from './correction.layouts.ts'
import type { Field, Layout } from './layout.ts'
import { type Value, writerOf } from './layout.writer.ts'
import { NachaError } from './nacha-error.ts'

/** What a notification of change corrects: the members its code is about. */
export type Correction = Readonly<{
  accountNumber?: string
  routingNumber?: string
  individualName?: string
  transactionCode?: number
  individualId?: string
}>

const layoutOf = (code: string): Layout | undefined => correctionLayouts[code as CorrectionCode]

/** Whether corrected data fill just the columns their code says. Those of a code without columns may hold anything. */
export function isLaidOut(code: string, correctedData: string): boolean {
  const fields: readonly Field[] = layoutOf(code)?.fields ?? []
  return fields.every(([, from, to, kind]) => {
    const columns = correctedData.padEnd(29, ' ').slice(from - 1, to)
    return kind === 'blank' ? isBlank(columns) : kind === 'digits' ? isDigits(columns) : !columns.startsWith(' ')
  })
}

/**
 * Takes the corrected data of a change apart. Undefined when the code has none, or when it cannot be read whole: then a
 * person has to look at it.
 */
export function readCorrection(code: string, correctedData: string): Correction | undefined {
  const layout = layoutOf(code)
  if (!layout) return undefined
  const data = correctedData.padEnd(29, ' ')
  const parts = layout.fields
    .filter(([, , , kind]) => kind !== 'blank')
    .map(([name, from, to]) => [name, part(code, name, data, from, to)] as const)
  if (parts.some(([, value]) => value === undefined)) return undefined
  return Object.fromEntries(parts)
}

function part(code: string, name: string, data: string, from: number, to: number): string | number | undefined {
  const text = data.slice(from - 1, to).trim()
  if (name === 'routingNumber') return /^\d{9}$/.test(text) ? text : undefined
  if (name !== 'transactionCode') return text === '' ? undefined : text
  // Some banks leave no gap after the account number in a C06.
  const digits = text === '' && code === 'C06' ? data.slice(17, 19) : text
  return /^\d\d$/.test(digits) ? Number(digits) : undefined
}

/**
 * The corrected data of a change, laid out for its code. Refuses, with a NachaError, a code that carries none and a
 * member that is missing or does not fit.
 */
export function writeCorrection(code: string, correction: Correction): string {
  const layout = layoutOf(code)
  if (!layout) throw new NachaError('Addenda (7) 98', 'correctedData', '36-64', `'${code}' has no corrected data`)
  const given = layout.fields.filter(([, , , kind]) => kind !== 'blank').map(([name]) => name as keyof Correction)
  const values: Record<string, Value> = {}
  for (const name of given) {
    const value = correction[name]
    if (value === undefined) throw new NachaError(layout.name, name, '36-64', 'there is no value')
    values[name] = value
  }
  return writerOf(layout)(values).trimEnd()
}
