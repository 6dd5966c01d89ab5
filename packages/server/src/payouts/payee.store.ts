import type { Sql, Tx } from '../db/connect.ts'
import type { BankingDay } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { SealedNumber } from './payout.store.ts'
import type { PayoutAccount } from './payout.ts'

/** How a merchant is paid out. */
export type Payee = Readonly<{
  merchantId: MerchantId
  account: PayoutAccount | null
  /** Less than this waits for another day. */
  minimum: Money
  paused: boolean
  suspended: boolean
}>

type Row = {
  id: MerchantId
  status: 'active' | 'suspended'
  payout_routing_number: string | null
  payout_number_sealed: string
  payout_last_four: string
  payout_account_type: PayoutAccount['type']
  payout_minimum: bigint
  payouts_paused: boolean
}

const toPayee = (row: Row): Payee => ({
  merchantId: row.id,
  account:
    row.payout_routing_number === null
      ? null
      : {
          routingNumber: row.payout_routing_number,
          type: row.payout_account_type,
          lastFour: row.payout_last_four,
          numberSealed: row.payout_number_sealed,
        },
  minimum: Money.of(row.payout_minimum),
  paused: row.payouts_paused,
  suspended: row.status !== 'active',
})

const columns = (sql: Sql | Tx) => sql`id, status, payout_routing_number, payout_number_sealed, payout_last_four,
  payout_account_type, payout_minimum, payouts_paused`

export async function findPayee(sql: Sql, id: MerchantId): Promise<Payee | undefined> {
  const [row] = await sql<Row[]>`select ${columns(sql)} from merchant where id = ${id}`
  return row && toPayee(row)
}

/** Locks the merchant until the transaction ends: one payout at a time. Refuses merchant_not_found. */
export async function takePayee(tx: Tx, id: MerchantId): Promise<Payee> {
  const [row] = await tx<Row[]>`select ${columns(tx)} from merchant where id = ${id} for no key update`
  if (!row) throw new Refusal('merchant_not_found', { id })
  return toPayee(row)
}

/** Merchants who may have something to be paid out on a day, those after an id; judged without a lock. */
export async function listPayees(
  sql: Sql,
  day: BankingDay,
  after: MerchantId | null,
  limit: number,
): Promise<MerchantId[]> {
  const rows = await sql<{ id: MerchantId }[]>`
    select merchant.id from merchant
    join ledger_account as account on account.id = 'merchant:' || merchant.id || ':available'
    where merchant.status = 'active' and not payouts_paused and payout_routing_number is not null
      and account.balance >= payout_minimum
      and not exists (select from payout where merchant_id = merchant.id and payout.day >= ${day})
      ${after ? sql`and merchant.id > ${after}` : sql``}
    order by merchant.id limit ${limit}`
  return rows.map(({ id }) => id)
}

export async function saveAccount(tx: Tx, id: MerchantId, account: PayoutAccount): Promise<void> {
  await tx`update merchant set payout_routing_number = ${account.routingNumber},
    payout_number_sealed = ${account.numberSealed}, payout_last_four = ${account.lastFour},
    payout_account_type = ${account.type} where id = ${id}`
}

export async function saveMinimum(tx: Tx, id: MerchantId, minimum: Money): Promise<void> {
  await tx`update merchant set payout_minimum = ${minimum.minor} where id = ${id}`
}

export async function savePaused(tx: Tx, ids: readonly MerchantId[], paused: boolean): Promise<void> {
  await tx`update merchant set payouts_paused = ${paused} where id = any(${[...ids]}::uuid[])`
}

/** Sealed numbers of payout accounts, a page at a time. */
export const listSealedAccounts = (sql: Sql, after: string | null): Promise<SealedNumber[]> =>
  sql<SealedNumber[]>`select id, id as "merchantId", payout_number_sealed as sealed from merchant
    where payout_number_sealed is not null ${after ? sql`and id > ${after}` : sql``} order by id limit 500`

export async function replaceSealedAccount(sql: Sql, id: string, before: string, sealed: string): Promise<void> {
  await sql`update merchant set payout_number_sealed = ${sealed}
    where id = ${id} and payout_number_sealed = ${before}`
}
