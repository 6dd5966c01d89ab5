import type { Sql } from '../db/connect.ts'
import type { House } from '../house.ts'
import type { Day } from '../kernel/banking-day.ts'
import { looksLikeId, type MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { type PayoutRow, toPayout } from './payout.store.ts'
import type { Payout, PayoutFact, PayoutId, PayoutStatus } from './payout.ts'
import { kindOf, type LineKind, lineKinds, type StatementLine } from './payout-statement.ts'
import { listMovements } from './statement.store.ts'

type Reader = Pick<House, 'sql'>

export type PayoutWithLines = Readonly<{ payout: Payout; lines: readonly StatementLine[] }>

export type PayoutFilter = Readonly<{
  limit: number
  /** Those that came before this one. */
  after: string | null
  statuses: readonly PayoutStatus[] | null
  /** Of the day on which it was made; both inclusive. */
  from: Day | null
  to: Day | null
}>

/** Newest first, each with its statement: a merchant's, or everybody's. */
export async function listPayouts(
  { sql }: Reader,
  merchantId: MerchantId | null,
  { limit, after, statuses, from, to }: PayoutFilter,
): Promise<PayoutWithLines[]> {
  const rows = await sql<PayoutRow[]>`
    select * from payout where true
      ${merchantId ? sql`and merchant_id = ${merchantId}` : sql``}
      ${after ? sql`and id < ${after}` : sql``}
      ${statuses ? sql`and status = any(${[...statuses]})` : sql``}
      ${from ? sql`and day >= ${from}` : sql``}
      ${to ? sql`and day <= ${to}` : sql``}
    order by id desc limit ${limit}`
  return withLines(sql, rows)
}

/** A payout with its statement. Refuses payout_not_found, also for another merchant's. */
export async function getPayout({ sql }: Reader, merchantId: MerchantId | null, id: string): Promise<PayoutWithLines> {
  const rows = looksLikeId(id)
    ? await sql<PayoutRow[]>`
        select * from payout where id = ${id} ${merchantId ? sql`and merchant_id = ${merchantId}` : sql``}`
    : []
  const [found] = await withLines(sql, rows)
  if (!found) throw new Refusal('payout_not_found')
  return found
}

async function withLines(sql: Sql, rows: readonly PayoutRow[]): Promise<PayoutWithLines[]> {
  const lines = await sql<(StatementLine & { payoutId: string })[]>`
    select payout_id as "payoutId", kind, many, amount from payout_line
    where payout_id = any(${rows.map(({ id }) => id)}::uuid[])`
  const place = new Map(Object.keys(lineKinds).map((kind, index) => [kind, index]))
  const inOrder = lines.toSorted((a, b) => (place.get(a.kind) ?? 0) - (place.get(b.kind) ?? 0))
  return rows.map((row) => ({
    payout: toPayout(row),
    lines: inOrder.filter(({ payoutId }) => payoutId === row.id).map(({ payoutId: _, ...line }) => line),
  }))
}

export type PayoutMove = Readonly<{ seq: number; fact: PayoutFact; at: Date }>

/** What happened to a payout, in order. */
export const listMoves = ({ sql }: Reader, id: PayoutId): Promise<PayoutMove[]> =>
  sql<PayoutMove[]>`select seq, fact, moved_at as at from payout_move where payout_id = ${id} order by seq limit 1000`

/** One movement of a payment, refund or credit in a statement. Cents, signed as the merchant feels them. */
export type PayoutItem = Readonly<{
  /** The entry of the books, a cursor for the page after it. */
  entry: bigint
  paymentId: string
  type: 'debit' | 'refund' | 'credit'
  kind: LineKind
  clientReferenceId: string | null
  amount: bigint
  /** Taken from the amount. */
  fee: bigint
  net: bigint
}>

/**
 * What the statement of a payout is made of, one by one, in the order in which it happened, those after an entry.
 * Without what is not about a payment: reserves, payouts that came back, what was carried.
 */
export async function listPayoutItems(
  { sql }: Reader,
  { merchantId, afterEntry, lastEntry }: Payout,
  page: Readonly<{ after: bigint | null; limit: number }>,
): Promise<PayoutItem[]> {
  const after = page.after !== null && page.after > afterEntry ? page.after : afterEntry
  const rows = await listMovements(sql, { merchantId, afterEntry: after, lastEntry }, page.limit)
  return rows.map(({ entry, subject, other, moved, paymentId, paymentAmount, clientReferenceId }) => {
    const kind = kindOf({ subject, other, moved })
    const amount = kind === 'gross' ? paymentAmount : moved
    return { entry, paymentId, type: subject, kind, clientReferenceId, amount, fee: amount - moved, net: moved }
  })
}
