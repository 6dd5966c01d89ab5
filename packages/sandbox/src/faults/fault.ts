/** What can be made to go wrong at a bank. The control API and docs/guides/sandbox-banks.md use these names. */
export const faultKinds = {
  slow: 'Answers after delayMs (4000 if not given).',
  partial: '206: the answer lacks the balances.',
  empty_networks: 'payment-networks answers 200 with no body, as for a restricted account.',
  no_ach: 'payment-networks leaves US_ACH out.',
  no_debits: 'payment-networks says transferOut false.',
  no_balances: '200, but the balances are absent.',
  restricted: 'Accounts say status RESTRICTED.',
  account_closed: '409, code 705.',
  account_locked: '403, code 706.',
  too_many_requests: '429, code 1207, without Retry-After.',
  maintenance: '503, code 503.',
  internal: '500, code 500.',
  subsystem: '500, code 501.',
  version_not_supported: '501, code 1106.',
  not_authenticated: '401, code 603, though the token is good.',
  html_502: '502 with a page of HTML, as from a gateway.',
  empty_body: '200 with no body at all.',
  number_codes: 'Error codes are numbers instead of strings.',
  repeated_cursor: 'Paging never ends: each page points to itself.',
} as const
export type FaultKind = keyof typeof faultKinds
export const faultNames = Object.keys(faultKinds) as FaultKind[]

export const faultResources = [
  'accounts',
  'account',
  'payment-networks',
  'contact',
  'transactions',
  'customer',
  'consent',
] as const
export type FaultResource = (typeof faultResources)[number]

export type Fault = Readonly<{
  id: string
  bank: string
  login: string | null
  kind: FaultKind
  resource: FaultResource | null
  delayMs: number | null
  timesLeft: number | null
  createdAt: Date
}>
