import type { Sql, Tx } from '../db/connect.ts'
import type { House } from '../house.ts'
import { type Day, easternDay } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import * as store from './return-rate.store.ts'
import { type Judged, judge, type SpanDays, spansOn, type Thresholds, thresholdsOn } from './return-rate.ts'
import { findHeldSince } from './return-rate-standing.store.ts'

export type ReturnRates = Readonly<{
  /** Null: of all merchants together, as the originator of all their debits. */
  merchantId: MerchantId | null
  today: Day
  /** What was told later is not in the numbers yet. Null: nothing is. */
  countedUntil: Date | null
  thresholds: Thresholds
  spans: readonly (SpanDays & Readonly<{ debits: number; judged: readonly Judged[] }>)[]
  /** Since when the merchant's new debits are held by the platform. */
  heldSince: Date | null
}>

/** Without a merchant: the platform's. Both spans, as far as has been counted. */
export async function readReturnRates(
  house: Pick<House, 'sql' | 'now'>,
  merchantId: MerchantId | null,
): Promise<ReturnRates> {
  const { sql } = house
  const today = easternDay(house.now())
  const [countedUntil, all, heldSince, ...counts] = await Promise.all([
    store.findCountedUntil(sql),
    store.listThresholds(sql),
    merchantId ? findHeldSince(sql, merchantId) : null,
    ...spansOn(today).map(async (span) => ({ span, counts: await store.sumSpan(sql, merchantId, span) })),
  ])
  const thresholds = thresholdsOn(all, today)
  const spans = counts.map(({ span, counts: sum }) => ({
    ...span,
    debits: sum.debits,
    judged: judge(span.span, sum, thresholds),
  }))
  return { merchantId, today, countedUntil, thresholds, spans, heldSince }
}

/** Oldest first. */
export const listThresholds = (house: Pick<House, 'sql'>): Promise<Thresholds[]> => store.listThresholds(house.sql)

/** Whether the platform holds a merchant's new debits. */
export const areDebitsHeld = async (sql: Sql | Tx, merchantId: MerchantId): Promise<boolean> =>
  (await findHeldSince(sql, merchantId)) !== null
