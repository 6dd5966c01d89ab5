import type { Ask, Call } from './call.ts'
import type { CallOptions } from './client.ts'
import type { CreateSession, Customer, CustomerAccounts, CustomerSummary, Session } from './generated/api.generated.ts'
import { type List, listOf, type PageOptions, pageQuery } from './list.ts'

/** One visit of one customer to the hosted linking flow. */
export type Sessions = Readonly<{
  /** The session key that your page gives to the browser SDK. It opens the flow once, within thirty minutes. */
  create(customer: CreateSession, options?: CallOptions): Promise<{ sessionKey: string }>
  /** How far the visit came. */
  get(sessionId: string, options?: CallOptions): Promise<Session>
}>

export const openSessions = (call: Call): Sessions => ({
  create: (body, options) => call('POST /v1/sessions', { body, ...options }),
  get: (id, options) => call('GET /v1/sessions/{id}', { params: { id }, ...options }),
})

export type CustomerFilters = PageOptions & Readonly<{ email?: string | undefined }>

/** Who linked an account. */
export type Customers = Readonly<{
  /** A customer, and the account that pays. */
  get(customerId: string, options?: CallOptions): Promise<Customer>
  /** Newest first. */
  list(filters?: CustomerFilters, options?: CallOptions): List<CustomerSummary>
  /** Ends the consent at the bank and erases the bank data. Payments stay. */
  delete(customerId: string, options?: CallOptions): Promise<void>
  /** All accounts, the one that pays first. */
  accounts(customerId: string, options?: CallOptions): Promise<CustomerAccounts>
  /** Full account numbers, of customers who linked with the product VERIFY. */
  accountVerifications(customerId: string, options?: CallOptions): Promise<AccountVerifications>
}>

/** Of customers who linked with the product VERIFY. */
export type AccountVerifications = {
  accounts: {
    depositAccount: { accountId: string; accountNumberDisplay: string }
    paymentNetworks: {
      /** The routing number. */
      bankId: string
      /** The full account number. */
      identifier: string
      type: string
    }[]
  }[]
}

export const openCustomers = (call: Call, ask: Ask): Customers => ({
  get: (id, options) => call('GET /v1/customers/{id}', { params: { id }, ...options }),
  list: ({ limit, after, ...filters } = {}, options) =>
    listOf(
      (cursor) => call('GET /v1/customers', { query: { ...filters, ...pageQuery(limit, cursor) }, ...options }),
      after,
    ),
  delete: (id, options) => call('DELETE /v1/customers/{id}', { params: { id }, ...options }),
  accounts: (id, options) => call('GET /v1/customers/{id}/accounts', { params: { id }, ...options }),
  accountVerifications: (id, options) =>
    ask('GET /v1/customers/{id}/account-verifications/accounts', { params: { id }, ...options }),
})
