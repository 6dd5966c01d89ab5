import type { House } from '../house.ts'
import { type AccountId, type CustomerId, looksLikeId, type MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { findAccount, findMandateText, listAccountRows } from './account.store.ts'
import { findCustomer, listCustomerRows } from './customer.store.ts'
import type { Account, Customer } from './customer.ts'

/** Refuses: customer_not_found, also for another merchant's. */
export async function getCustomer(house: House, merchantId: MerchantId, id: string): Promise<Customer> {
  const customer = looksLikeId(id) ? await findCustomer(house.sql, merchantId, id as CustomerId) : undefined
  if (!customer) throw new Refusal('customer_not_found')
  return customer
}

/** Preferred first. Refuses: customer_not_found. */
export async function getCustomerWithAccounts(
  house: House,
  merchantId: MerchantId,
  id: string,
): Promise<{ customer: Customer; accounts: Account[] }> {
  const customer = await getCustomer(house, merchantId, id)
  return { customer, accounts: await listAccountRows(house.sql, customer.id) }
}

export const listCustomers = (
  house: House,
  merchantId: MerchantId,
  filter: { limit: number; after: string | null; email: string | null },
): Promise<Customer[]> => listCustomerRows(house.sql, merchantId, filter)

/** The authorization as it was accepted, word for word. */
export const findAcceptedMandate = (house: House, id: string) => findMandateText(house.sql, id)

export const findAccountById = (house: House, id: AccountId): Promise<Account | undefined> => findAccount(house.sql, id)
