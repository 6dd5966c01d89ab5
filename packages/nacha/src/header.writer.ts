import { dayToColumns, timeToColumns } from './day.ts'
import type { BatchHeader, BatchTotals, FileHeader, ServiceClass } from './file.ts'
import { columnsText, type Layout } from './layout.ts'
import { writerOf } from './layout.writer.ts'
import { layouts } from './layouts.ts'
import { NachaError } from './nacha-error.ts'

const fileHeader = writerOf(layouts.fileHeader)
const batchHeader = writerOf(layouts.batchHeader)
const batchControl = writerOf(layouts.batchControl)
const fileControl = writerOf(layouts.fileControl)

const serviceClassCodes = { mixed: '200', credits: '220', debits: '225' } as const satisfies Record<
  ServiceClass,
  string
>

const ordinaryOriginator = '1'

const refusal = (layout: Layout, name: string, value: string, problem: string): NachaError => {
  const [, from = 0, to = 0] = layout.fields.find(([each]) => each === name) ?? []
  return new NachaError(layout.name, name, columnsText(from, to), `'${value}' ${problem}`)
}

/** Nine digits stand after a blank; ten characters fill the field. */
const tenColumns = (value: string, field: string): string => {
  if (/^\d{9}$/.test(value)) return ` ${value}`
  if (value.length === 10) return value
  throw refusal(layouts.fileHeader, field, value, 'is neither nine digits nor ten characters')
}

/** Record 1. */
export function writeFileHeader(header: FileHeader): string {
  const creationDate = dayToColumns(header.creationDate)
  if (creationDate === undefined) throw refusal(layouts.fileHeader, 'creationDate', header.creationDate, 'is not a day')
  const creationTime = header.creationTime === '' ? '' : timeToColumns(header.creationTime)
  if (creationTime === undefined)
    throw refusal(layouts.fileHeader, 'creationTime', header.creationTime, 'is not a time')
  return fileHeader({
    immediateDestination: tenColumns(header.immediateDestination, 'immediateDestination'),
    immediateOrigin: tenColumns(header.immediateOrigin, 'immediateOrigin'),
    creationDate,
    creationTime,
    fileIdModifier: header.fileIdModifier,
    destinationName: header.destinationName,
    originName: header.originName,
    referenceCode: header.referenceCode ?? '',
  })
}

/** Record 5. */
export function writeBatchHeader(header: BatchHeader): string {
  const effectiveDate = dayToColumns(header.effectiveDate)
  if (effectiveDate === undefined)
    throw refusal(layouts.batchHeader, 'effectiveDate', header.effectiveDate, 'is not a day')
  return batchHeader({
    serviceClass: serviceClassCodes[header.serviceClass ?? 'mixed'],
    companyName: header.companyName,
    companyDiscretionaryData: header.companyDiscretionaryData ?? '',
    companyId: header.companyId,
    secCode: header.secCode,
    entryDescription: header.entryDescription,
    descriptiveDate: header.descriptiveDate ?? '',
    effectiveDate,
    settlementDay: header.settlementDay ?? '',
    originatorStatus: ordinaryOriginator,
    odfi: header.odfi,
    batchNumber: header.batchNumber,
  })
}

/** Record 8. */
export const writeBatchControl = (
  { serviceClass, companyId, odfi, batchNumber }: BatchHeader,
  { entryAndAddenda, entryHash, debits, credits }: BatchTotals,
): string =>
  batchControl({
    ...{ serviceClass: serviceClassCodes[serviceClass ?? 'mixed'], entryAndAddenda, entryHash, debits, credits },
    ...{ companyId, odfi, batchNumber },
  })

/** Record 9. */
export const writeFileControl = (
  totals: Readonly<{
    batches: number
    blocks: number
    entryAndAddenda: number
    entryHash: string
    debits: bigint
    credits: bigint
  }>,
): string => fileControl(totals)
