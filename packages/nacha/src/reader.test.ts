import { describe, expect, it } from 'vitest'
import { batchOf, debit, fileHeader, plain, returned } from '../test/made-up.ts'
import { openReader, type ReadRecord, readFile, writeFile } from './index.ts'

const text = writeFile(fileHeader, [
  batchOf([debit(1), plain(2, { addenda: { kind: 'payment', information: 'RENT' } })], { secCode: 'PPD' }),
  batchOf([returned(3, 'R01')], { batchNumber: 2 }),
])

function read(...chunks: (string | Uint8Array)[]): ReadRecord[] {
  const reader = openReader()
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()]
}

describe('a reading', () => {
  it('answers records in order, an entry with its addenda', () => {
    expect(read(text).map(({ kind, line }) => `${line} ${kind}`)).toEqual([
      ...['1 file_header', '2 batch_header', '3 entry', '4 entry', '6 batch_end', '7 batch_header', '8 entry'],
      ...['10 batch_end', '11 file_end'],
      ...[12, 13, 14, 15, 16, 17, 18, 19, 20].map((line) => `${line} padding`),
      '20 end',
    ])
  })

  it('answers an entry as soon as the line after its addenda was seen', () => {
    const reader = openReader()
    const lines = text.split('\n').map((line) => `${line}\n`)
    expect(lines.slice(0, 6).map((line) => reader.push(line).map(({ kind }) => kind))).toEqual([
      ...[['file_header'], ['batch_header'], [], ['entry'], [], ['entry', 'batch_end']],
    ])
  })

  it('gives an entry its batch, its line and its raw lines', () => {
    const lines = text.split('\n')
    const entry = read(text).filter((record) => record.kind === 'entry')[1]
    expect(entry).toMatchObject({
      ...{ line: 4, raw: lines[3], rawAddenda: [lines[4]], secCode: 'PPD' },
      addenda: { kind: 'payment', information: 'RENT' },
    })
    expect(entry?.batch).toMatchObject({ line: 2, companyName: 'DEMO STORE', batchNumber: 1 })
  })

  it('says of each batch and of the file whether counts and totals agree', () => {
    const wrong = text.replace('000000001000', '000000001001')
    const agreeing = (input: string) =>
      read(input).flatMap((record) => (record.kind === 'batch_end' || record.kind === 'file_end' ? record.agrees : []))
    expect(agreeing(text)).toEqual([true, true, true])
    expect(agreeing(wrong)).toContain(false)
    expect(readFile(wrong).agrees).toBe(false)
    expect(readFile('').agrees).toBe(false)
  })

  it('reads bytes as columns, whatever view of memory they come in', () => {
    const shifted = new Uint8Array(text.length + 3)
    shifted.set(Buffer.from(text, 'latin1'), 3)
    expect(read(shifted.subarray(3))).toEqual(read(text))
  })
})

describe('large and strange inputs', () => {
  it('hands a huge line over in pieces as it comes, holding little of it', () => {
    const reader = openReader()
    const chunk = Buffer.alloc(1 << 20, 'x')
    reader.push(text.slice(0, text.indexOf('\n') + 1))
    for (let n = 0; n < 40; n++) {
      const records = reader.push(chunk)
      expect(records.every(({ kind, line }) => line === 2 && (kind === 'rest' || kind === 'unknown'))).toBe(true)
      expect(records.reduce((sum, { raw }) => sum + raw.length, 0)).toBeGreaterThan(chunk.length - 70_000)
    }
    const last = reader.end()
    expect(last.at(-1)).toMatchObject({ kind: 'end', lines: 2 })
  })

  it('takes a huge line in one piece', () => {
    const file = readFile('x'.repeat(10_000_000))
    expect(file.findings.map(({ rule }) => rule)).toEqual(['unknown-record', 'empty-file'])
    expect(file.others.reduce((sum, { raw }) => sum + raw.length, 0)).toBe(10_000_000)
  })

  it('takes an entry with more addenda than there are numbers for', () => {
    const addenda = `705${' '.repeat(80)}00010000001\n`
    const entry = text.split('\n')[2]
    const file = readFile(`${entry}\n${addenda.repeat(10_050)}`)
    expect(file.batches[0]?.entries[0]?.rawAddenda).toHaveLength(9_999)
    expect(file.others.filter(({ kind }) => kind === 'stray_addenda')).toHaveLength(51)
  })

  it('remembers a bounded number of findings about the whole', () => {
    const header = `${text.split('\n')[0]}\n`
    const end = read(header.repeat(5_000)).at(-1)
    expect(end?.findings).toHaveLength(1_000)
  })

  it('reads text that holds characters beyond a byte', () => {
    const [entry] = readFile(text.replace('ADA LOVELACE', 'АДА ЛАВЛЕЙС ')).batches[0]?.entries ?? []
    expect(entry).toMatchObject({ individualName: 'АДА ЛАВЛЕЙС', amount: 1000n })
  })
})

it('quotes nothing of a line whose columns slid', () => {
  const slid = text.replace('627021000021', `627${'0'.repeat(17)}021000021`)
  const { findings } = readFile(slid)
  expect(findings.length).toBeGreaterThan(2)
  expect(JSON.stringify(findings)).not.toContain('700120001')
})
