import type { Tx } from '../db/connect.ts'
import type { House } from '../house.ts'
import { assert } from '../kernel/assert.ts'
import type { AccountId, CustomerId, LinkId, MerchantId } from '../kernel/id.ts'
import type { Money } from '../kernel/money.ts'
import { resealAll } from '../net/reseal.ts'
import { announce } from '../webhooks/event.commands.ts'
import type { News } from '../webhooks/event.ts'
import {
  deactivateAccounts,
  eraseAccounts,
  insertMandate,
  insertPreferredAccount,
  listAccountRows,
  listSealedNumbers,
  replaceSealedNumber,
  revokeAccountMandates,
  revokeMandates,
  saveBalance,
} from './account.store.ts'
import { putCustomer, saveCustomerStatus, takeCustomer } from './customer.store.ts'
import type { Account, Customer, Mandate, NewCustomer } from './customer.ts'

/** The customer with this e-mail at this merchant, made if there is none. */
export async function greetCustomer(
  house: House,
  tx: Tx,
  merchantId: MerchantId,
  input: NewCustomer,
  requestId: string,
): Promise<Customer> {
  const draft: Customer = { ...input, id: house.newId(), merchantId, status: 'created', createdAt: house.now() }
  const { customer, fresh } = await putCustomer(tx, draft)
  if (fresh) await announce(house, tx, [{ ...about(customer, 'customer.created'), requestId }])
  return customer
}

/**
 * A customer chose an account and authorized debits: the account becomes the one that pays, and the customer can pay.
 * The account number arrives sealed.
 */
export async function acceptAccount(
  house: House,
  tx: Tx,
  input: { account: Account; numberSealed: string; mandate: Mandate },
): Promise<void> {
  const customer = await takeCustomer(tx, input.account.customerId)
  assert(customer, 'an account has a customer')
  await insertPreferredAccount(tx, input.account, input.numberSealed)
  await insertMandate(tx, input.mandate)
  const linked: News = {
    type: 'customer.account.linked',
    merchantId: customer.merchantId,
    resourceType: 'account',
    resourceId: input.account.id,
    data: { customerId: customer.id, accountId: input.account.id, accountLastFourDigits: input.account.lastFour },
  }
  if (customer.status === 'active') return announce(house, tx, [linked])
  await saveCustomerStatus(tx, customer.id, 'active')
  await announce(house, tx, [linked, about(customer, 'customer.activated')])
}

/**
 * The bank no longer honours a link, or one account of it: what is concerned stops, and a customer without another
 * active account has to link again.
 */
export async function deactivateLinkedAccounts(
  house: House,
  tx: Tx,
  gone: { customerId: CustomerId; linkId: LinkId; accountId?: AccountId },
): Promise<void> {
  const customer = await takeCustomer(tx, gone.customerId)
  assert(customer, 'a link has a customer')
  const stopped = await deactivateAccounts(tx, gone.linkId, gone.accountId ?? null)
  const news = stopped.map((account) => accountStopped(customer, account))
  const left = (await listAccountRows(tx, customer.id)).some(({ status }) => status === 'active')
  if (!left && customer.status === 'active') {
    await saveCustomerStatus(tx, customer.id, 'inactive')
    news.push(about(customer, 'customer.deactivated'))
  }
  await announce(house, tx, news)
}

/**
 * A return says that an account must not be debited any more. With `endMandates`, the authorization to debit it ends
 * too, and only a new one brings it back.
 */
export async function stopAccount(
  house: House,
  tx: Tx,
  account: { customerId: CustomerId; linkId: LinkId; accountId: AccountId },
  { endMandates }: { endMandates: boolean },
): Promise<void> {
  await deactivateLinkedAccounts(house, tx, account)
  if (endMandates) await revokeAccountMandates(tx, account.accountId, house.now())
}

/**
 * The merchant lets a customer go: authorizations end, account numbers are erased, nothing can be debited any more.
 * Payments stay. The caller holds the customer's row, and ends the links.
 */
export async function forgetAccounts(house: House, tx: Tx, customer: Customer): Promise<void> {
  await revokeMandates(tx, customer.id, house.now())
  const stopped = await eraseAccounts(tx, customer.id)
  if (customer.status !== 'inactive') await saveCustomerStatus(tx, customer.id, 'inactive')
  const news = stopped.map((account) => accountStopped(customer, account))
  if (customer.status === 'active') news.push(about(customer, 'customer.deactivated'))
  await announce(house, tx, news)
}

/** What an account's number is sealed for. */
export const numberContext = (id: AccountId): string => `account:${id}`

/** Seals account numbers again with the vault's present key. Answers how many there were. */
export const resealNumbers = (house: House): Promise<number> =>
  resealAll(
    house.vault,
    async (after) =>
      (await listSealedNumbers(house.sql, after)).map((row) => ({
        ...row,
        context: numberContext(row.id as AccountId),
      })),
    (row, sealed) => replaceSealedNumber(house.sql, row.id, row.sealed, sealed),
  )

/** Locks the customer until the transaction ends. */
export async function holdCustomer(tx: Tx, id: CustomerId): Promise<Customer> {
  const customer = await takeCustomer(tx, id)
  assert(customer, 'a customer who was found is there')
  return customer
}

/** Remembers a balance just read at the bank. */
export const rememberBalance = (house: House, id: AccountId, balance: Money): Promise<void> =>
  saveBalance(house.sql, id, balance, house.now())

const accountStopped = (customer: Customer, account: Account): News => ({
  type: 'customer.account.deactivated',
  merchantId: customer.merchantId,
  resourceType: 'account',
  resourceId: account.id,
  data: { customerId: customer.id, accountId: account.id, accountLastFourDigits: account.lastFour },
})

const about = (customer: Customer, type: News['type']): News => ({
  type,
  merchantId: customer.merchantId,
  resourceType: 'customer',
  resourceId: customer.id,
  data: { customerId: customer.id },
})
