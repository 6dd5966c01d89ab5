import type { Tx } from '../db/connect.ts'
import type { AccountId, CustomerId, MerchantId } from '../kernel/id.ts'

/** The account of a customer that money is sent to, `first` before all others. Undefined: no such customer. */
export async function findPayee(
  tx: Tx,
  merchantId: MerchantId,
  customerId: CustomerId,
  first: AccountId | null,
): Promise<{ accountId: AccountId | null } | undefined> {
  const [row] = await tx<{ accountId: AccountId | null }[]>`
    select (select id from account where customer_id = customer.id and status = 'active'
      order by id is not distinct from ${first}::uuid desc, preferred desc, id desc limit 1) as "accountId"
    from customer where merchant_id = ${merchantId} and id = ${customerId}`
  return row
}
