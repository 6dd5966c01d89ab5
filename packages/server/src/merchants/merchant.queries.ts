import type { House } from '../house.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import * as store from './merchant.store.ts'
import type { ApiClient, Merchant } from './merchant.ts'
import { findTerms } from './merchant-terms.store.ts'
import type { MerchantTerms } from './merchant-terms.ts'

type Reader = Pick<House, 'sql'>

/** Refuses: merchant_not_found. */
export async function getMerchant(house: Reader, id: MerchantId): Promise<Merchant> {
  const merchant = await store.findMerchant(house.sql, id)
  if (!merchant) throw new Refusal('merchant_not_found', { id })
  return merchant
}

const pageSize = 100

export type MerchantWithClients = Merchant & Readonly<{ clients: readonly ApiClient[] }>

/** Newest first, a hundred at a time: those that came before a merchant. */
export async function listMerchants(house: Reader, before?: MerchantId): Promise<MerchantWithClients[]> {
  const merchants = await store.listMerchants(house.sql, pageSize, before)
  const ids = merchants.map(({ id }) => id)
  const clients = await store.listClients(house.sql, ids)
  return merchants.map((m) => ({ ...m, clients: clients.filter((client) => client.merchantId === m.id) }))
}

/** The addresses a merchant's customers may be sent to. For a merchant that does not exist, none. */
export const listRedirects = (house: Reader, merchantId: MerchantId): Promise<string[]> =>
  store.listRedirects(house.sql, merchantId)

/** What it has agreed to and chosen. Refuses: merchant_not_found. */
export async function getTerms(house: Reader, id: MerchantId): Promise<MerchantTerms> {
  const terms = await findTerms(house.sql, id)
  if (!terms) throw new Refusal('merchant_not_found', { id })
  return terms
}
