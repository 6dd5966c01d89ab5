import { kindOf, type LineKind, lineKinds } from '../payouts/payout-statement.ts'
import { csvLine, dollarsCell, textCell } from './csv.ts'
import type { PaidEntry, PaidOut } from './payouts.store.ts'

export const payoutsHeader = csvLine([
  'Record',
  'Payout ID',
  'Payout Date',
  'Kind',
  'Count',
  'Transaction ID',
  'Client Reference ID',
  'Date',
  'Amount',
  'Fee',
  'Net',
  'Currency',
])

type Cells = Readonly<{
  record: 'SUMMARY' | 'TOTAL' | 'DETAIL'
  kind: string
  many?: number
  about?: Pick<PaidEntry, 'paymentId' | 'clientReferenceId' | 'postedAt'>
  amount?: bigint
  fee?: bigint
  net: bigint
}>

const line = ({ id, day }: PaidOut, { record, kind, many, about, amount, fee, net }: Cells): string =>
  csvLine([
    record,
    id,
    day,
    kind.toUpperCase(),
    many === undefined ? '' : String(many),
    about?.paymentId ?? '',
    textCell(about?.clientReferenceId ?? null),
    about?.postedAt.toISOString() ?? '',
    amount === undefined ? '' : dollarsCell(amount),
    fee === undefined ? '' : dollarsCell(fee),
    dollarsCell(net),
    'USD',
  ])

const order = Object.keys(lineKinds) as LineKind[]

/** The payout's statement, line by line, and its sum: the amount that the merchant gets. */
export const summaryLines = (payout: PaidOut): string[] => [
  ...payout.lines
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .map(({ kind, many, amount }) => line(payout, { record: 'SUMMARY', kind, many, net: amount })),
  line(payout, { record: 'TOTAL', kind: 'payout', net: payout.amount }),
]

/** What no entry stands for: carried from the payout before, or to the next. */
export const carriedLines = (payout: PaidOut): string[] =>
  payout.lines
    .filter(({ kind }) => kind === 'carried_from' || kind === 'carried_to')
    .map(({ kind, amount }) => line(payout, { record: 'DETAIL', kind, amount, net: amount }))

/**
 * One movement of the merchant's money. Of a payment whose hold ended, its amount and the fee that was taken from it.
 */
export function detailLine(payout: PaidOut, about: PaidEntry): string {
  const kind = kindOf(about)
  const amount = kind === 'gross' && about.paymentAmount !== null ? about.paymentAmount : about.moved
  const fee = about.moved - amount
  return line(payout, { record: 'DETAIL', kind, about, amount, ...(fee === 0n ? {} : { fee }), net: about.moved })
}
