import type { Tx } from '../db/connect.ts'
import type { Payment } from './payment.ts'

export type Sender = Readonly<{ originatingBank: string | null; sameDay: boolean; hasNumber: boolean }>

/**
 * Through whom the merchant of a payment sends, and whether the number of the account that it debited is still kept.
 */
export async function readSender(tx: Tx, { merchantId, accountId }: Payment): Promise<Sender | undefined> {
  const [row] = await tx<Sender[]>`
    select originating_bank as "originatingBank", same_day as "sameDay",
      exists (select from account where id = ${accountId} and number_sealed <> '') as "hasNumber"
    from merchant where id = ${merchantId}`
  return row
}
