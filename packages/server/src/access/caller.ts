import type { ApiClientId, MerchantId } from '../kernel/id.ts'

/** What an access token is for, in the words of the wire: Link-Payment moves money; Link-Core is everything else. */
export const scopes = ['Link-Core', 'Link-Payment'] as const
export type Scope = (typeof scopes)[number]

export const isScope = (text: string): text is Scope => (scopes as readonly string[]).includes(text)

/** Who is calling, as far as the house believes a token or a secret. */
export type Caller = Readonly<{
  merchantId: MerchantId
  clientId: ApiClientId
  scopes: ReadonlySet<Scope>
  /** A setting of the merchant's: some old integrations pay with a Link-Core token. */
  coreTokenMayPay: boolean
}>
