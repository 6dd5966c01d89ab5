import type { House } from '../../house.ts'
import type { MerchantId } from '../../kernel/id.ts'
import type { OriginatingBank } from '../originating-bank.ts'
import { bankOf } from './bank-of.ts'

/** The bank that sends a merchant's entries: its own, or the deployment's first. */
export async function getBankOfMerchant(
  { sql, originatingBanks }: Pick<House, 'sql' | 'originatingBanks'>,
  merchantId: MerchantId,
): Promise<OriginatingBank> {
  const [row] = await sql<{ bankId: string | null }[]>`
    select originating_bank as "bankId" from merchant where id = ${merchantId}`
  return bankOf({ originatingBanks }, row?.bankId ?? originatingBanks[0]?.id ?? '')
}
