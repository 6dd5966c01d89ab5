import { isWeekend } from './day.ts'
import { type EntryForm, entryFormOf, secCodes } from './entry-form.ts'
import { type Add, judgeConvention, judgeTexts } from './file.rules.ts'
import { error } from './finding.ts'
import { shapeOf } from './layout.ts'
import { layouts } from './layouts.ts'
import type { ReadBatchEnd, ReadBatchHeader } from './read-record.ts'
import { isRoutingPrefix } from './routing-number.ts'
import type { Rule } from './rules.ts'
import { placeIn } from './shape-findings.ts'
import type { ValidateOptions } from './validate-options.ts'

/** What an entry is judged by: its batch header, and what came before it in the batch. */
export type BatchJudgement = {
  readonly header: ReadBatchHeader
  readonly form: EntryForm
  lastTrace: string
  /** A balanced batch of WEB debits has had the one credit that balances it. */
  hasOffset: boolean
}

const shape = shapeOf(layouts.batchHeader)
const controlShape = shapeOf(layouts.batchControl)
const { batchHeader } = layouts

/** Descriptions that mean something to the receiving bank, by their letters alone. */
const knownDescriptions: Readonly<Record<string, string>> = {
  ...{ REVERSAL: 'REVERSAL', RETRYPYMT: 'RETRY PYMT', PURCHASE: 'PURCHASE', PAYROLL: 'PAYROLL' },
  ...{ ACCTVERIFY: 'ACCTVERIFY', RETURNFEE: 'RETURN FEE' },
}

export const reversal: string = 'REVERSAL'
export const microEntry: string = 'ACCTVERIFY'

export function judgeBatchHeader(
  header: ReadBatchHeader,
  lastBatchNumber: number,
  { fromOperator = false }: ValidateOptions,
  add: Add,
): BatchJudgement {
  const { line, raw, secCode, entryDescription, effectiveDate } = header
  const refuse = (rule: Rule, field: string, problem: string): void =>
    add(error(line, rule, `${placeIn(batchHeader, field)} ${problem}`))
  const form = entryFormOf(secCode)
  const judgement = { header, form, lastTrace: '', hasOffset: false }
  if (form === 'iat' || form === 'adv') {
    refuse('not-judged', 'secCode', `is ${secCode}, which is not judged here`)
    return judgement
  }
  judgeConvention(shape, raw, line, add)
  const required = { companyName: 'required', companyId: 'required', entryDescription: 'required' } as const
  judgeTexts(batchHeader, raw, line, { ...required, descriptiveDate: 'optional' }, add)
  if (!secCodes.has(secCode)) refuse('sec-code', 'secCode', `is no class code: '${secCode}'`)
  if (header.serviceClass === undefined || header.serviceClass === 'adv')
    refuse('service-class', 'serviceClass', 'is none of 200, 220 and 225')
  if (!'12'.includes(raw[78] ?? '?')) refuse('originator-status', 'originatorStatus', 'is neither 1 nor 2')
  if (!isRoutingPrefix(Number(header.odfi.slice(0, 2))) || header.odfi === '00000000')
    refuse('odfi', 'odfi', `is not the beginning of a routing number: '${header.odfi}'`)
  if (!(header.batchNumber > lastBatchNumber))
    refuse('batch-order', 'batchNumber', `is ${header.batchNumber}, after ${lastBatchNumber}`)
  const known = knownDescriptions[entryDescription.toUpperCase().replace(/[^A-Z]/g, '')]
  if (known !== undefined && entryDescription !== known)
    refuse('entry-description', 'entryDescription', `is '${entryDescription}' where '${known}' is meant`)
  if (fromOperator) return judgement
  if (effectiveDate !== '' && isWeekend(effectiveDate))
    refuse('effective-date', 'effectiveDate', `is ${effectiveDate}, on a weekend`)
  if (header.settlementDay !== '') refuse('settlement-day', 'settlementDay', 'is not blank')
  return judgement
}

/** `microEntries` gathers, for each company, by how much its micro-debits exceed its micro-credits. */
export function judgeBatchEnd(
  end: ReadBatchEnd,
  { balanced = false }: ValidateOptions,
  microEntries: Map<string, bigint>,
  add: Add,
): void {
  const { line, raw, batch, totals, findings } = end
  if (batch && (batch.secCode === 'IAT' || batch.secCode === 'ADV')) return
  if (raw !== '') judgeConvention(controlShape, raw, line, add)
  if (totals.entries === 0 && !findings.some(({ rule }) => rule === 'control-outside-batch'))
    add(error(line, 'empty-batch', 'the batch has no entries'))
  if (balanced && totals.debits !== totals.credits)
    add(error(line, 'balanced', `the debits are ${totals.debits} cents, the credits ${totals.credits}`))
  if (batch?.entryDescription === microEntry)
    microEntries.set(batch.companyId, (microEntries.get(batch.companyId) ?? 0n) + totals.debits - totals.credits)
}
