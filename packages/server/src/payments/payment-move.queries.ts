import type { Tx } from '../db/connect.ts'
import type { AccountId, CustomerId, LinkId } from '../kernel/id.ts'

export type PaidFrom = Readonly<{ accountId: AccountId; customerId: CustomerId; linkId: LinkId }>

/** Which account each payment debited or credited. */
export async function accountsOfPayments(tx: Tx, ids: readonly string[]): Promise<Map<string, PaidFrom>> {
  const rows = await tx<(PaidFrom & { id: string })[]>`
    select payment.id, account.id as "accountId", account.customer_id as "customerId", account.link_id as "linkId"
    from payment join account on account.id = payment.account_id where payment.id = any(${[...ids]}::uuid[])`
  return new Map(rows.map((row) => [row.id, row]))
}
