import type { Tx } from '../db/connect.ts'
import { assert } from '../kernel/assert.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import type { Terms } from './terms.ts'

type Row = {
  id: MerchantId
  fee_fixed: bigint
  fee_bps: number
  return_fee: bigint
  fee_kept_on_return: boolean
  funds_hold_days: number
  retry_policy: Terms['retryPolicy']
  retry_after_days: number
}

export async function readTerms(tx: Tx, merchantIds: readonly MerchantId[]): Promise<Map<MerchantId, Terms>> {
  const rows = await tx<Row[]>`
    select id, fee_fixed, fee_bps, return_fee, fee_kept_on_return, funds_hold_days, retry_policy, retry_after_days
    from merchant where id = any(${[...new Set(merchantIds)]}::uuid[])`
  return new Map(rows.map((row) => [row.id, toTerms(row)]))
}

const toTerms = (row: Row): Terms => ({
  feeFixed: Money.of(row.fee_fixed),
  feeBps: row.fee_bps,
  returnFee: Money.of(row.return_fee),
  feeKeptOnReturn: row.fee_kept_on_return,
  fundsHoldDays: row.funds_hold_days,
  retryPolicy: row.retry_policy,
  retryAfterDays: row.retry_after_days,
})

/** What a merchant has chosen about refunds. */
export type RefundTerms = Readonly<{
  /** Of a payment that has not been sent: wait until it has settled, or cancel the payment. */
  unsent: 'wait' | 'cancel'
  /** How far refunds may take the merchant's money below zero. */
  overdraftLimit: Money
}>

export async function readRefundTerms(tx: Tx, merchantId: MerchantId): Promise<RefundTerms> {
  const [row] = await tx<{ unsent_refund: RefundTerms['unsent']; overdraft_limit: bigint }[]>`
    select unsent_refund, overdraft_limit from merchant where id = ${merchantId}`
  assert(row, 'a payment has a merchant')
  return { unsent: row.unsent_refund, overdraftLimit: Money.of(row.overdraft_limit) }
}
