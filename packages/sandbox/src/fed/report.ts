import { centsToText } from '../money.ts'
import type { Day } from './banking-day.ts'
import type { ReportKind } from './fault.ts'
import type { AdviceLine } from './settle.store.ts'

/** A field that would break its row is quoted, as spreadsheets do it. */
const field = (value: string | number): string => {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const csv = (title: string, columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [title, columns.join(','), ...rows.map((row) => row.map(field).join(','))].map((line) => `${line}\n`).join('')

const acknowledgmentColumns = [
  ...['immediate_origin', 'immediate_destination', 'creation_date', 'creation_time', 'file_id_modifier'],
  ...['status', 'entries', 'debits', 'credits', 'message'],
]

export type Acknowledged = Readonly<{
  immediateOrigin: string
  immediateDestination: string
  creationDate: string
  creationTime: string
  fileIdModifier: string
  verdict: string
  entries: number
  debits: bigint
  credits: bigint
  message: string
}>

export const acknowledgmentCsv = (file: Acknowledged): string =>
  csv('FILE-ACKNOWLEDGMENT,1', acknowledgmentColumns, [
    [
      ...[file.immediateOrigin, file.immediateDestination, file.creationDate, file.creationTime, file.fileIdModifier],
      ...[file.verdict, file.entries, centsToText(file.debits), centsToText(file.credits), file.message],
    ],
  ])

const settlementColumns = [
  ...['settlement_date', 'immediate_origin', 'creation_date', 'file_id_modifier', 'batch_number'],
  ...['entries', 'debits', 'credits', 'trace_number'],
]

export const settlementCsv = (day: Day, lines: readonly AdviceLine[]): string =>
  csv(
    'SETTLEMENT-ADVICE,1',
    settlementColumns,
    lines.map((line) => [
      ...[day, line.immediateOrigin, line.creationDate, line.fileIdModifier, line.batchNumber],
      ...[line.entries, centsToText(line.debits), centsToText(line.credits), line.trace],
    ]),
  )

const prefixes = { acknowledgment: 'ack', settlement: 'settlement', returns: 'returns' } as const
const endings = { acknowledgment: 'csv', settlement: 'csv', returns: 'ach' } as const

/** Unique by its number and, among files of a kind, sorted by time: ack-20260105T230100-0001.csv, in UTC. */
export const reportName = (kind: ReportKind, at: Date, number: bigint): string =>
  `${prefixes[kind]}-${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}-${String(number).padStart(4, '0')}.${endings[kind]}`
