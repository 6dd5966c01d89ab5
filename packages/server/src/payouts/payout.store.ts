import type { Sql, Tx } from '../db/connect.ts'
import type { BankingDay, Day } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import type { Payout, PayoutFact, PayoutId, PayoutStatus, ReturnedFrom } from './payout.ts'
import type { StatementLine } from './payout-statement.ts'

export type PayoutRow = {
  id: PayoutId
  merchant_id: MerchantId
  status: PayoutStatus
  amount: bigint
  day: BankingDay
  presentment: number
  moves: number
  after_entry: bigint
  last_entry: bigint
  period_from: Date | null
  routing_number: string
  number_sealed: string
  last_four: string
  account_type: 'checking' | 'savings'
  effective_on: Day | null
  settled_on: Day | null
  return_code: string | null
  returned_from: ReturnedFrom | null
  created_at: Date
}

export const toPayout = (row: PayoutRow): Payout => ({
  id: row.id,
  merchantId: row.merchant_id,
  ...(row.status === 'returned' && row.return_code !== null && row.returned_from !== null
    ? { status: row.status, returnCode: row.return_code, returnedFrom: row.returned_from }
    : { status: row.status as Exclude<PayoutStatus, 'returned'> }),
  amount: Money.of(row.amount),
  day: row.day,
  presentment: row.presentment,
  moves: row.moves,
  afterEntry: row.after_entry,
  lastEntry: row.last_entry,
  periodFrom: row.period_from,
  account: {
    routingNumber: row.routing_number,
    type: row.account_type,
    lastFour: row.last_four,
    numberSealed: row.number_sealed,
  },
  effectiveOn: row.effective_on,
  settledOn: row.settled_on,
  createdAt: row.created_at,
})

/** Locks the payouts until the transaction ends, then their merchants, each in id order. */
export async function takePayouts(tx: Tx, ids: readonly PayoutId[]): Promise<Payout[]> {
  const rows = await tx<PayoutRow[]>`
    select * from payout where id = any(${[...ids]}::uuid[]) order by id for update`
  await tx`select from merchant where id = any(${rows.map((row) => row.merchant_id)}::uuid[])
    order by id for no key update`
  return rows.map(toPayout)
}

/** A new payout, already accepted. Its diary and its statement are written in the same transaction. */
export async function insertPayout(tx: Tx, payout: Payout): Promise<void> {
  const { account } = payout
  await tx`
    insert into payout (id, merchant_id, status, amount, day, presentment, moves, after_entry, last_entry, period_from,
      routing_number, number_sealed, last_four, account_type, created_at)
    values (${payout.id}, ${payout.merchantId}, ${payout.status}, ${payout.amount.minor}, ${payout.day},
      ${payout.presentment}, ${payout.moves}, ${payout.afterEntry}, ${payout.lastEntry}, ${payout.periodFrom},
      ${account.routingNumber}, ${account.numberSealed}, ${account.lastFour}, ${account.type}, ${payout.createdAt})`
}

export async function insertLines(tx: Tx, id: PayoutId, lines: readonly StatementLine[]): Promise<void> {
  await tx`
    insert into payout_line (payout_id, kind, many, amount)
    select ${id}, kind, many, amount
    from unnest(${lines.map(({ kind }) => kind)}::text[], ${lines.map(({ many }) => many)}::int[],
      ${lines.map(({ amount }) => amount.toString())}::bigint[]) as line (kind, many, amount)`
}

export type Moved = Readonly<{ before: Payout; fact: PayoutFact; after: Payout }>

/** States and diary lines of many payouts, in one statement. The rows are locked, or new. */
export async function saveMoves(tx: Tx, moved: readonly Moved[], at: Date): Promise<void> {
  if (moved.length === 0) return
  const after = moved.map((one) => one.after)
  const returned = (key: 'returnCode' | 'returnedFrom') =>
    after.map((one) => (one.status === 'returned' ? one[key] : null))
  await tx`
    with row as (
      select * from unnest(
        ${after.map(({ id }) => id)}::uuid[], ${after.map(({ status }) => status)}::text[],
        ${after.map((one) => one.moves)}::int[], ${after.map(({ presentment }) => presentment)}::int[],
        ${after.map(({ effectiveOn }) => effectiveOn)}::date[], ${after.map(({ settledOn }) => settledOn)}::date[],
        ${returned('returnCode')}::text[], ${returned('returnedFrom')}::text[],
        ${moved.map(({ fact }) => JSON.stringify(fact))}::text[])
      as row (id, status, moves, presentment, effective_on, settled_on, return_code, returned_from, fact)),
    diary as (
      insert into payout_move (payout_id, seq, fact, moved_at)
      select id, moves, fact::jsonb, ${at}::timestamptz from row)
    update payout set status = row.status, moves = row.moves, presentment = row.presentment,
      effective_on = row.effective_on, settled_on = row.settled_on, return_code = row.return_code,
      returned_from = row.returned_from
    from row where payout.id = row.id`
}

/** All its payments know. */
export async function saveDisbursed(tx: Tx, id: PayoutId, at: Date): Promise<void> {
  await tx`update payout set disbursed_at = ${at} where id = ${id} and status = 'settled' and disbursed_at is null`
}

/** Keeps a payout as it is until the transaction ends. False: it has not settled, or came back. */
export async function holdSettled(tx: Tx, id: PayoutId): Promise<boolean> {
  const rows = await tx`select id from payout where id = ${id} and status = 'settled' for no key update`
  return rows.length === 1
}

/** Sealed numbers that payouts go to, a page at a time, for sealing them again after a key rotation. */
export const listSealed = (sql: Sql, after: string | null): Promise<SealedNumber[]> =>
  sql<SealedNumber[]>`select id, merchant_id as "merchantId", number_sealed as sealed from payout
    ${after ? sql`where id > ${after}` : sql``} order by id limit 500`

export type SealedNumber = { id: string; merchantId: MerchantId; sealed: string }

export async function replaceSealed(sql: Sql, id: string, before: string, sealed: string): Promise<void> {
  await sql`update payout set number_sealed = ${sealed} where id = ${id} and number_sealed = ${before}`
}
