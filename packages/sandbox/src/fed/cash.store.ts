import type { Sql, Tx } from '../db/connect.ts'
import type { Day } from './banking-day.ts'

export type NewMovement = Readonly<{
  at: Date
  day: Day
  kind: 'settlement' | 'returns'
  /** The report that tells of it. */
  reference: string
  /** In cents, below zero when money leaves. */
  amount: bigint
}>

/** Moves the platform's money at its bank. Movements are written one after the other, so that balances follow. */
export async function moveCash(tx: Tx, movement: NewMovement): Promise<void> {
  const { at, day, kind, reference, amount } = movement
  if (amount === 0n) return
  await tx`lock table fed_cash in exclusive mode`
  await tx`
    insert into fed_cash (at, day, kind, reference, amount, balance)
    select ${at}, ${day}, ${kind}, ${reference}, ${amount}::bigint,
      ${amount}::bigint + coalesce((select balance from fed_cash order by id desc limit 1), 0)`
}

export type Movement = NewMovement & Readonly<{ balance: bigint }>
export type CashDay = Readonly<{ day: Day; opening: bigint; debits: bigint; credits: bigint; closing: bigint }>

const MOST_MOVEMENTS = 1_000

/** The movements of some days, oldest first, as on a bank's statement. */
export async function listMovements(sql: Sql, from: Day, to: Day): Promise<Movement[]> {
  return sql<Movement[]>`
    select at, day::text as day, kind, reference, amount, balance from fed_cash
    where day between ${from} and ${to} order by id limit ${MOST_MOVEMENTS}`
}

/** A row for each day on which something moved. */
export async function listCashDays(sql: Sql, from: Day, to: Day): Promise<CashDay[]> {
  return sql<CashDay[]>`
    select day::text as day, (array_agg(balance - amount order by id))[1] as opening,
      coalesce(-sum(amount) filter (where amount < 0), 0)::bigint as debits,
      coalesce(sum(amount) filter (where amount > 0), 0)::bigint as credits,
      (array_agg(balance order by id desc))[1] as closing
    from fed_cash where day between ${from} and ${to} group by day order by day limit ${MOST_MOVEMENTS}`
}

export async function cashBalance(sql: Sql): Promise<bigint> {
  const [row] = await sql<{ balance: bigint }[]>`select balance from fed_cash order by id desc limit 1`
  return row?.balance ?? 0n
}
