import { transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { assert } from '../kernel/assert.ts'
import type { MerchantId } from '../kernel/id.ts'
import { takeMerchant } from './merchant.store.ts'
import { findTerms, saveTerms } from './merchant-terms.store.ts'
import { type MerchantTerms, termsFrom } from './merchant-terms.ts'

/**
 * Changes some of a merchant's terms; the others stay. What has happened already was reckoned by the old ones. Answers
 * all of them. Refuses: merchant_not_found, invalid_request.
 */
export function setTerms(house: House, id: MerchantId, given: Partial<MerchantTerms>): Promise<MerchantTerms> {
  const banks = house.originatingBanks.map((bank) => bank.id)
  const changes = termsFrom(given, banks)
  return transact(house.sql, async (tx) => {
    await takeMerchant(tx, id)
    const before = await findTerms(tx, id)
    assert(before, 'a merchant has terms')
    const after = { ...before, ...changes }
    await saveTerms(tx, id, after)
    return after
  })
}
