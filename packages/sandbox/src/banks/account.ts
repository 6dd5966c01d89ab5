import type { AccountKind } from './characters.ts'

export const accountStatuses = ['OPEN', 'CLOSED', 'RESTRICTED'] as const
type AccountStatus = (typeof accountStatuses)[number]

/**
 * For a credit card or a loan the current balance is what is owed, and the available one what may still be borrowed.
 */
export type Account = Readonly<{
  id: string
  bank: string
  customerId: string
  kind: AccountKind
  productName: string
  number: string
  status: AccountStatus
  currentBalance: bigint
  availableBalance: bigint
  balanceAt: Date
}>

export type Transaction = Readonly<{ id: string; postedAt: Date; description: string; amount: bigint }>

export const isDeposit = (account: Pick<Account, 'kind'>): boolean =>
  account.kind === 'checking' || account.kind === 'savings'

/** The last four digits, the only ones a page or an API shows by default. */
export const lastFour = (account: Pick<Account, 'number'>): string => account.number.slice(-4)

export const productNames: Readonly<Record<AccountKind, string>> = {
  checking: 'Everyday Checking',
  savings: 'Rainy Day Savings',
  credit_card: 'Cashback Credit Card',
  loan: 'Personal Loan',
}
