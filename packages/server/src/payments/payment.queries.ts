import { findAccountById } from '../customers/customer.queries.ts'
import type { Account } from '../customers/customer.ts'
import type { House } from '../house.ts'
import { easternDay } from '../kernel/banking-day.ts'
import type { AccountId, CustomerId, LinkId, MerchantId, PaymentId } from '../kernel/id.ts'
import { looksLikeId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { RuleOutcome } from '../risk/decision.ts'
import { readCircumstances } from './circumstances.store.ts'
import { type Finality, finalityOf } from './finality.queries.ts'
import { type PaymentRow, toPayment } from './payment.store.ts'
import type { Payment, PaymentFact, PaymentStatus, PaymentType } from './payment.ts'
import type { Circumstances } from './wishes.ts'

export type PaymentStory = Readonly<{
  payment: Payment
  account: Account
  moves: readonly Readonly<{ seq: number; fact: PaymentFact; at: Date }>[]
  decision: Readonly<{
    ruleset: number
    outcome: 'approved' | 'declined'
    rules: readonly RuleOutcome[]
    decidedAt: Date
    tookMs: number
  }> | null
  circumstances: Circumstances
  finality: Finality
}>

/** A payment with its account. Refuses: payment_not_found, also for another merchant's. */
export async function getPayment(
  house: House,
  merchantId: MerchantId,
  id: string,
): Promise<{ payment: Payment; account: Account }> {
  const [row] = looksLikeId(id)
    ? await house.sql<PaymentRow[]>`select * from payment where merchant_id = ${merchantId} and id = ${id}`
    : []
  const account = row && (await findAccountById(house, row.account_id as AccountId))
  if (!row || !account) throw new Refusal('payment_not_found')
  return { payment: toPayment(row), account }
}

/** Everything that happened to a payment, and why. Refuses: payment_not_found. */
export async function getPaymentStory(house: House, merchantId: MerchantId, id: string): Promise<PaymentStory> {
  const { payment, account } = await getPayment(house, merchantId, id)
  const { sql } = house
  const today = easternDay(house.now())
  const [moves, [decision], circumstances] = await Promise.all([
    sql<{ seq: number; fact: PaymentFact; at: Date }[]>`
      select seq, fact, moved_at as at from payment_move where payment_id = ${payment.id} order by seq`,
    sql<NonNullable<PaymentStory['decision']>[]>`
      select ruleset, outcome, rules, decided_at as "decidedAt", took_ms as "tookMs"
      from payment_decision where payment_id = ${payment.id}`,
    readCircumstances(sql, payment, today),
  ])
  return { payment, account, moves, decision: decision ?? null, circumstances, finality: finalityOf(payment, today) }
}

export type PaymentFilter = Readonly<{
  limit: number
  after: string | null
  statuses: readonly PaymentStatus[] | null
  types: readonly PaymentType[] | null
  refundOf: string | null
  customerId: string | null
  requestKey: string | null
  clientReferenceId: string | null
  createdFrom: Date | null
  createdBefore: Date | null
}>

/** Newest first. */
export async function listPayments(house: House, merchantId: MerchantId, filter: PaymentFilter): Promise<Payment[]> {
  const { sql } = house
  const {
    after,
    statuses,
    types,
    refundOf,
    customerId,
    requestKey,
    clientReferenceId,
    createdFrom,
    createdBefore,
    limit,
  } = filter
  const rows = await sql<PaymentRow[]>`
    select * from payment where merchant_id = ${merchantId}
      ${after ? sql`and id < ${after}` : sql``}
      ${statuses ? sql`and status = any(${[...statuses]})` : sql``}
      ${types ? sql`and type = any(${[...types]})` : sql``}
      ${refundOf ? sql`and refund_of = ${refundOf}` : sql``}
      ${customerId ? sql`and customer_id = ${customerId}` : sql``}
      ${requestKey ? sql`and request_key = ${requestKey}` : sql``}
      ${clientReferenceId ? sql`and client_reference_id = ${clientReferenceId}` : sql``}
      ${createdFrom ? sql`and created_at >= ${createdFrom}` : sql``}
      ${createdBefore ? sql`and created_at < ${createdBefore}` : sql``}
    order by id desc limit ${limit}`
  return rows.map(toPayment)
}

/** An account whose balance is to be read at the bank. */
type ReadAccount = Readonly<{ id: AccountId; customerId: CustomerId; linkId: LinkId; ref: string }>

/** The account of a payment that waits for its decision. Undefined: it waits no longer. */
export async function findWaiting(house: House, id: PaymentId): Promise<ReadAccount | undefined> {
  const [row] = await house.sql<ReadAccount[]>`
    select a.id, a.customer_id as "customerId", a.link_id as "linkId", a.ref
    from payment p join account a on a.id = p.account_id
    where p.id = ${id} and p.status = 'created' and p.type = 'debit'`
  return row
}

/** The account of a payment that is to be presented again by itself. Undefined: not, or not any longer. */
export async function findRetryable(house: House, id: PaymentId): Promise<ReadAccount | undefined> {
  const [row] = await house.sql<ReadAccount[]>`
    select a.id, a.customer_id as "customerId", a.link_id as "linkId", a.ref
    from payment p join account a on a.id = p.account_id join merchant m on m.id = p.merchant_id
    where p.id = ${id} and p.status = 'retryable' and m.retry_policy = 'automatic' and a.status = 'active'`
  return row
}
