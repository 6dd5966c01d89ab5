import { isDigits } from './characters.ts'
import type { BatchTotals, FileTotals } from './file.ts'
import { error, type Finding, warning } from './finding.ts'
import { serviceClassOf } from './header.reader.ts'
import { shapeOf, textsOf } from './layout.ts'
import { layouts } from './layouts.ts'
import { judgeShape } from './line.reader.ts'
import type { ReadBatchControl, ReadBatchHeader, ReadFileControl } from './read-record.ts'
import type { Rule } from './rules.ts'
import { placeIn } from './shape-findings.ts'

const batchLayouts = {
  ordinary: { shape: shapeOf(layouts.batchControl), texts: textsOf(layouts.batchControl) },
  adv: { shape: shapeOf(layouts.batchControlAdv), texts: textsOf(layouts.batchControlAdv) },
} as const
const fileLayouts = {
  ordinary: { shape: shapeOf(layouts.fileControl), texts: textsOf(layouts.fileControl) },
  adv: { shape: shapeOf(layouts.fileControlAdv), texts: textsOf(layouts.fileControlAdv) },
} as const
export type ControlForm = keyof typeof batchLayouts

/** A control that was read, and what is odd about its columns. */
export type ControlRead<T> = Readonly<{ control: T; findings: readonly Finding[] }>

export function readBatchControl(
  text: string,
  line: number,
  found: readonly Finding[],
  form: ControlForm,
): ControlRead<ReadBatchControl> {
  const { shape, texts } = batchLayouts[form]
  const control = {
    serviceClass: serviceClassOf(texts.serviceClass(text)),
    entryAndAddenda: countOf(texts.entryAndAddenda(text)),
    entryHash: texts.entryHash(text),
    debits: centsOf(texts.debits(text)),
    credits: centsOf(texts.credits(text)),
    companyId: texts.companyId(text),
    odfi: texts.odfi(text),
    batchNumber: countOf(texts.batchNumber(text)),
  }
  return { control, findings: judgeShape(shape, text, line, found) }
}

export function readFileControl(
  text: string,
  line: number,
  found: readonly Finding[],
  form: ControlForm,
): ControlRead<ReadFileControl> {
  const { shape, texts } = fileLayouts[form]
  const control = {
    batches: countOf(texts.batches(text)),
    blocks: countOf(texts.blocks(text)),
    entryAndAddenda: countOf(texts.entryAndAddenda(text)),
    entryHash: texts.entryHash(text),
    debits: centsOf(texts.debits(text)),
    credits: centsOf(texts.credits(text)),
  }
  return { control, findings: judgeShape(shape, text, line, found) }
}

/** Blanks instead of zeros are forgiven; nothing but blanks is 0, as the shape's findings have told. */
const digitsOf = (columns: string): string | undefined => {
  const digits = columns.trim()
  return isDigits(digits) ? digits || '0' : undefined
}
const countOf = (columns: string): number | undefined => {
  const digits = digitsOf(columns)
  return digits === undefined ? undefined : Number(digits)
}
const centsOf = (columns: string): bigint | undefined => {
  const digits = digitsOf(columns)
  return digits === undefined ? undefined : BigInt(digits)
}

type Sums = Pick<ReadBatchControl, 'entryAndAddenda' | 'entryHash' | 'debits' | 'credits'>

/** Where the sums a control claims are not those that were read. None: it agrees. */
export function disagreements(control: Sums, totals: BatchTotals, line: number, name: string): Finding[] {
  const pairs: readonly [Rule, string, string | number | bigint | undefined, string | number | bigint][] = [
    ['control-count', 'entry and addenda count', control.entryAndAddenda, totals.entryAndAddenda],
    ['control-hash', 'entry hash', control.entryHash.trim().padStart(10, '0'), totals.entryHash],
    ['control-debits', 'debits', control.debits, totals.debits],
    ['control-credits', 'credits', control.credits, totals.credits],
  ]
  return pairs
    .filter(([, , claimed, read]) => claimed !== read)
    .map(([rule, what, claimed, read]) =>
      error(line, rule, `${name}, ${what}: it says ${claimed ?? 'what is no number'}, the entries come to ${read}`),
    )
}

/** Where a batch control does not name the batch of its header. */
export function identityFindings(
  control: ReadBatchControl,
  header: ReadBatchHeader,
  line: number,
  form: ControlForm,
): Finding[] {
  const { layout } = batchLayouts[form].shape
  const said = (name: string, mine: unknown, its: unknown) =>
    warning(line, 'control-identity', `${placeIn(layout, name)}: '${mine ?? ''}' is '${its ?? ''}' in the batch header`)
  const findings: Finding[] = []
  if (control.serviceClass !== header.serviceClass)
    findings.push(said('serviceClass', control.serviceClass, header.serviceClass))
  // ADV has an operator's data in these columns.
  if (form === 'ordinary' && control.companyId !== header.companyId)
    findings.push(said('companyId', control.companyId, header.companyId))
  if (control.odfi !== header.odfi) findings.push(said('odfi', control.odfi, header.odfi))
  if (control.batchNumber !== header.batchNumber)
    findings.push(said('batchNumber', control.batchNumber, header.batchNumber))
  return findings
}

/** The counts only a file control has. The records are those up to and with the file control. */
export function countFindings(control: ReadFileControl, totals: FileTotals, records: number, line: number): Finding[] {
  const blocks = Math.ceil(records / 10)
  const findings: Finding[] = []
  if (control.batches !== totals.batches)
    findings.push(
      error(
        line,
        'control-batches',
        `File Control (9): it says ${control.batches} batches, there are ${totals.batches}`,
      ),
    )
  if (control.blocks !== blocks)
    findings.push(
      warning(line, 'control-blocks', `File Control (9): it says ${control.blocks} blocks, there are ${blocks}`),
    )
  return findings
}
