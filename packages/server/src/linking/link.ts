import type { CustomerId, LinkId, MerchantId } from '../kernel/id.ts'

/** active: usable. ending: to be revoked at the bank. revoked: done. relink: the bank no longer honours it. */
export type LinkStatus = 'active' | 'ending' | 'revoked' | 'relink'

/** One customer's consent at one bank. Its tokens are sealed. */
export type Link = Readonly<{
  id: LinkId
  merchantId: MerchantId
  customerId: CustomerId
  institutionId: string
  status: LinkStatus
  holderNames: readonly string[]
  grantSealed: string | null
  createdAt: Date
}>
