import { type Static, Type } from 'typebox'
import type { Account, AccountStatus, Customer, CustomerStatus } from './customer.ts'

const wireCustomerStatus = {
  created: 'CREATED',
  active: 'ACTIVE',
  inactive: 'INACTIVE',
} as const satisfies Record<CustomerStatus, string>

const wireAccountStatus = {
  created: 'CREATED',
  active: 'ACTIVE',
  inactive: 'INACTIVE',
  abandon: 'ABANDON',
} as const satisfies Record<AccountStatus, string>

const AccountDetails = Type.Object(
  {
    financialInstitutionName: Type.String(),
    accountLastFourDigits: Type.String(),
    accountType: Type.String({ description: 'checking or savings.' }),
    accountStatus: Type.Enum(Object.values(wireAccountStatus)),
    preferred: Type.Boolean({ description: 'The account that pays.' }),
    creationDate: Type.String(),
  },
  { title: 'AccountDetails' },
)

const identity = {
  id: Type.String(),
  firstName: Type.String(),
  lastName: Type.String(),
  email: Type.String(),
  customerStatus: Type.Enum(Object.values(wireCustomerStatus)),
  creationDate: Type.String(),
}

export const CustomerWire = Type.Object(
  { ...identity, accountDetails: Type.Optional(AccountDetails) },
  { title: 'Customer' },
)
export const CustomerSummaryWire = Type.Object(identity, { title: 'CustomerSummary' })

export const CustomerAccountsWire = Type.Object(
  {
    id: Type.String(),
    customerId: Type.String(),
    accountDetails: Type.Array(
      Type.Object({
        accountId: Type.String(),
        financialInstitutionId: Type.Integer(),
        financialInstitutionName: Type.String(),
        logoUrl: Type.String(),
        iconUrl: Type.String(),
        accountLastFourDigits: Type.String(),
        accountType: Type.String(),
        accountStatus: Type.Enum(Object.values(wireAccountStatus)),
        preferred: Type.Boolean(),
        routingNumber: Type.String(),
        creationDate: Type.String(),
      }),
    ),
  },
  { title: 'CustomerAccounts' },
)

const details = (account: Account): Static<typeof AccountDetails> => ({
  financialInstitutionName: account.institutionName,
  accountLastFourDigits: account.lastFour,
  accountType: account.type,
  accountStatus: wireAccountStatus[account.status],
  preferred: account.preferred,
  creationDate: account.createdAt.toISOString(),
})

export const customerSummaryToWire = (customer: Customer): Static<typeof CustomerSummaryWire> => ({
  id: customer.id,
  firstName: customer.firstName,
  lastName: customer.lastName,
  email: customer.email,
  customerStatus: wireCustomerStatus[customer.status],
  creationDate: customer.createdAt.toISOString(),
})

export function customerToWire(customer: Customer, accounts: readonly Account[]): Static<typeof CustomerWire> {
  const [preferred] = accounts
  return { ...customerSummaryToWire(customer), ...(preferred ? { accountDetails: details(preferred) } : {}) }
}

/** `logoOf` answers the address of a bank's mark. */
export const accountsToWire = (
  customer: Customer,
  accounts: readonly Account[],
  logoOf: (institutionId: string) => string,
): Static<typeof CustomerAccountsWire> => ({
  id: customer.id,
  customerId: customer.id,
  accountDetails: accounts.map((account) => ({
    accountId: account.id,
    financialInstitutionId: account.institutionNumber,
    ...details(account),
    logoUrl: logoOf(account.institutionId),
    iconUrl: logoOf(account.institutionId),
    routingNumber: account.routingNumber,
  })),
})
