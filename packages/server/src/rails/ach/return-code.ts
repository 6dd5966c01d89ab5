import { foreignWords, returnWords, unknownWords } from './return-words.ts'

/**
 * Until when the sender may return. `two_banking_days` and `sixty_days` (calendar, then the banking day after) count
 * from settlement; `next_file`: the operator says no at once; `on_refusal`: two banking days from when the receiver
 * said no; `agreement`: as our bank allowed; `own_rules`: entries with their own rules, or a code we do not know.
 */
export type ReturnWindow = 'two_banking_days' | 'sixty_days' | 'next_file' | 'on_refusal' | 'agreement' | 'own_rules'

/**
 * Whether money may be asked for again. `twice`: the same entry, twice within 180 days, as RETRY PYMT; `after_fix`:
 * not the same, but a new entry once what was wrong is right; `with_new_authorization`: only if the payer agrees anew.
 */
export type Represent = 'twice' | 'after_fix' | 'with_new_authorization' | 'never'

/**
 * What becomes of the payer's account. `keep`: it may pay again; `freeze`: not before a person here lifts it; `relink`:
 * not before the payer connected it again, for its numbers are wrong; `close`: never again, another one may.
 */
export type AccountFate = 'keep' | 'freeze' | 'relink' | 'close'

/** How a return is handled. `not_ours`: an answer to kinds of entries that Rialto does not send. */
export type ReturnGroup =
  | 'retry'
  | 'account_unusable'
  | 'consent_gone'
  | 'deceased'
  | 'our_fault'
  | 'credit_refused'
  | 'by_agreement'
  | 'sanctions'
  | 'not_ours'
  | 'unknown'

export type Sender = 'rdfi' | 'odfi' | 'operator' | 'rdfi_or_operator' | 'gateway' | 'rdfi_or_gateway' | 'agency'

export type ReturnCode = Readonly<{
  code: string
  title: string
  /** Plain words for the merchant. */
  says: string
  /** Plain, kind words for the payer. */
  customerSays: string
  sentBy: Sender
  window: ReturnWindow
  represent: Represent
  /** The rate of Nacha's in which it counts; each return of a debit counts in the overall rate besides. */
  rate: 'administrative' | 'unauthorized' | null
  account: AccountFate
  /** Whether a person at the platform must look: the entry was our mistake, or the law asks. */
  alarm: boolean
  group: ReturnGroup
}>

type Row = readonly [
  title: string,
  sentBy: Sender,
  window: ReturnWindow,
  represent: Represent,
  rate: ReturnCode['rate'],
  account: AccountFate,
  group: ReturnGroup,
  alarm?: 'alarm',
]

/**
 * Why banks send entries back. Read from public code tables of banks and processors, which contradict each other in
 * places (some still print the meanings of before 2020 for R10 and R11); the Nacha rule book decides. New codes appear:
 * nothing may rely on this list being whole.
 */
const rows: Readonly<Record<string, Row>> = {
  R01: ['Insufficient funds', 'rdfi', 'two_banking_days', 'twice', null, 'keep', 'retry'],
  R02: ['Account closed', 'rdfi', 'two_banking_days', 'never', 'administrative', 'close', 'account_unusable'],
  R03: ['No such account', 'rdfi', 'two_banking_days', 'after_fix', 'administrative', 'relink', 'account_unusable'],
  R04: [
    'Account number not valid',
    'rdfi',
    'two_banking_days',
    'after_fix',
    'administrative',
    'relink',
    'account_unusable',
  ],
  R05: [
    'Consumer account debited as a business',
    'rdfi',
    'sixty_days',
    'never',
    'unauthorized',
    'freeze',
    'consent_gone',
    'alarm',
  ],
  R06: ['Returned at our request', 'rdfi', 'agreement', 'never', null, 'keep', 'by_agreement'],
  R07: [
    'Authorization revoked',
    'rdfi',
    'sixty_days',
    'with_new_authorization',
    'unauthorized',
    'freeze',
    'consent_gone',
  ],
  R08: ['Payment stopped', 'rdfi', 'two_banking_days', 'with_new_authorization', null, 'keep', 'consent_gone'],
  R09: ['Uncollected funds', 'rdfi', 'two_banking_days', 'twice', null, 'keep', 'retry'],
  R10: ['Not authorized', 'rdfi', 'sixty_days', 'with_new_authorization', 'unauthorized', 'freeze', 'consent_gone'],
  R11: ['Not as authorized', 'rdfi', 'sixty_days', 'after_fix', 'unauthorized', 'keep', 'consent_gone', 'alarm'],
  R12: ['Account moved to another bank', 'rdfi', 'two_banking_days', 'never', null, 'relink', 'account_unusable'],
  R13: ['Bank cannot receive ACH', 'rdfi_or_operator', 'next_file', 'never', null, 'relink', 'account_unusable'],
  R14: ['Representative payee deceased', 'rdfi', 'two_banking_days', 'never', null, 'close', 'deceased'],
  R15: ['Account holder deceased', 'rdfi', 'two_banking_days', 'never', null, 'close', 'deceased'],
  R16: ['Account frozen', 'rdfi', 'two_banking_days', 'never', null, 'freeze', 'account_unusable', 'alarm'],
  R17: ['Questionable entry', 'rdfi', 'two_banking_days', 'never', null, 'freeze', 'our_fault', 'alarm'],
  R18: ['Effective date not valid', 'operator', 'next_file', 'after_fix', null, 'keep', 'our_fault', 'alarm'],
  R19: ['Amount not valid', 'operator', 'next_file', 'after_fix', null, 'keep', 'our_fault', 'alarm'],
  R20: ['Not an account for payments', 'rdfi', 'two_banking_days', 'never', null, 'close', 'account_unusable'],
  R21: ['Company id not valid', 'rdfi', 'two_banking_days', 'after_fix', null, 'keep', 'our_fault', 'alarm'],
  R22: ['Individual id not valid', 'rdfi', 'two_banking_days', 'after_fix', null, 'keep', 'our_fault', 'alarm'],
  R23: ['Credit refused by the receiver', 'rdfi', 'on_refusal', 'never', null, 'keep', 'credit_refused'],
  R24: ['Duplicate entry', 'rdfi', 'two_banking_days', 'never', null, 'keep', 'our_fault', 'alarm'],
  R25: ['Addenda error', 'operator', 'next_file', 'after_fix', null, 'keep', 'our_fault', 'alarm'],
  R26: ['Mandatory field missing', 'operator', 'next_file', 'after_fix', null, 'keep', 'our_fault', 'alarm'],
  R27: ['Trace number error', 'operator', 'next_file', 'after_fix', null, 'keep', 'our_fault', 'alarm'],
  R28: ['Routing number check digit error', 'operator', 'next_file', 'after_fix', null, 'keep', 'our_fault', 'alarm'],
  R29: [
    'Business did not authorize',
    'rdfi',
    'two_banking_days',
    'with_new_authorization',
    'unauthorized',
    'freeze',
    'consent_gone',
  ],
  R30: ['Bank takes no truncated checks', 'rdfi_or_operator', 'next_file', 'never', null, 'keep', 'not_ours', 'alarm'],
  R31: ['Late return that was agreed', 'rdfi', 'agreement', 'never', null, 'keep', 'by_agreement', 'alarm'],
  R32: ['Bank cannot settle', 'operator', 'next_file', 'never', null, 'keep', 'our_fault', 'alarm'],
  R33: ['Return of a destroyed check entry', 'rdfi', 'sixty_days', 'never', null, 'keep', 'not_ours', 'alarm'],
  R34: [
    'Bank takes part in a limited way',
    'operator',
    'next_file',
    'never',
    null,
    'close',
    'account_unusable',
    'alarm',
  ],
  R35: ['Debit not allowed for this kind', 'operator', 'next_file', 'after_fix', null, 'keep', 'our_fault', 'alarm'],
  R36: ['Credit not allowed for this kind', 'operator', 'next_file', 'after_fix', null, 'keep', 'our_fault', 'alarm'],
  R37: ['Check was presented as well', 'rdfi', 'sixty_days', 'never', null, 'keep', 'not_ours', 'alarm'],
  R38: ['Check was stopped', 'rdfi', 'sixty_days', 'never', null, 'keep', 'not_ours', 'alarm'],
  R39: ['Check not fit for conversion', 'rdfi', 'two_banking_days', 'never', null, 'keep', 'not_ours', 'alarm'],
  R40: ['Enrollment refused', 'agency', 'own_rules', 'never', null, 'keep', 'not_ours', 'alarm'],
  R41: ['Enrollment: transaction code', 'agency', 'own_rules', 'never', null, 'keep', 'not_ours', 'alarm'],
  R42: ['Enrollment: routing number', 'agency', 'own_rules', 'never', null, 'keep', 'not_ours', 'alarm'],
  R43: ['Enrollment: account number', 'agency', 'own_rules', 'never', null, 'keep', 'not_ours', 'alarm'],
  R44: ['Enrollment: individual id', 'agency', 'own_rules', 'never', null, 'keep', 'not_ours', 'alarm'],
  R45: ['Enrollment: name', 'agency', 'own_rules', 'never', null, 'keep', 'not_ours', 'alarm'],
  R46: ['Enrollment: payee mark', 'agency', 'own_rules', 'never', null, 'keep', 'not_ours', 'alarm'],
  R47: ['Enrollment: duplicate', 'agency', 'own_rules', 'never', null, 'keep', 'not_ours', 'alarm'],
  R50: ['State law on re-presented checks', 'rdfi', 'two_banking_days', 'never', null, 'keep', 'not_ours', 'alarm'],
  R51: ['Re-presented check not fit', 'rdfi', 'sixty_days', 'never', 'unauthorized', 'keep', 'not_ours', 'alarm'],
  R52: ['Re-presented check was stopped', 'rdfi', 'sixty_days', 'never', null, 'keep', 'not_ours', 'alarm'],
  R53: ['Check and entry both presented', 'rdfi', 'sixty_days', 'never', null, 'keep', 'not_ours', 'alarm'],
  R80: ['International: coding error', 'gateway', 'own_rules', 'never', null, 'keep', 'not_ours', 'alarm'],
  R81: ['International: bank takes no part', 'gateway', 'own_rules', 'never', null, 'keep', 'not_ours', 'alarm'],
  R82: ['International: foreign bank id', 'gateway', 'own_rules', 'never', null, 'keep', 'not_ours', 'alarm'],
  R83: ['International: cannot settle', 'gateway', 'own_rules', 'never', null, 'keep', 'not_ours', 'alarm'],
  R84: ['International: not processed', 'gateway', 'own_rules', 'never', null, 'keep', 'not_ours', 'alarm'],
  R85: [
    'Should have been international',
    'rdfi_or_gateway',
    'own_rules',
    'after_fix',
    null,
    'keep',
    'our_fault',
    'alarm',
  ],
  R90: ['Returned for sanctions', 'rdfi_or_gateway', 'own_rules', 'never', null, 'freeze', 'sanctions', 'alarm'],
}

function read(code: string, row: Row): ReturnCode {
  const [title, sentBy, window, represent, rate, account, group, alarm] = row
  const shared = group === 'not_ours' ? foreignWords : unknownWords
  const [says, customerSays] = (Object.hasOwn(returnWords, code) && returnWords[code]) || shared
  const facts = { sentBy, window, represent, rate, account, alarm: alarm !== undefined, group }
  return { code, title, says, customerSays, ...facts }
}

/** Every code of the table, in order. */
export const returnCodes: readonly ReturnCode[] = Object.entries(rows).map(([code, row]) => read(code, row))

const known = new Map(returnCodes.map((one) => [one.code, one]))
const unknown: Row = ['Unknown reason', 'rdfi', 'own_rules', 'never', null, 'keep', 'unknown', 'alarm']

/**
 * What a reason means. A code that is not in the table is kept as it is, not asked for again, and shown to a person:
 * the money has come back whatever the reason.
 */
export const returnCode = (code: string): ReturnCode => known.get(code) ?? read(code, unknown)
