import type { Sql, Tx } from '../db/connect.ts'
import type { Id, MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Judged, Rate, Standing } from './return-rate.ts'

export type Stood = Readonly<{ rate: Rate; standing: Standing; since: Date }>

/** How each rate that was ever told of stands. Without a merchant: the platform's. */
export const listStandings = (sql: Sql | Tx, merchantId: MerchantId | null): Promise<Stood[]> =>
  sql<Stood[]>`
    select distinct on (rate) rate, standing, judged_at as since from return_rate_standing
    where ${merchantId ? sql`merchant_id = ${merchantId}` : sql`merchant_id is null`}
    order by rate, id desc`

export async function insertStanding(
  tx: Tx,
  merchantId: MerchantId | null,
  { rate, standing, span, returns, debits }: Judged,
  { id, at }: Readonly<{ id: Id<'standing'>; at: Date }>,
): Promise<void> {
  await tx`insert into return_rate_standing (id, merchant_id, rate, standing, span, returns, debits, judged_at)
    values (${id}, ${merchantId}, ${rate}, ${standing}, ${span}, ${returns}, ${debits}, ${at})`
}

export type HoldSettings = Readonly<{ name: string; holds: boolean; heldSince: Date | null }>

/** Locks the merchant until the transaction ends. Refuses: merchant_not_found. */
export async function takeHold(tx: Tx, merchantId: MerchantId): Promise<HoldSettings> {
  const [row] = await tx<HoldSettings[]>`
    select name, hold_on_return_rates as holds, debits_held_since as "heldSince" from merchant
    where id = ${merchantId} for no key update`
  if (!row) throw new Refusal('merchant_not_found', { id: merchantId })
  return row
}

export async function findHeldSince(sql: Sql | Tx, merchantId: MerchantId): Promise<Date | null> {
  const [row] = await sql<{ since: Date | null }[]>`
    select debits_held_since as since from merchant where id = ${merchantId}`
  return row?.since ?? null
}

export type Holding = Readonly<{ id: Id<'hold'>; did: 'held' | 'lifted'; by: string; why: string; at: Date }>

/** The merchant is locked. */
export async function saveHold(tx: Tx, merchantId: MerchantId, { id, did, by, why, at }: Holding): Promise<void> {
  await tx`update merchant set debits_held_since = ${did === 'held' ? at : null} where id = ${merchantId}`
  await tx`insert into debit_hold (id, merchant_id, did, by, why, at)
    values (${id}, ${merchantId}, ${did}, ${by}, ${why}, ${at})`
}

/** Whether somebody has held the merchant's debits, or let them go, since then. */
export async function wasDecidedSince(tx: Tx, merchantId: MerchantId, since: Date): Promise<boolean> {
  const rows = await tx`select from debit_hold where merchant_id = ${merchantId} and at >= ${since} limit 1`
  return rows.length > 0
}

export async function saveHoldsOnRates(tx: Tx, merchantId: MerchantId, holds: boolean): Promise<void> {
  await tx`update merchant set hold_on_return_rates = ${holds} where id = ${merchantId}`
}
