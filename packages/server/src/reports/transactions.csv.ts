import { transactionStatus } from '../http/transaction-words.ts'
import { atEastern } from '../kernel/banking-day.ts'
import { move, type Payment } from '../payments/payment.ts'
import { csvLine, dollarsCell, textCell } from './csv.ts'
import { instantsOf, type Period } from './report.ts'
import type { History } from './transactions.store.ts'

/** The columns of the reference product's transactions file, in its order. */
export const transactionsHeader = csvLine([
  'Update',
  'Date of Transaction',
  'Date of Settlement',
  'Client Reference ID',
  'Transaction ID',
  'Debit',
  'Credit',
  'Currency',
  'Status',
])

export type Span = Readonly<{ from: number; until: number }>

/** Periods as spans of time, those that touch joined: days in a row are one span. */
export function spansOf(periods: readonly Period[]): Span[] {
  const spans: { from: number; until: number }[] = []
  for (const { firstDay, lastDay } of periods.toSorted((a, b) => (a.firstDay < b.firstDay ? -1 : 1))) {
    const { from, until } = instantsOf({ firstDay, lastDay })
    const last = spans.at(-1)
    if (last && from.getTime() <= last.until) last.until = Math.max(last.until, until.getTime())
    else spans.push({ from: from.getTime(), until: until.getTime() })
  }
  return spans
}

/** When a banking day's settlement is done, as the API says it. */
const settlesAt = '08:30'

/**
 * A payment as it stood when the period ended, which the diary tells however late the file is made. `earlier`: the
 * spans of the files that came before; a payment was in one of them if it was made or moved in its time.
 */
export function transactionLine({ payment, facts, at }: History, earlier: readonly Span[]): string {
  const standing = facts.reduce(move, payment)
  const isUpdate = [payment.createdAt, ...at].some((instant) => {
    const ms = instant.getTime()
    return earlier.some(({ from, until }) => ms >= from && ms < until)
  })
  const amount = dollarsCell(payment.amount.minor)
  return csvLine([
    isUpdate ? 'Yes' : 'No',
    payment.createdAt.toISOString(),
    settlementOf(standing),
    textCell(payment.clientReferenceId),
    payment.id,
    payment.type === 'debit' ? amount : '',
    payment.type === 'debit' ? '' : amount,
    payment.amount.currency,
    transactionStatus[standing.status],
  ])
}

/** When what it was then, or had come back from, settled; nothing before that. */
function settlementOf(standing: Payment): string {
  const settled =
    standing.status === 'settled' ||
    standing.status === 'available' ||
    standing.status === 'disbursed' ||
    ('returnedFrom' in standing && standing.returnedFrom !== 'initiated')
  return settled && standing.settledOn ? atEastern(standing.settledOn, settlesAt).toISOString() : ''
}
