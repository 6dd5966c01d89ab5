import type { House } from '../../src/house.ts'
import type { AccountId, CustomerId, LinkId, MerchantId } from '../../src/kernel/id.ts'
import { sealGrant } from '../../src/linking/link.commands.ts'
import { createMerchant } from '../../src/merchants/merchant.commands.ts'
import { setPayoutAccount } from '../../src/payouts/payout-account.commands.ts'
import type { Random } from './random.ts'

export type Customer = Readonly<{ merchantId: MerchantId; customerId: CustomerId; accountId: AccountId }>

export const ownAccount = { routingNumber: '044444444', number: '4400000001', type: 'checking' }

/** A merchant with terms of its own. They stay the same, so that the auditor may hold every fee against them. */
export async function newMerchant(house: House, random: Random, name: string): Promise<MerchantId> {
  const { merchant } = await createMerchant(house, { name })
  await house.sql`update merchant set
    per_payment_limit = 100000000, customer_daily_limit = 100000000, customer_daily_count = 1000,
    fee_fixed = ${random.pick([0n, 25n, 300n])}, fee_bps = ${random.pick([0, 80, 80, 80, 80, 250, 250, 10_000])},
    return_fee = ${random.pick([0n, 250n])}, fee_kept_on_return = ${random.chance(0.5)},
    holds_payments = ${random.chance(0.12)}, same_day = ${random.chance(0.5)},
    funds_hold_days = ${random.pick([0, 0, 0, 0, 0, 1, 4])}, unsent_refund = ${random.pick(['wait', 'cancel'])},
    overdraft_limit = ${random.pick([0n, 5_000n, 10_000_000n])},
    retry_policy = ${random.pick(['manual', 'automatic'])}, retry_after_days = ${random.pick([1, 3])},
    payout_minimum = ${random.pick([1n, 1n, 1n, 1n, 100n, 20_000n])},
    hold_on_return_rates = ${random.chance(0.4)}, wants_reports = ${random.chance(0.85)}
    where id = ${merchant.id}`
  if (random.chance(0.95)) await setPayoutAccount(house, merchant.id, ownAccount)
  return merchant.id
}

/** A customer who has linked an account and agreed to be debited, without the hosted flow. */
export async function newCustomer(house: House, merchantId: MerchantId): Promise<Customer> {
  const customerId: CustomerId = house.newId<'customer'>()
  const accountId: AccountId = house.newId<'account'>()
  const linkId: LinkId = house.newId<'link'>()
  const at = house.now()
  const sealed = await house.vault.seal('000123456789', `account:${accountId}`)
  const grant = await sealGrant(house, linkId, { consentId: 'consent', refreshToken: 'refresh' })
  await house.sql`insert into customer (id, merchant_id, first_name, last_name, email, status, created_at)
    values (${customerId}, ${merchantId}, 'Ada', 'Byron', ${`${customerId}@example.com`}, 'active', ${at})`
  await house.sql`insert into link (id, merchant_id, customer_id, institution_id, status, grant_sealed, created_at)
    values (${linkId}, ${merchantId}, ${customerId}, 'harbor', 'active', ${grant}, ${at})`
  await house.sql`insert into account (id, merchant_id, customer_id, link_id, ref, institution_id, institution_number,
      institution_name, name, type, last_four, routing_number, number_sealed, tokenised, status, preferred, created_at)
    values (${accountId}, ${merchantId}, ${customerId}, ${linkId}, 'ref', 'harbor', 1, 'Harbor', 'Checking', 'checking',
      '6789', '021000021', ${sealed}, false, 'active', true, ${at})`
  await house.sql`insert into mandate (id, merchant_id, customer_id, account_id, kind, version, text, text_hash,
      accepted_at, ip, user_agent)
    values (${house.newId()}, ${merchantId}, ${customerId}, ${accountId}, 'debit', '1', 'I agree.', 'hash', ${at},
      '127.0.0.1', 'a browser')`
  return { merchantId, customerId, accountId }
}
