import type { MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'

/** So many may wait in a process. One merchant does not take all places. */
const mostWaiting = 100
const mostOfMerchant = 10

/** Places for those who wait; `take` answers how to leave again, and refuses too_many_waiting. */
export type Seats = Readonly<{ take(merchantId: MerchantId): () => void }>

export function openSeats(): Seats {
  const taken = new Map<MerchantId, number>()
  let all = 0
  return {
    take(merchantId) {
      const beside = taken.get(merchantId) ?? 0
      if (all >= mostWaiting || beside >= mostOfMerchant) throw new Refusal('too_many_waiting')
      taken.set(merchantId, beside + 1)
      all++
      return () => {
        const left = (taken.get(merchantId) ?? 1) - 1
        if (left === 0) taken.delete(merchantId)
        else taken.set(merchantId, left)
        all--
      }
    },
  }
}
