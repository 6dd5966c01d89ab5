import { addendaShape } from './addenda.reader.ts'
import { type BatchJudgement, microEntry, reversal } from './batch.rules.ts'
import { isLaidOut } from './correction.ts'
import { entryShapes } from './entry.reader.ts'
import { type Add, judgeConvention, judgeTexts } from './file.rules.ts'
import type { Addenda } from './file.ts'
import { error } from './finding.ts'
import type { ReadEntry } from './read-record.ts'
import { isRoutingNumber, routingNumberProblem } from './routing-number.ts'
import type { Rule } from './rules.ts'
import { placeIn } from './shape-findings.ts'
import { describeTransactionCode, loanReversalCode, type TransactionKind } from './transaction-code.ts'
import type { ValidateOptions } from './validate-options.ts'

type Refuse = (rule: Rule, field: string, problem: string) => void

const named: ReadonlySet<string> = new Set(['WEB', 'PPD', 'TEL'])
const oneAddenda: ReadonlySet<string> = new Set(['WEB', 'PPD', 'CCD', 'COR'])
const withName = { accountNumber: 'required', individualId: 'optional', individualName: 'required' } as const
const withoutName = { accountNumber: 'required', individualId: 'optional', individualName: 'optional' } as const
const microLimit = 100n

/** Judges an entry and its addenda by the rules of its batch. */
export function judgeEntry(entry: ReadEntry, batch: BatchJudgement, options: ValidateOptions, add: Add): void {
  const { line, raw, rdfi, traceNumber } = entry
  const { header, form } = batch
  const { layout } = entryShapes[form]
  const refuse: Refuse = (rule, field, problem) => add(error(line, rule, `${placeIn(layout, field)} ${problem}`))

  judgeConvention(entryShapes[form], raw, line, add)
  judgeTexts(layout, raw, line, named.has(header.secCode) ? withName : withoutName, add)
  if (!isRoutingNumber(rdfi)) refuse('routing-number', 'receivingDfi', `and check digit: ${routingNumberProblem(rdfi)}`)
  if (!traceNumber.startsWith(header.odfi))
    refuse('trace-number', 'traceNumber', `does not begin with the batch's ODFI ${header.odfi}`)
  if (traceNumber <= batch.lastTrace)
    refuse('trace-order', 'traceNumber', `is ${traceNumber}, after ${batch.lastTrace}`)
  batch.lastTrace = traceNumber
  const kind = describeTransactionCode(entry.transactionCode)
  if (kind) judgeKind(entry, kind, batch, options, refuse)
  if (entry.rawAddenda.length > 0 || kind?.purpose === 'return') judgeAddenda(entry, kind, batch, options, add)
}

/** What the transaction code says must agree with the batch, the amount and the payment type. */
function judgeKind(
  entry: ReadEntry,
  { direction, purpose }: TransactionKind,
  batch: BatchJudgement,
  { fromOperator = false, personToPerson = false, balanced = false }: ValidateOptions,
  refuse: Refuse,
): void {
  const { amount, transactionCode, raw } = entry
  const { secCode, serviceClass, entryDescription } = batch.header
  if ((serviceClass === 'credits' && direction === 'debit') || (serviceClass === 'debits' && direction === 'credit'))
    refuse(
      'service-class',
      'transactionCode',
      `is ${transactionCode}, a ${direction}, in a batch of ${serviceClass} only`,
    )
  const mustBeZero = secCode === 'COR' || purpose === 'prenote' || purpose === 'zero'
  if (mustBeZero && amount !== 0n) refuse('amount', 'amount', `is not zero, with transaction code ${transactionCode}`)
  // The return of a prenote is zero, too.
  if (!mustBeZero && purpose === 'live' && amount === 0n)
    refuse('amount', 'amount', `is zero, with transaction code ${transactionCode}`)
  if (entryDescription === microEntry && amount >= microLimit) refuse('micro-entries', 'amount', 'is not below 1.00')
  if (transactionCode === loanReversalCode && entryDescription !== reversal)
    refuse('loan-debit', 'transactionCode', `is ${loanReversalCode} in a batch that is no reversal`)
  if (fromOperator) return
  if (purpose === 'return') refuse('return-code', 'transactionCode', `is ${transactionCode}, of a return`)
  if (secCode === 'WEB' && direction === 'credit' && !personToPerson && entryDescription !== reversal) {
    if (!balanced || batch.hasOffset)
      refuse('web-credit', 'transactionCode', `is ${transactionCode}, a credit, in a WEB batch`)
    batch.hasOffset = true
  }
  const type = raw.slice(76, 78)
  if ((secCode === 'WEB' || secCode === 'TEL') && type !== 'S ' && type !== 'R ')
    refuse('payment-type', 'discretionary', `is '${type}', not S or R`)
}

/** Which addenda an entry may and must carry. */
function judgeAddenda(
  entry: ReadEntry,
  kind: TransactionKind | undefined,
  { header }: BatchJudgement,
  { fromOperator = false }: ValidateOptions,
  add: Add,
): void {
  const { line, allAddenda, rawAddenda } = entry
  const isReturned = fromOperator && kind?.purpose === 'return'
  const wanted = isReturned ? (header.secCode === 'COR' ? 'changes' : 'returns') : 'payments'
  const refuse = (at: number, problem: string): void => add(error(at, 'addenda-kind', problem))
  if (allAddenda.length < rawAddenda.length) refuse(line + 1, 'there are addenda of a type that is not judged here')
  if (isReturned && allAddenda.length === 0) refuse(line, `the entry of a return has no addenda`)
  if (oneAddenda.has(header.secCode) && rawAddenda.length > 1)
    add(error(line + 2, 'many-addenda', `${rawAddenda.length} addenda follow an entry of ${header.secCode}`))
  allAddenda.forEach((addenda, i) => {
    const at = line + 1 + i
    if (groupOf[addenda.kind] !== wanted) refuse(at, `${words[groupOf[addenda.kind]]} where ${words[wanted]} belong`)
    const { layout } = addendaShape(addenda.kind)
    if (addenda.kind !== 'payment' && !/^[RC]\d\d$/.test(addenda.code))
      refuse(at, `${placeIn(layout, 'code')} is no code of a letter and two digits`)
    if (addenda.kind === 'change' && !isLaidOut(addenda.code, addenda.correctedData))
      add(error(at, 'corrected-data', `${placeIn(layout, 'correctedData')} is not laid out as ${addenda.code} says`))
    judgeConvention(addendaShape(addenda.kind), rawAddenda[i] ?? '', at, add)
  })
}

type AddendaGroup = 'payments' | 'returns' | 'changes'
const groupOf: Readonly<Record<Addenda['kind'], AddendaGroup>> = {
  ...{ payment: 'payments', return: 'returns', dishonored: 'returns', contested: 'returns' },
  ...{ change: 'changes', refused_change: 'changes' },
}
const words: Readonly<Record<AddendaGroup, string>> = {
  ...{ payments: 'addenda 05', returns: 'addenda 99', changes: 'addenda 98' },
}
