/** What a client may be allowed to read, in FDX's words, with the words a customer reads on the consent page. */
export const clusters = {
  ACCOUNT_BASIC: { scope: 'fdx:accountbasic:read', says: 'Account type, name and last four digits' },
  ACCOUNT_DETAILED: { scope: 'fdx:accountdetailed:read', says: 'Account details and status' },
  BALANCES: { scope: 'fdx:balances:read', says: 'Current and available balance' },
  PAYMENT_SUPPORT: { scope: 'fdx:paymentsupport:read', says: 'Account and routing number, to pay from your account' },
  CUSTOMER_CONTACT: { scope: 'fdx:customercontact:read', says: 'Your name, address, email and telephone' },
  TRANSACTIONS: { scope: 'fdx:transactions:read', says: 'Transactions' },
} as const
export type Cluster = keyof typeof clusters
export const clusterNames = Object.keys(clusters) as Cluster[]

/** Everything a client may ask of a bank's API. */
export const apiScope = clusterNames.map((name) => clusters[name].scope).join(' ')

export type DurationType = 'ONE_TIME' | 'TIME_BOUND' | 'PERSISTENT'

/** A wish: what a client asked to be allowed. */
export type ConsentRequest = Readonly<{
  durationType: DurationType
  durationDays: number
  lookbackDays: number
  clusters: readonly Cluster[]
}>

export type Consent = ConsentRequest &
  Readonly<{
    id: string
    bank: string
    customerId: string
    clientId: string
    status: 'ACTIVE' | 'EXPIRED' | 'REVOKED'
    createdAt: Date
    updatedAt: Date
    expiresAt: Date
    accountIds: readonly string[]
  }>

/** Who ended a consent, and why, in FDX's words. */
export const initiators = ['INDIVIDUAL', 'DATA_RECIPIENT', 'DATA_PROVIDER'] as const
export const reasons = ['USER_ACTION', 'BUSINESS_RULE'] as const
export type Ending = Readonly<{ by: (typeof initiators)[number]; why: (typeof reasons)[number] }>
