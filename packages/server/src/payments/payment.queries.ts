import { findAccountById } from '../customers/customer.queries.ts'
import type { Account } from '../customers/customer.ts'
import type { House } from '../house.ts'
import type { AccountId, CustomerId, LinkId, MerchantId, PaymentId } from '../kernel/id.ts'
import { looksLikeId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { RuleOutcome } from '../risk/decision.ts'
import { type PaymentRow, toPayment } from './payment.store.ts'
import type { Payment, PaymentFact, PaymentStatus } from './payment.ts'

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
  const [moves, [decision]] = await Promise.all([
    sql<{ seq: number; fact: PaymentFact; at: Date }[]>`
      select seq, fact, moved_at as at from payment_move where payment_id = ${payment.id} order by seq`,
    sql<NonNullable<PaymentStory['decision']>[]>`
      select ruleset, outcome, rules, decided_at as "decidedAt", took_ms as "tookMs"
      from payment_decision where payment_id = ${payment.id}`,
  ])
  return { payment, account, moves, decision: decision ?? null }
}

export type PaymentFilter = Readonly<{
  limit: number
  after: string | null
  statuses: readonly PaymentStatus[] | null
  customerId: string | null
  requestKey: string | null
  clientReferenceId: string | null
  createdFrom: Date | null
  createdBefore: Date | null
}>

/** Newest first. */
export async function listPayments(house: House, merchantId: MerchantId, filter: PaymentFilter): Promise<Payment[]> {
  const { sql } = house
  const { after, statuses, customerId, requestKey, clientReferenceId, createdFrom, createdBefore, limit } = filter
  const rows = await sql<PaymentRow[]>`
    select * from payment where merchant_id = ${merchantId}
      ${after ? sql`and id < ${after}` : sql``}
      ${statuses ? sql`and status = any(${[...statuses]})` : sql``}
      ${customerId ? sql`and customer_id = ${customerId}` : sql``}
      ${requestKey ? sql`and request_key = ${requestKey}` : sql``}
      ${clientReferenceId ? sql`and client_reference_id = ${clientReferenceId}` : sql``}
      ${createdFrom ? sql`and created_at >= ${createdFrom}` : sql``}
      ${createdBefore ? sql`and created_at < ${createdBefore}` : sql``}
    order by id desc limit ${limit}`
  return rows.map(toPayment)
}

/** The account of a payment that waits for its decision. Undefined: it waits no longer. */
export async function findWaiting(
  house: House,
  id: PaymentId,
): Promise<{ id: AccountId; customerId: CustomerId; linkId: LinkId; ref: string } | undefined> {
  const [row] = await house.sql<{ id: AccountId; customerId: CustomerId; linkId: LinkId; ref: string }[]>`
    select a.id, a.customer_id as "customerId", a.link_id as "linkId", a.ref
    from payment p join account a on a.id = p.account_id
    where p.id = ${id} and p.status = 'created'`
  return row
}
