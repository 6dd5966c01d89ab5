import { type Account, isDeposit, lastFour, type Transaction } from '../banks/account.ts'
import type { Bank } from '../banks/bank.ts'
import type { AccountKind } from '../banks/characters.ts'
import type { Customer } from '../banks/customer.store.ts'
import type { Consent } from '../consents/consent.ts'
import { centsToJson } from '../money.ts'

/** Our kinds of account in FDX's words: version 6 category, version 5 wrapper, account type. */
const words = {
  checking: ['DEPOSIT_ACCOUNT', 'depositAccount', 'CHECKING'],
  savings: ['DEPOSIT_ACCOUNT', 'depositAccount', 'SAVINGS'],
  credit_card: ['LOC_ACCOUNT', 'locAccount', 'CREDITCARD'],
  loan: ['LOAN_ACCOUNT', 'loanAccount', 'PERSONALLOAN'],
} as const satisfies Record<AccountKind, readonly [string, string, string]>

export type Detail = Readonly<{ balances: boolean; restricted: boolean }>

function balances(account: Account): object {
  const balanceAsOf = account.balanceAt.toISOString()
  const current = centsToJson(account.currentBalance)
  const available = centsToJson(account.availableBalance)
  if (isDeposit(account)) return { balanceAsOf, currentBalance: current, availableBalance: available }
  if (account.kind === 'loan') return { balanceAsOf, principalBalance: current }
  const line = centsToJson(account.currentBalance + account.availableBalance)
  return { balanceAsOf, currentBalance: current, availableCredit: available, creditLine: line }
}

/** Version 6 is flat and says its category; version 5 wraps the account in an object with one key. */
export function toAccount(dialect: 'v5' | 'v6', account: Account, detail: Detail): object {
  const [category, wrapper, accountType] = words[account.kind]
  const fields = {
    accountId: account.id,
    accountType,
    accountNumberDisplay: lastFour(account),
    productName: account.productName,
    status: detail.restricted ? 'RESTRICTED' : account.status,
    currency: { currencyCode: 'USD' },
    ...(detail.balances ? balances(account) : {}),
  }
  return dialect === 'v6' ? { accountCategory: category, ...fields } : { [wrapper]: fields }
}

export type NetworkOptions = Readonly<{ number: string; isToken: boolean; hasAch: boolean; canDebit: boolean }>

export function toPaymentNetworks(bank: Bank, options: NetworkOptions): object[] {
  const network = (type: string, transferOut: boolean) => ({
    bankId: options.isToken ? (bank.tokenRoutingNumber ?? bank.routingNumber) : bank.routingNumber,
    identifier: options.number,
    ...(bank.dialect === 'v6'
      ? { identifierType: options.isToken ? 'TOKENIZED_ACCOUNT_NUMBER' : 'ACCOUNT_NUMBER' }
      : {}),
    type,
    transferIn: true,
    transferOut,
  })
  return [...(options.hasAch ? [network('US_ACH', options.canDebit)] : []), network('US_RTP', false)]
}

export function toContact(dialect: 'v5' | 'v6', customer: Customer): object {
  const name = { first: customer.firstName, last: customer.lastName }
  return {
    holders: [{ relationship: 'PRIMARY', name, ...(dialect === 'v6' ? { type: 'CONSUMER' } : {}) }],
    emails: [customer.email],
    addresses: [
      {
        line1: customer.street,
        city: customer.city,
        region: customer.region,
        postalCode: customer.postalCode,
        country: 'US',
        type: 'HOME',
        primary: true,
      },
    ],
    telephones: [
      dialect === 'v6'
        ? { type: 'PERSONAL', network: 'CELLULAR', country: '1', number: customer.phone }
        : { type: 'CELL', country: '1', number: customer.phone },
    ],
  }
}

export const toTransaction = (transaction: Transaction): object => ({
  transactionId: transaction.id,
  transactionTimestamp: transaction.postedAt.toISOString(),
  postedTimestamp: transaction.postedAt.toISOString(),
  description: transaction.description,
  debitCreditMemo: transaction.amount < 0n ? 'DEBIT' : 'CREDIT',
  status: 'POSTED',
  amount: centsToJson(transaction.amount < 0n ? -transaction.amount : transaction.amount),
})

/** A version 5 bank wraps transactions as it wraps accounts. */
export const wrapTransaction = (dialect: 'v5' | 'v6', transaction: object): object =>
  dialect === 'v6' ? { accountCategory: 'DEPOSIT_ACCOUNT', ...transaction } : { depositTransaction: transaction }

export const toConsent = (consent: Consent, clientName: string, bank: Bank): object => ({
  id: consent.id,
  status: consent.status,
  createdTime: consent.createdAt.toISOString(),
  updatedTime: consent.updatedAt.toISOString(),
  expirationTime: consent.expiresAt.toISOString(),
  durationType: consent.durationType,
  durationPeriod: consent.durationDays,
  lookbackPeriod: consent.lookbackDays,
  parties: [
    { name: clientName, type: 'DATA_RECIPIENT', registry: 'PRIVATE', registeredEntityId: consent.clientId },
    { name: bank.name, type: 'DATA_PROVIDER', registry: 'PRIVATE', registeredEntityId: bank.slug },
  ],
  resources: consent.accountIds.map((resourceId) => ({
    resourceType: 'ACCOUNT',
    resourceId,
    dataClusters: consent.clusters,
  })),
})
