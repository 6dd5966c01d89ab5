import type { AccountId, CustomerId, LinkId, MandateId, MerchantId } from '../kernel/id.ts'
import type { Money } from '../kernel/money.ts'

export type NewCustomer = Readonly<{ firstName: string; lastName: string; email: string; phone: string | null }>

/** created: linking began. active: can pay. inactive: must link again. */
export type CustomerStatus = 'created' | 'active' | 'inactive'

export type Customer = NewCustomer &
  Readonly<{ id: CustomerId; merchantId: MerchantId; status: CustomerStatus; createdAt: Date }>

export type AccountStatus = 'created' | 'active' | 'inactive' | 'abandon'

/** A bank account the customer chose. The full number stays in the vault. */
export type Account = Readonly<{
  id: AccountId
  merchantId: MerchantId
  customerId: CustomerId
  linkId: LinkId
  ref: string
  institutionId: string
  institutionNumber: number
  institutionName: string
  name: string
  type: 'checking' | 'savings'
  lastFour: string
  routingNumber: string
  tokenised: boolean
  status: AccountStatus
  preferred: boolean
  balance: Readonly<{ amount: Money; at: Date }> | null
  createdAt: Date
}>

/** The customer's authorization to be debited: the text they read, and the evidence that they agreed. */
export type Mandate = Readonly<{
  id: MandateId
  merchantId: MerchantId
  customerId: CustomerId
  accountId: AccountId
  /** debit: may be debited. verify: the account may only be looked at. */
  kind: 'debit' | 'verify'
  version: string
  text: string
  textHash: string
  acceptedAt: Date
  ip: string
  userAgent: string
}>
