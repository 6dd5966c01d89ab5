import type { Sql } from '../src/db/connect.ts'
import type { House } from '../src/house.ts'
import type { AccountId, CustomerId, MerchantId, PaymentId } from '../src/kernel/id.ts'
import { createMerchant } from '../src/merchants/merchant.commands.ts'

export type Payer = Readonly<{ merchantId: MerchantId; customerId: CustomerId; accountId: AccountId }>

/** A merchant with one customer and their account, written down without the hosted flow. */
export async function seedPayer(house: House, name = 'Corner Store'): Promise<Payer> {
  const { merchant } = await createMerchant(house, { name })
  const [customerId, accountId, linkId] = [house.newId<'customer'>(), house.newId<'account'>(), house.newId<'link'>()]
  const at = house.now()
  const sealed = await house.vault.seal('000123456789', `account:${accountId}`)
  await house.sql`insert into customer (id, merchant_id, first_name, last_name, email, status, created_at)
    values (${customerId}, ${merchant.id}, 'Ada', 'Byron', ${`${customerId}@example.com`}, 'active', ${at})`
  await house.sql`insert into link (id, merchant_id, customer_id, institution_id, status, created_at)
    values (${linkId}, ${merchant.id}, ${customerId}, 'harbor', 'active', ${at})`
  await house.sql`insert into account (id, merchant_id, customer_id, link_id, ref, institution_id, institution_number,
      institution_name, name, type, last_four, routing_number, number_sealed, tokenised, status, preferred, created_at)
    values (${accountId}, ${merchant.id}, ${customerId}, ${linkId}, 'ref', 'harbor', 1, 'Harbor', 'Checking', 'checking',
      '6789', '021000021', ${sealed}, false, 'active', true, ${at})`
  return { merchantId: merchant.id, customerId, accountId }
}

/** Approved debits, each with the first line of its diary: what the desk would have written. Answers their ids. */
export async function seedPayments(
  house: House,
  payer: Payer,
  many: number,
  more: Readonly<{ amount?: bigint; reference?: string }> = {},
): Promise<PaymentId[]> {
  const ids = Array.from({ length: many }, () => house.newId<'payment'>())
  await insertApproved(house.sql, payer, ids, house.now(), more)
  return ids
}

async function insertApproved(
  sql: Sql,
  { merchantId, customerId, accountId }: Payer,
  ids: readonly PaymentId[],
  at: Date,
  { amount = 10_000n, reference }: Readonly<{ amount?: bigint; reference?: string }>,
): Promise<void> {
  await sql`insert into payment (id, merchant_id, customer_id, account_id, request_key, client_reference_id, amount,
      currency, status, created_at, moves)
    select id, ${merchantId}, ${customerId}, ${accountId}, id::text, ${reference ?? null}, ${amount}, 'USD',
      'authorized', ${at}, 1
    from unnest(${[...ids]}::uuid[]) as id`
  await sql`insert into payment_move (payment_id, seq, fact, moved_at)
    select id, 1, '{"kind":"approved"}', ${at} from unnest(${[...ids]}::uuid[]) as id`
}
