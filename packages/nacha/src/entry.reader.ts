import { entryLayouts } from './entry.layouts.ts'
import type { EntryForm } from './entry-form.ts'
import type { Addenda } from './file.ts'
import { error, type Finding } from './finding.ts'
import { type Layout, numberOf, type Shape, shapeOf, spanOf, textsOf } from './layout.ts'
import { judgeShape, withReadableTexts } from './line.reader.ts'
import type { ReadBatchHeader, ReadEntry, ReadRawEntry } from './read-record.ts'
import { placeIn } from './shape-findings.ts'
import { describeTransactionCode } from './transaction-code.ts'

const { entryDetail } = entryLayouts
const texts = textsOf(entryDetail)
const rdfi = spanOf(entryDetail, 'receivingDfi', 'checkDigit')
const trace = spanOf(entryDetail, 'traceNumber')
const transactionCode = numberOf(entryDetail, 'transactionCode')
const amount = numberOf(entryDetail, 'amount')
const advAmount = numberOf(entryLayouts.entryDetailAdv, 'amount')
const nameFirst = textsOf(entryLayouts.entryDetailNameFirst)
const counted = textsOf(entryLayouts.entryDetailCounted)

/** The eight digits that go into the hash; -1 when they are none. */
export const receivingDfiOf: (text: string) => number = numberOf(entryDetail, 'receivingDfi')
export const addendaIndicatorOf: (text: string) => string = spanOf(entryDetail, 'addendaIndicator')
export const addendaCountOf: (text: string) => number = numberOf(entryLayouts.entryDetailCounted, 'addendaCount')

const shapeFor = (layout: Layout): Shape => shapeOf(layout)
export const entryShapes: Readonly<Record<EntryForm, Shape>> = {
  standard: shapeFor(entryDetail),
  nameFirst: shapeFor(entryLayouts.entryDetailNameFirst),
  counted: shapeFor(entryLayouts.entryDetailCounted),
  iat: shapeFor(entryLayouts.entryDetailIat),
  adv: shapeFor(entryLayouts.entryDetailAdv),
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }
/** An entry whose addenda may still come. */
export type OpenEntry = Writable<ReadEntry> | Writable<ReadRawEntry>

const none: readonly never[] = Object.freeze([])

export function readEntry(
  text: string,
  raw: string,
  line: number,
  found: readonly Finding[],
  form: EntryForm,
  batch: ReadBatchHeader | undefined,
): OpenEntry {
  const findings = judgeShape(entryShapes[form], text, line, found)
  const code = transactionCode(text)
  const cents = form === 'adv' ? advAmount(text) : amount(text)
  if (form === 'iat' || form === 'adv' || code < 0 || cents < 0)
    return readRaw(text, raw, line, findings, code, cents, batch)
  const entry: Writable<ReadEntry> = {
    kind: 'entry',
    line,
    raw,
    findings,
    batch,
    secCode: batch === undefined ? '' : batch.secCode,
    transactionCode: code,
    rdfi: rdfi(text),
    accountNumber: texts.accountNumber(text).trimStart(),
    amount: BigInt(cents),
    individualId: form === 'nameFirst' ? nameFirst.individualId(text) : texts.individualId(text),
    individualName: nameOf(text, form),
    discretionary: texts.discretionary(text).trimStart(),
    traceNumber: trace(text),
    addenda: undefined,
    allAddenda: none,
    rawAddenda: none,
  }
  if (!describeTransactionCode(code)) entry.findings = withUnknownCode(findings, line, code)
  return findings === found ? entry : withReadableTexts(raw, entry)
}

const nameOf = (text: string, form: EntryForm): string =>
  form === 'standard'
    ? texts.individualName(text)
    : form === 'counted'
      ? counted.individualName(text)
      : nameFirst.individualName(text)

const withUnknownCode = (findings: readonly Finding[], line: number, code: number): Finding[] => [
  ...findings,
  error(line, 'transaction-code', `${placeIn(entryDetail, 'transactionCode')}: '${code}' is not in the table`),
]

function readRaw(
  text: string,
  raw: string,
  line: number,
  findings: readonly Finding[],
  code: number,
  cents: number,
  batch: ReadBatchHeader | undefined,
): OpenEntry {
  return {
    ...{ kind: 'raw_entry', line, raw, findings, batch, secCode: batch?.secCode ?? '' },
    transactionCode: code < 0 ? undefined : code,
    amount: cents < 0 ? undefined : BigInt(cents),
    rdfi: rdfi(text),
    traceNumber: trace(text),
    ...{ addenda: undefined, allAddenda: none as readonly Addenda[], rawAddenda: none },
  }
}
