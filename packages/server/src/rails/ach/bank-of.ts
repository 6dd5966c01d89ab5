import type { House } from '../../house.ts'
import { assert } from '../../kernel/assert.ts'
import type { OriginatingBank } from '../originating-bank.ts'

export function bankOf(house: Pick<House, 'originatingBanks'>, bankId: string): OriginatingBank {
  const bank = house.originatingBanks.find(({ id }) => id === bankId)
  assert(bank, `the originating bank '${bankId}' is configured`)
  return bank
}
