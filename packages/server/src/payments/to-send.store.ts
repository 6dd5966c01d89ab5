import type { Tx } from '../db/connect.ts'
import type { Day } from '../kernel/banking-day.ts'
import { type PaymentRow, toPayment } from './payment.store.ts'
import type { Payment } from './payment.ts'

export type Wanted = Readonly<{
  bankId: string
  /** Merchants without a bank of their own use the first. */
  isFirst: boolean
  /** Only merchants that pay for same-day settlement, up to this many cents an entry. Null: everything. */
  sameDayLimit: bigint | null
  limit: number
}>

type Joined = {
  company_name: string | null
  merchant_name: string
  entry_description: string
  account_type: 'checking' | 'savings'
  routing_number: string
  number_sealed: string
  first_name: string
  last_name: string
  debit_settled_on: Day | null
}

export type SendRow = Readonly<{
  payment: Payment
  companyName: string | null
  merchantName: string
  entryDescription: string
  accountType: 'checking' | 'savings'
  routingNumber: string
  numberSealed: string
  firstName: string
  lastName: string
  /** Of a refund: when its debit settled. */
  debitSettledOn: Day | null
}>

/** Locks authorized payments that nobody else holds or moves meanwhile, a merchant's together. */
export async function takeAuthorized(tx: Tx, wanted: Wanted): Promise<SendRow[]> {
  const { bankId, isFirst, sameDayLimit, limit } = wanted
  const rows = await tx<(PaymentRow & Joined)[]>`
    select payment.*, merchant.company_name, merchant.name as merchant_name, merchant.entry_description,
      account.type as account_type, account.routing_number, account.number_sealed,
      customer.first_name, customer.last_name, debit.settled_on as debit_settled_on
    from payment
    join merchant on merchant.id = payment.merchant_id
    join account on account.id = payment.account_id
    join customer on customer.id = payment.customer_id
    left join payment as debit on debit.id = payment.refund_of
    where payment.status = 'authorized'
      and (merchant.originating_bank = ${bankId} ${isFirst ? tx`or merchant.originating_bank is null` : tx``})
      ${sameDayLimit === null ? tx`` : tx`and merchant.same_day and payment.amount <= ${sameDayLimit}`}
    order by payment.merchant_id, payment.id limit ${limit}
    for update of payment`
  return rows.map((row) => ({
    payment: toPayment(row),
    companyName: row.company_name,
    merchantName: row.merchant_name,
    entryDescription: row.entry_description,
    accountType: row.account_type,
    routingNumber: row.routing_number,
    numberSealed: row.number_sealed,
    firstName: row.first_name,
    lastName: row.last_name,
    debitSettledOn: row.debit_settled_on,
  }))
}
