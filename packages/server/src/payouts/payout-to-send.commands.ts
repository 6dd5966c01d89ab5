import type { Tx } from '../db/connect.ts'
import { reference } from '../payments/to-send.commands.ts'
import type { Order } from '../rails/ach/order.ts'
import { type PayoutRow, toPayout } from './payout.store.ts'
import { type Payout, payoutNumberContext } from './payout.ts'

/** What the merchant's bank statement calls it. */
const description = 'PAYOUT'

export type PayoutToSend = Readonly<{ payout: Payout; order: Order }>

type Wanted = Readonly<{
  bankId: string
  /** Merchants without a bank of their own use the first. */
  isFirst: boolean
  /** Who sends it: as the originating bank knows us. */
  companyName: string
  /** Only merchants that pay for same-day settlement, up to this many cents an entry. Null: everything. */
  sameDayLimit: bigint | null
  limit: number
}>

/**
 * Accepted payouts for a bank's next file, at most `limit`, locked, in the order of merchant and id: credits to
 * merchants' own accounts, which are businesses' (CCD).
 */
export async function takePayoutsToSend(tx: Tx, wanted: Wanted): Promise<PayoutToSend[]> {
  const { bankId, isFirst, sameDayLimit, limit } = wanted
  const rows = await tx<(PayoutRow & { merchant_name: string })[]>`
    select payout.*, merchant.name as merchant_name
    from payout join merchant on merchant.id = payout.merchant_id
    where payout.status = 'accepted'
      and (merchant.originating_bank = ${bankId} ${isFirst ? tx`or merchant.originating_bank is null` : tx``})
      ${sameDayLimit === null ? tx`` : tx`and merchant.same_day and payout.amount <= ${sameDayLimit}`}
    order by payout.merchant_id, payout.id limit ${limit}
    for update of payout`
  return rows.map((row) => ({ payout: toPayout(row), order: orderOf(toPayout(row), row.merchant_name, wanted) }))
}

const orderOf = (payout: Payout, merchantName: string, { companyName }: Wanted): Order => ({
  kind: 'payout',
  id: payout.id,
  presentment: payout.presentment,
  merchantId: payout.merchantId,
  companyName,
  secCode: 'CCD',
  description,
  direction: 'credit',
  amount: payout.amount,
  account: {
    type: payout.account.type,
    routingNumber: payout.account.routingNumber,
    numberSealed: payout.account.numberSealed,
    numberContext: payoutNumberContext(payout.merchantId),
  },
  receiverName: merchantName,
  individualId: reference(payout.id),
  discretionary: '',
  addenda: null,
})
