import type { Finding } from './finding.ts'
import { type InspectedBatch, type InspectedEntry, type Inspection, type InspectOptions, inspect } from './inspect.ts'

export type RenderOptions = Readonly<{
  /** Lines are cut at this many characters; 100 unless told. */
  width?: number | undefined
}>

const usualWidth = 100

/** `$9,412.18`, of cents. */
function dollars(cents: bigint): string {
  const digits = cents.toString().padStart(3, '0')
  return `$${digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',')}.${digits.slice(-2)}`
}

const counted = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`

/** What a terminal would obey or not show is shown as a question mark: a file may hold anything. */
const harmless = (text: string): string => text.replace(/[^\x20-\x7e\u{a0}-\u{24f}\u{2010}-\u{2026}]/gu, '?')

/** Columns as wide as their widest cell, the numbers among them to the right; the last may be cut. */
function table(rows: readonly (readonly string[])[], right: ReadonlySet<number>, indent: string): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      right.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    )
    return `${indent}${cells.join('  ')}`.trimEnd()
  })
}

const cut = (line: string, width: number): string => (line.length <= width ? line : `${line.slice(0, width - 1)}…`)

const drawn = (lines: readonly string[], width: number): string =>
  lines.map((line) => `${cut(harmless(line), width)}\n`).join('')

/** A file as a table for people. */
export function renderInspection(inspection: Inspection, { width = usualWidth }: RenderOptions = {}): string {
  const { header, batches, totals, agrees, findings, findingCount, lines } = inspection
  const what = [
    counted(totals.batches, 'batch', 'batches'),
    counted(totals.entries, 'entry', 'entries'),
    `debits ${dollars(totals.debits)}`,
    `credits ${dollars(totals.credits)}`,
    `hash ${totals.entryHash}`,
    counted(lines, 'line', 'lines'),
  ].join(', ')
  const head = header
    ? [
        `From  ${header.originName || '-'} (${header.immediateOrigin || '-'})`,
        `To    ${header.destinationName || '-'} (${header.immediateDestination || '-'})`,
        `Made  ${header.creationDate || '-'} ${header.creationTime}`.trimEnd() +
          `, file ${header.fileIdModifier || '-'}${header.referenceCode ? `, reference ${header.referenceCode}` : ''}`,
      ]
    : ['There is no file header.']
  const judged = agrees ? 'The control records agree.' : 'The control records do not agree, or are missing.'
  const more = totals.batches - batches.length
  return drawn(
    [
      ...head,
      `Holds ${what}`,
      judged,
      ...batches.flatMap(batchLines),
      ...(more > 0 ? ['', `… and ${counted(more, 'batch', 'batches')} more`] : []),
      '',
      ...findingLines(findings, findingCount),
    ],
    width,
  )
}

function batchLines(batch: InspectedBatch): string[] {
  const { number, line, secCode, companyName, companyId, description, effectiveDate, settlementDay } = batch
  const title = [
    `Batch ${number ?? '-'} (line ${line})`,
    secCode || 'no class code',
    `${companyName || '-'} (${companyId || '-'})`,
    description || 'no description',
    `effective ${effectiveDate || '-'}`,
    ...(settlementDay ? [`settled on day ${settlementDay}`] : []),
  ].join('  ')
  const sums = [
    counted(batch.entries, 'entry', 'entries'),
    `debits ${dollars(batch.debits)}`,
    `credits ${dollars(batch.credits)}`,
    ...(batch.agrees ? [] : ['the control record does not agree, or is missing']),
  ].join(', ')
  const more = batch.entries - batch.shown.length
  const rows = [['line', 'code', '', 'bank', 'account', 'amount', 'name', 'trace', ''], ...batch.shown.map(entryCells)]
  return [
    '',
    title,
    `  ${sums}`,
    ...(batch.shown.length > 0 ? table(rows, new Set([0, 5]), '  ') : []),
    ...(more > 0 ? [`  … and ${more.toLocaleString('en-US')} more`] : []),
  ]
}

const entryCells = (entry: InspectedEntry): string[] => [
  String(entry.line),
  entry.transactionCode === undefined ? '?' : String(entry.transactionCode).padStart(2, '0'),
  entry.what,
  entry.rdfi,
  entry.account,
  entry.amount === undefined ? '?' : dollars(entry.amount),
  entry.name,
  entry.trace,
  entry.note,
]

function findingLines(findings: readonly Finding[], count: number): string[] {
  if (count === 0) return ['No findings.']
  const rows = findings.map(({ line, severity, rule, message }) => [`line ${line}`, severity, rule, message])
  const more = count - findings.length
  return [
    counted(count, 'finding', 'findings'),
    ...table(rows, new Set(), '  '),
    ...(more > 0 ? [`  … and ${more.toLocaleString('en-US')} more`] : []),
  ]
}

/** What a validation found, as a table for people. */
export const renderFindings = (findings: readonly Finding[], { width = usualWidth }: RenderOptions = {}): string =>
  drawn(findingLines(findings, findings.length), width)

/** A file as a table for people, account numbers by their last four only. Never throws for what is in it. */
export const inspectFile = (input: Uint8Array | string, options: InspectOptions & RenderOptions = {}): string =>
  renderInspection(inspect(input, options), options)
