import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { goldens } from '../test/goldens.ts'
import { addendaLayouts } from './addenda.layouts.ts'
import { addendaShape, readAddenda } from './addenda.reader.ts'
import { entryFormOf, entryLayoutOf } from './entry-form.ts'
import { describeTransactionCode, readFile, validateFile } from './index.ts'
import type { Layout } from './layout.ts'
import { layouts } from './layouts.ts'

const names = Object.keys(goldens)
const folder = join(import.meta.dirname, '../fixtures/golden')
const files = new Map(names.map((name) => [name, readFileSync(join(folder, `${name}.ach`))]))
const bytesOf = (name: string) => files.get(name) ?? expect.unreachable()

/**
 * Fields that nothing in the format repeats or adds up. One wrong character there may go unnoticed, so it must not be
 * able to move another amount, in another direction, or to another bank. A hash kept beside the file protects these.
 */
const unprotected: Readonly<Record<string, readonly string[]>> = {
  [layouts.fileHeader.name]: [
    ...['immediateDestination', 'immediateOrigin', 'creationDate', 'creationTime', 'fileIdModifier'],
    ...['destinationName', 'originName', 'referenceCode'],
  ],
  [layouts.batchHeader.name]: [
    ...['companyName', 'companyDiscretionaryData', 'secCode', 'entryDescription', 'descriptiveDate'],
    ...['effectiveDate', 'settlementDay', 'originatorStatus'],
  ],
  entry: ['transactionCode', 'accountNumber', 'individualId', 'individualName', 'discretionary', 'traceNumber'],
  [addendaLayouts.addendaPayment.name]: ['information'],
  addenda: [
    ...['code', 'originalTrace', 'originalRdfi', 'information', 'dateOfDeath', 'originalReturnDate', 'correctedData'],
    ...['originalSettlementDay', 'returnTrace', 'returnSettlementDay', 'returnCode', 'dishonoredTrace'],
    ...['dishonoredSettlementDay', 'dishonoredCode', 'changeCode', 'changeTraceSequence'],
  ],
}

/** The record and field a byte of a golden file stands in. */
function placeOf(text: string, at: number): { group: string; field: string } {
  const start = text.lastIndexOf('\n', at - 1) + 1
  const line = text.slice(start, start + 94)
  const header = text.lastIndexOf('\n5', start + 1) + 1
  const secCode = text.slice(header + 50, header + 53)
  const [group, layout] = layoutOf(line, secCode)
  const column = at - start + 1
  return { group, field: layout?.fields.find(([, from, to]) => column >= from && column <= to)?.[0] ?? 'line end' }
}

function layoutOf(line: string, secCode: string): [string, Layout | undefined] {
  if (line.startsWith('1')) return [layouts.fileHeader.name, layouts.fileHeader]
  if (line.startsWith('5')) return [layouts.batchHeader.name, layouts.batchHeader]
  if (line.startsWith('6')) return ['entry', entryLayoutOf[entryFormOf(secCode)]]
  if (line.startsWith('8')) return [layouts.batchControl.name, layouts.batchControl]
  if (!line.startsWith('7')) return [layouts.fileControl.name, layouts.fileControl]
  const kind = readAddenda(line, line, 1, [])?.addenda.kind ?? 'payment'
  return [kind === 'payment' ? addendaLayouts.addendaPayment.name : 'addenda', addendaShape(kind).layout]
}

/** What moves how much, which way, to which bank. */
const money = (bytes: Uint8Array) =>
  readFile(bytes).batches.map(({ entries, totals }) => ({
    totals,
    entries: entries.map(({ rdfi, amount, transactionCode }) => ({
      ...{ rdfi, amount },
      direction: amount === 0n ? undefined : describeTransactionCode(transactionCode)?.direction,
    })),
  }))

const moneyOf = new Map(names.map((name) => [name, money(bytesOf(name))]))

function isFoundOrHarmless(name: string, at: number, byte: number): void {
  const bytes = Buffer.from(bytesOf(name))
  bytes[at] = byte
  if (validateFile(bytes, goldens[name]?.judgedBy).length > 0) return
  const { group, field } = placeOf(bytesOf(name).toString('latin1'), at)
  expect(unprotected[group] ?? [], `${name}: byte ${at} made ${byte}, in ${group}, ${field}`).toContain(field)
  expect(money(bytes)).toEqual(moneyOf.get(name))
}

it('finds any single corrupted byte that could move other money', () => {
  const place = fc.constantFrom(...names).chain((name) => fc.tuple(fc.constant(name), fc.nat(bytesOf(name).length - 1)))
  fc.assert(
    fc.property(place, fc.nat(255), ([name, at], byte) => {
      fc.pre(bytesOf(name)[at] !== byte)
      isFoundOrHarmless(name, at, byte)
    }),
    { numRuns: 1_500 },
  )
})

const varied = ['web-debits', 'credits', 'balanced', 'returns', 'disputes', 'changes']

it.each(varied)('finds the likeliest corruptions of every byte of %s', (name) => {
  const bytes = bytesOf(name)
  const likely = [...'8A \n'].map((character) => character.charCodeAt(0))
  for (let at = 0; at < bytes.length; at++)
    for (const byte of [...likely, (bytes[at] ?? 0) ^ 1]) if (byte !== bytes[at]) isFoundOrHarmless(name, at, byte)
})

it.each(varied)('finds every byte that %s lost or got', (name) => {
  const bytes = bytesOf(name)
  const judgedBy = goldens[name]?.judgedBy
  for (let at = 0; at < bytes.length - 2; at++) {
    const lost = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])
    const doubled = Buffer.concat([bytes.subarray(0, at + 1), bytes.subarray(at)])
    // One CR less, and one line of many ends with LF alone, as a text editor leaves it: that is found, too.
    expect(validateFile(lost, judgedBy), `without byte ${at}`).not.toEqual([])
    expect(validateFile(doubled, judgedBy), `with byte ${at} twice`).not.toEqual([])
  }
})
