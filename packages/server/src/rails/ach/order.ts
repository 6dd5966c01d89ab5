import type { MerchantId } from '../../kernel/id.ts'
import type { Money } from '../../kernel/money.ts'

/** Whose diary an entry belongs to. */
export type SubjectKind = 'payment' | 'payout'

/** Something to be sent in the next file: a debit, a refund, a credit, a payout. The account number stays sealed. */
export type Order = Readonly<{
  kind: SubjectKind
  id: string
  presentment: number
  merchantId: MerchantId
  companyName: string
  secCode: 'WEB' | 'PPD' | 'CCD'
  description: string
  direction: 'debit' | 'credit'
  amount: Money
  account: Readonly<{
    type: 'checking' | 'savings'
    routingNumber: string
    numberSealed: string
    numberContext: string
  }>
  receiverName: string
  individualId: string
  /** The payment type code of WEB: S single, R recurring. */
  discretionary: string
  addenda: string | null
}>

type BatchOf = Pick<Order, 'merchantId' | 'secCode' | 'description' | 'direction'>

/** Orders of one company, SEC code, description and direction share a batch: the header says these once. */
export const batchKey = ({ merchantId, secCode, description, direction }: BatchOf): string =>
  `${merchantId}:${secCode}:${description}:${direction}`
