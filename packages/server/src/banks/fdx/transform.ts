import { Money } from '../../kernel/money.ts'
import { isRoutingNumber } from '../../kernel/routing-number.ts'
import type { OfferedAccount, PaymentNumbers } from '../bank-connector.ts'
import { type Fields, fieldsAt, isFields, listAt, textAt, wordsAt } from './reading.ts'

/** Why an account cannot be used, in the customer's words. */
export const hindrances = {
  kind: 'Only checking and savings accounts can be used.',
  closed: 'This account is not open.',
  restricted: 'Your bank has restricted this account.',
  currency: 'Only accounts in US dollars can be used.',
  noDebits: 'Your bank does not allow payments from this account.',
  unknown: 'Your bank could not say whether this account can be used.',
} as const

const accountTypes = new Map<unknown, OfferedAccount['type']>([
  ['CHECKING', 'checking'],
  ['SAVINGS', 'savings'],
])
const nameOfType = { checking: 'Checking', savings: 'Savings', other: 'Account' } as const

/** Version 6 says what an account is; version 5 wraps it in an object whose one key says it. */
function unwrap(element: Fields, version: 5 | 6): { account: Fields; isDeposit: boolean } | undefined {
  if (version === 6) return { account: element, isDeposit: element.accountCategory === 'DEPOSIT_ACCOUNT' }
  const [[wrapper, account] = []] = Object.entries(element).filter(([key]) => key.endsWith('Account'))
  return isFields(account) ? { account, isDeposit: wrapper === 'depositAccount' } : undefined
}

/** An id goes into a path, where two dots mean something else. */
const refOf = (account: Fields): string | undefined => {
  const ref = textAt(account, 'accountId', 256)
  return ref === '.' || ref === '..' ? undefined : ref
}

/** Available before posted: what is pending is spent. Null where neither is a number of whole cents. */
function balanceOf(account: Fields): Money | null {
  const wanted = [account.availableBalance, account.currentBalance].find((value) => typeof value === 'number')
  return wanted === undefined ? null : (Money.fromWire(wanted) ?? null)
}

function hindranceOf(account: Fields, isDeposit: boolean, type: OfferedAccount['type']): string | null {
  if (!isDeposit || type === 'other') return hindrances.kind
  if (account.status === 'RESTRICTED') return hindrances.restricted
  if (account.status !== 'OPEN') return hindrances.closed
  return fieldsAt(account, 'currency')?.currencyCode === 'USD' ? null : hindrances.currency
}

/**
 * An account in our words. Eligible here means: nothing we know so far speaks against it; whether the bank allows
 * debits is another question, which payment networks answer. Undefined: not an account by any reading.
 */
export function toAccount(element: Fields, version: 5 | 6): OfferedAccount | undefined {
  const { account, isDeposit = false } = unwrap(element, version) ?? {}
  const ref = account && refOf(account)
  if (!account || ref === undefined) return undefined
  const type = (isDeposit && accountTypes.get(account.accountType)) || 'other'
  const reason = hindranceOf(account, isDeposit, type)
  return {
    ref,
    name: wordsAt(account, 'nickname', 80) ?? wordsAt(account, 'productName', 80) ?? nameOfType[type],
    type,
    lastFour: /(\w{1,4})$/.exec(textAt(account, 'accountNumberDisplay', 64) ?? '')?.[1] ?? '',
    // What a credit card or a loan calls its balance is a debt.
    balance: isDeposit ? balanceOf(account) : null,
    eligible: reason === null,
    reason,
  }
}

const isDebitable = (network: Fields): boolean => network.type === 'US_ACH' && network.transferOut === true

/** Undefined: no numbers that an ACH debit could be sent to. */
export function toNumbers(networks: readonly Fields[]): PaymentNumbers | undefined {
  for (const network of networks.filter(isDebitable)) {
    const routingNumber = textAt(network, 'bankId', 9) ?? ''
    const accountNumber = textAt(network, 'identifier', 17) ?? ''
    if (isRoutingNumber(routingNumber) && /^[0-9A-Za-z][0-9A-Za-z-]{0,16}$/.test(accountNumber))
      return { routingNumber, accountNumber, tokenised: network.identifierType === 'TOKENIZED_ACCOUNT_NUMBER' }
  }
  return undefined
}

/** Those on the contact who do not own the account. */
const notOwners = new Set(['AUTHORIZED_USER', 'AUTHORIZED_SIGNER', 'POWER_OF_ATTORNEY', 'UNIFORM_TRANSFER_TO_MINOR'])
const mostHolders = 10

/** The owners' names, as the bank writes them, each once. */
export function toHolderNames(contact: Fields): readonly string[] {
  const names = listAt(contact, 'holders')
    .filter(({ relationship }) => !isNotOwner(relationship))
    .flatMap((holder) => holderName(holder) ?? [])
  return [...new Set(names)].slice(0, mostHolders)
}

const isNotOwner = (relationship: unknown): boolean =>
  typeof relationship === 'string' && (notOwners.has(relationship) || relationship.startsWith('FOR_BENEFIT_OF'))

function holderName(holder: Fields): string | undefined {
  const business = fieldsAt(holder, 'businessCustomer')
  const businessName = business && wordsAt(business, 'name', 120)
  if (businessName) return businessName
  const name = fieldsAt(holder, 'name')
  const parts = name ? ['first', 'middle', 'last', 'suffix'].map((part) => wordsAt(name, part, 60)) : []
  return parts.filter(Boolean).join(' ') || undefined
}
