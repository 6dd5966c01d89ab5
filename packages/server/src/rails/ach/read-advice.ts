import { type Day, parseDay } from '../../kernel/banking-day.ts'
import { Money } from '../../kernel/money.ts'
import type { Doubt, ReadReports, ReportDraft } from './report.ts'

/** Both kinds of advice: a line that names the form, a line that names the columns, then a row each. */
export const acknowledgmentForm = 'FILE-ACKNOWLEDGMENT,1'
export const settlementForm = 'SETTLEMENT-ADVICE,1'

/** What a bank says to a file of ours. */
export const readAcknowledgment = (text: string): ReadReports =>
  readForm(text, 'acknowledgment', (row, line) => {
    const { creation_date = '', creation_time = '', file_id_modifier = '', status = '', message = '' } = row
    if (!parseDay(creation_date) || !/^[A-Z0-9]$/.test(file_id_modifier) || !statuses.has(status)) return undefined
    return {
      ...{ kind: 'acknowledged', line, key: `acknowledged:${creation_date}:${file_id_modifier}:${status}` },
      told: {
        ...{ creationDate: creation_date, creationTime: creation_time, modifier: file_id_modifier },
        ...{ status, message: message.slice(0, 500) },
      },
    }
  })

const statuses: ReadonlySet<string> = new Set([
  'received',
  'accepted',
  'accepted_with_item_errors',
  'pended',
  'rejected',
  'duplicate',
])

/** What has settled, a row for each batch. */
export const readSettlement = (text: string): ReadReports =>
  readForm(text, 'settlement', (row, line) => {
    const { settlement_date = '', creation_date = '', file_id_modifier = '', batch_number = '', entries = '' } = row
    const { trace_number: trace = '' } = row
    const debits = cents(row.debits)
    const credits = cents(row.credits)
    const on = parseDay(settlement_date)
    if (!on || !parseDay(creation_date) || !/^[A-Z0-9]$/.test(file_id_modifier)) return undefined
    if (trace !== '' && !/^\d{15}$/.test(trace)) return undefined
    if (!/^\d{1,7}$/.test(batch_number) || !/^\d{1,9}$/.test(entries) || !debits || !credits) return undefined
    const batchNumber = Number(batch_number)
    return {
      kind: 'settled',
      line,
      key: `settled:${creation_date}:${file_id_modifier}:${batchNumber}:${on}${trace && `:${trace}`}`,
      told: {
        ...{ creationDate: creation_date, modifier: file_id_modifier, batchNumber, on: on as Day },
        ...{ entries: Number(entries), debits, credits, ...(trace ? { traceNumber: trace } : {}) },
      },
    }
  })

/** Decimal dollars to cents. */
function cents(text: string | undefined): string | undefined {
  if (!text || !/^\d{1,15}\.\d\d$/.test(text)) return undefined
  return Money.of(BigInt(text.replace('.', ''))).minor.toString()
}

type Row = Readonly<Record<string, string | undefined>>

function readForm(
  text: string,
  kind: 'acknowledgment' | 'settlement',
  draftOf: (row: Row, line: number) => ReportDraft | undefined,
): ReadReports {
  const lines = text.split(/\r?\n/)
  const columns = (lines[1] ?? '').split(',')
  const drafts: ReportDraft[] = []
  const doubts: Doubt[] = []
  lines.forEach((raw, index) => {
    if (index < 2 || raw.trim() === '') return
    const row: Row = Object.fromEntries(cellsOf(raw).map((cell, at) => [columns[at] ?? `column ${at + 1}`, cell]))
    const draft = draftOf(row, index + 1)
    if (draft) drafts.push(draft)
    else doubts.push({ line: index + 1, reason: 'unreadable', says: `This row of the ${kind} cannot be read.`, raw })
  })
  return { kind, drafts, doubts }
}

/** Cells between commas; one in double quotes may hold commas and doubled quotes. */
function cellsOf(line: string): string[] {
  const cells: string[] = []
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    cells.push((quoted?.replaceAll('""', '"') ?? plain ?? '').trim())
  return cells
}
