import { dayFromColumns, timeFromColumns } from './day.ts'
import type { ServiceClass } from './file.ts'
import { error, type Finding, warning } from './finding.ts'
import { shapeOf, textsOf } from './layout.ts'
import { layouts } from './layouts.ts'
import { judgeShape, withReadableTexts } from './line.reader.ts'
import type { ReadBatchHeader, ReadFileHeader } from './read-record.ts'
import { placeIn } from './shape-findings.ts'

const fileShape = shapeOf(layouts.fileHeader)
const file = textsOf(layouts.fileHeader)
const batchShape = shapeOf(layouts.batchHeader)
const batch = textsOf(layouts.batchHeader)

const serviceClasses: Readonly<Record<string, ServiceClass | 'adv'>> = {
  ...{ 200: 'mixed', 220: 'credits', 225: 'debits', 280: 'adv' },
}

export const serviceClassOf = (code: string): ServiceClass | 'adv' | undefined => serviceClasses[code]

/** Record 1. A day or time that is none is an empty string. */
export function readFileHeader(text: string, raw: string, line: number, found: readonly Finding[]): ReadFileHeader {
  const findings = [...judgeShape(fileShape, text, line, found)]
  const day = dayFromColumns(file.creationDate(text))
  const timeText = file.creationTime(text)
  const time = timeFromColumns(timeText)
  const place = (name: string) => placeIn(layouts.fileHeader, name)
  if (day === undefined) findings.push(error(line, 'no-such-day', `${place('creationDate')} is not a day`))
  if (time === undefined && timeText !== '')
    findings.push(error(line, 'no-such-day', `${place('creationTime')}: '${timeText}' is not a time`))
  return withReadableTexts(raw, {
    kind: 'file_header',
    line,
    raw,
    findings,
    immediateDestination: file.immediateDestination(text).trimStart(),
    immediateOrigin: file.immediateOrigin(text).trimStart(),
    creationDate: day ?? '',
    creationTime: time ?? '',
    fileIdModifier: file.fileIdModifier(text),
    destinationName: file.destinationName(text),
    originName: file.originName(text),
    referenceCode: file.referenceCode(text),
  })
}

/** Record 5. A day that is none is an empty string, an unreadable batch number NaN. */
export function readBatchHeader(text: string, raw: string, line: number, found: readonly Finding[]): ReadBatchHeader {
  const findings = [...judgeShape(batchShape, text, line, found)]
  const dayText = batch.effectiveDate(text)
  const day = dayFromColumns(dayText)
  if (day === undefined) {
    // Receiving banks send zeros: they have no use for the day.
    const rule = dayText === '000000' ? warning : error
    findings.push(
      rule(line, 'no-such-day', `${placeIn(layouts.batchHeader, 'effectiveDate')}: '${dayText}' is not a day`),
    )
  }
  return withReadableTexts(raw, {
    kind: 'batch_header',
    line,
    raw,
    findings,
    serviceClass: serviceClassOf(batch.serviceClass(text)),
    companyName: batch.companyName(text),
    companyDiscretionaryData: batch.companyDiscretionaryData(text),
    companyId: batch.companyId(text),
    secCode: batch.secCode(text),
    entryDescription: batch.entryDescription(text),
    descriptiveDate: batch.descriptiveDate(text),
    effectiveDate: day ?? '',
    settlementDay: batch.settlementDay(text),
    odfi: batch.odfi(text),
    batchNumber: /^ *\d+ *$/.test(batch.batchNumber(text)) ? Number(batch.batchNumber(text)) : Number.NaN,
  })
}
