import type { Sql, Tx } from '../db/connect.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import type { MerchantTerms } from './merchant-terms.ts'

type Row = {
  originating_bank: string | null
  company_name: string | null
  entry_description: string
  same_day: boolean
  fee_fixed: bigint
  fee_bps: number
  return_fee: bigint
  fee_kept_on_return: boolean
  holds_payments: boolean
  funds_hold_days: number
  unsent_refund: MerchantTerms['unsentRefund']
  overdraft_limit: bigint
  retry_policy: MerchantTerms['retryPolicy']
  retry_after_days: number
}

const toTerms = (row: Row): MerchantTerms => ({
  originatingBank: row.originating_bank,
  companyName: row.company_name,
  entryDescription: row.entry_description,
  sameDay: row.same_day,
  feeFixed: Money.of(row.fee_fixed),
  feeBps: row.fee_bps,
  returnFee: Money.of(row.return_fee),
  feeKeptOnReturn: row.fee_kept_on_return,
  holdsPayments: row.holds_payments,
  fundsHoldDays: row.funds_hold_days,
  unsentRefund: row.unsent_refund,
  overdraftLimit: Money.of(row.overdraft_limit),
  retryPolicy: row.retry_policy,
  retryAfterDays: row.retry_after_days,
})

export async function findTerms(sql: Sql | Tx, id: MerchantId): Promise<MerchantTerms | undefined> {
  const [row] = await sql<Row[]>`select * from merchant where id = ${id}`
  return row && toTerms(row)
}

/** All of them. The merchant's row is locked. */
export async function saveTerms(tx: Tx, id: MerchantId, terms: MerchantTerms): Promise<void> {
  await tx`update merchant set originating_bank = ${terms.originatingBank}, company_name = ${terms.companyName},
      entry_description = ${terms.entryDescription}, same_day = ${terms.sameDay},
      fee_fixed = ${terms.feeFixed.minor}, fee_bps = ${terms.feeBps}, return_fee = ${terms.returnFee.minor},
      fee_kept_on_return = ${terms.feeKeptOnReturn}, holds_payments = ${terms.holdsPayments},
      funds_hold_days = ${terms.fundsHoldDays}, unsent_refund = ${terms.unsentRefund},
      overdraft_limit = ${terms.overdraftLimit.minor}, retry_policy = ${terms.retryPolicy},
      retry_after_days = ${terms.retryAfterDays}
    where id = ${id}`
}
