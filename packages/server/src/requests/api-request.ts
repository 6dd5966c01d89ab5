import type { ApiClientId, Id, MerchantId } from '../kernel/id.ts'

/** One call of the API by a merchant's program. It holds no token, no body and no query. */
export type ApiRequest = Readonly<{
  requestId: Id<'request'>
  merchantId: MerchantId
  clientId: ApiClientId
  method: string
  /** The address as the routes write it: `/v1/payments/:id`. */
  route: string
  path: string
  status: number
  errorCode: string | null
  ms: number
  /** When it came, on the wall clock. */
  at: Date
  userAgent: string | null
}>

/** A caller chooses these texts; what is longer is cut. */
export const longest = { path: 300, errorCode: 100, userAgent: 200 } as const
