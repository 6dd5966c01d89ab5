import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { harmless, surprises } from '../test/surprises.ts'
import {
  type Finding,
  openReader,
  type ReadBatch,
  type ReadRecord,
  readCorrection,
  readFile,
  validateFile,
} from './index.ts'

const folder = join(import.meta.dirname, '../fixtures/surprises')
const names = Object.keys(surprises)
const bytesOf = (name: string) => readFileSync(join(folder, `${name}.ach`))
const entriesOf = (name: string) => readFile(bytesOf(name)).batches.flatMap(({ entries }) => entries)
const firstOf = (name: string) => entriesOf(name)[0]

/** Findings in the short form of the table. */
function shortly(findings: readonly Finding[]): string {
  const count = (rule: string) => findings.filter((finding) => finding.rule === rule).length
  const said = findings.map(({ line, severity, rule }) =>
    count(rule) > 4 ? `${rule} x${count(rule)}` : `${line}${severity === 'error' ? '!' : ''} ${rule}`,
  )
  return said.filter((one, at) => !one.includes(' x') || said.indexOf(one) === at).join(', ')
}

const counted = ({ entries, rawEntries }: ReadBatch): string[] => [
  ...(entries.length > 0 ? [`${entries.length}`] : []),
  ...(rawEntries.length > 0 ? [`${rawEntries.length} kept`] : []),
]

it('has a story and an expectation for every file', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ach'))
  expect(files.sort()).toEqual(names.map((name) => `${name}.ach`).sort())
  const told = readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/^- `([^`]+)`: .+[.]$/gm)
  expect([...told].map(([, name]) => name).sort()).toEqual([...names].sort())
})

it.each(names)('reads %s', (name) => {
  const file = readFile(bytesOf(name))
  expect([file.batches.flatMap(counted).join(', '), file.agrees, shortly(file.findings)]).toEqual(surprises[name])
})

it.each(names)('reads %s the same when it comes byte by byte', (name) => {
  const bytes = bytesOf(name)
  const whole = openReader()
  const pieces = openReader()
  const records: ReadRecord[] = []
  for (const byte of bytes) records.push(...pieces.push(Uint8Array.of(byte)))
  expect([...records, ...pieces.end()]).toEqual([...whole.push(bytes), ...whole.end()])
})

it.each(names)('throws nothing of %s away', (name) => {
  const bytes = bytesOf(name)
  const reader = openReader()
  const kept = [...reader.push(bytes), ...reader.end()].flatMap((record) =>
    record.kind === 'entry' || record.kind === 'raw_entry' ? [record.raw, ...record.rawAddenda] : [record.raw],
  )
  const inOrder = (text: string) => [...text.replace(/[\r\n]/g, '')].sort().join('')
  expect(inOrder(kept.join(''))).toBe(inOrder(bytes.toString('latin1')))
})

it.each(names)('lets %s leave only if it is harmless', (name) => {
  expect(validateFile(bytesOf(name), { fromOperator: true }).length === 0).toBe(harmless.includes(name))
})

describe('what surprises say', () => {
  it('is the same whatever the line ends', () => {
    const entries = (name: string) => entriesOf(name).map(({ line: _, batch: __, ...entry }) => entry)
    for (const name of [
      'cr-only',
      'double-spaced',
      'one-long-line',
      'one-long-line-and-end-mark',
      'end-mark',
      'two-files',
    ])
      expect(entries(name).slice(0, 3)).toEqual(entries('crlf'))
  })

  it('keeps the accents of a name', () => {
    for (const name of ['windows-1252', 'utf-8-by-characters', 'utf-8-by-bytes'])
      expect(firstOf(name)).toMatchObject({
        individualName: 'JOSÉ NÚÑEZ',
        discretionary: 'S',
        traceNumber: '091000010000001',
      })
  })

  it('is a return, whatever is odd about it', () => {
    for (const name of [
      'forward-code-in-a-return',
      'addenda-of-another-trace',
      'addenda-not-announced',
      'no-file-records',
    ])
      expect(firstOf(name)?.addenda).toMatchObject({ kind: 'return', code: 'R01', originalTrace: '091000010000001' })
    expect(firstOf('lower-case-return-code')?.addenda).toMatchObject({ kind: 'return', code: 'R01' })
    expect(firstOf('unknown-return-code')?.addenda).toMatchObject({ kind: 'return', code: 'R98' })
    expect(firstOf('payment-line-in-a-return')?.addenda).toMatchObject({ kind: 'return', code: 'R01' })
    expect(firstOf('payment-line-in-a-return')?.allAddenda).toHaveLength(2)
  })

  it('is the last word of a dispute', () => {
    expect(firstOf('a-dispute-below-one-entry')?.addenda).toMatchObject({ kind: 'contested', dishonoredCode: 'R68' })
    expect(firstOf('a-dispute-below-one-entry')?.allAddenda.map(({ kind }) => kind)).toEqual([
      ...['return', 'dishonored', 'contested'],
    ])
  })

  it('is a correction where one can be read', () => {
    const correctionOf = (name: string) => {
      const addenda = firstOf(name)?.addenda
      return addenda?.kind === 'change' ? readCorrection(addenda.code, addenda.correctedData) : 'no change'
    }
    expect(correctionOf('correction-without-a-gap')).toEqual({
      accountNumber: '12345678901234567',
      transactionCode: 37,
    })
    expect(correctionOf('correction-with-a-blank-inside')).toEqual({
      accountNumber: '123456789 111',
      transactionCode: 22,
    })
    expect(correctionOf('correction-of-nothing')).toBeUndefined()
  })

  it('counts what it cannot take apart', () => {
    expect(readFile(bytesOf('adv')).totals).toMatchObject({ entries: 2, debits: 250_000n, credits: 50_000n })
    expect(readFile(bytesOf('iat')).batches[0]?.rawEntries[0]).toMatchObject({ secCode: 'IAT', amount: 100_000n })
    expect(readFile(bytesOf('iat')).batches[0]?.rawEntries[0]?.rawAddenda).toHaveLength(7)
  })
})
