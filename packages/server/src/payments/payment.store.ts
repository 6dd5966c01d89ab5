import type { Sql, Tx } from '../db/connect.ts'
import type { AccountId, CustomerId, LinkId, MerchantId, PaymentId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import type { DecisionInputs, RuleOutcome } from '../risk/decision.ts'
import type { Payment, PaymentFact, ReversalReason } from './payment.ts'

export type PaymentRow = {
  id: string
  merchant_id: string
  customer_id: string
  account_id: string
  request_key: string
  client_reference_id: string | null
  soft_descriptor: string | null
  amount: bigint
  status: Payment['status']
  decline_code: string | null
  request_id: string | null
  created_at: Date
  type: Payment['type']
  refund_of: string | null
  refunded: bigint
  moves: number
  presentment: number
  fee: bigint
  in_hold: bigint
  settled_on: string | null
  first_settled_on: string | null
  funds_on: string | null
  return_code: string | null
  returned_from: string | null
  payout_id: string | null
  is_reversed: boolean
  reversal_reason: ReversalReason | null
  reversal_by: string | null
}

export const toPayment = (row: PaymentRow): Payment =>
  ({
    id: row.id,
    merchantId: row.merchant_id,
    customerId: row.customer_id,
    accountId: row.account_id,
    requestKey: row.request_key,
    clientReferenceId: row.client_reference_id,
    softDescriptor: row.soft_descriptor,
    amount: Money.of(row.amount),
    status: row.status,
    ...(row.decline_code === null ? {} : { declineCode: row.decline_code }),
    ...(row.return_code === null ? {} : { returnCode: row.return_code, returnedFrom: row.returned_from }),
    requestId: row.request_id,
    createdAt: row.created_at,
    type: row.type,
    refundOf: row.refund_of,
    refunded: Money.of(row.refunded),
    moves: row.moves,
    presentment: row.presentment,
    fee: Money.of(row.fee),
    inHold: Money.of(row.in_hold),
    settledOn: row.settled_on,
    firstSettledOn: row.first_settled_on,
    fundsOn: row.funds_on,
    payoutId: row.payout_id,
    isReversed: row.is_reversed,
    reversal: row.reversal_reason === null ? null : { reason: row.reversal_reason, by: row.reversal_by },
  }) as Payment

/** What a decision needs to know, read under the customer's lock. */
export type Payer = Readonly<{
  customerId: CustomerId
  accountId: AccountId | null
  linkId: LinkId | null
  institutionId: string
  accountRef: string
  facts: Omit<DecisionInputs, 'amount' | 'now' | 'askedAt' | 'used'>
  /** Approved payments wait for the merchant's release. */
  holds: boolean
  used: { amount: Money; count: number }
}>

type PayerRow = {
  customer_id: string
  account_id: string | null
  link_id: string | null
  institution_id: string | null
  ref: string | null
  account_status: string | null
  balance: bigint | null
  balance_at: Date | null
  authorized_since: Date | null
  per_payment_limit: bigint
  customer_daily_limit: bigint
  customer_daily_count: number
  balance_fresh_ms: number
  holds_payments: boolean
  used_amount: bigint
  used_count: number
}

/**
 * Locks the customers, in id order so that two batches never wait in a circle. The lock makes the 24-hour limits hold
 * however many payments arrive at once, if what is counted is read by a later statement: one that waited for a lock
 * still sees the world as it was before it waited.
 */
export async function lockPayers(tx: Tx, merchantId: MerchantId, customerIds: readonly CustomerId[]): Promise<void> {
  await tx`select id from customer where merchant_id = ${merchantId} and id = any(${[...customerIds]}::uuid[])
    order by id for no key update`
}

/** What a decision looks at, of the account that pays or of the one that is named. The customers are locked. */
export async function readPayers(
  tx: Tx,
  merchantId: MerchantId,
  customerIds: readonly CustomerId[],
  since: Date,
  accountId?: AccountId,
): Promise<Map<CustomerId, Payer>> {
  const rows = await tx<PayerRow[]>`
    select c.id as customer_id, a.id as account_id, a.link_id, a.institution_id, a.ref,
      a.status as account_status, a.balance, a.balance_at,
      (select max(accepted_at) from mandate
        where account_id = a.id and kind = 'debit' and revoked_at is null) as authorized_since,
      m.per_payment_limit, m.customer_daily_limit, m.customer_daily_count, m.balance_fresh_ms,
      m.holds_payments or m.debits_held_since is not null as holds_payments,
      used.amount as used_amount, used.count as used_count
    from customer c
    join merchant m on m.id = c.merchant_id
    left join account a on a.customer_id = c.id and ${accountId ? tx`a.id = ${accountId}` : tx`a.preferred`}
    cross join lateral (
      select coalesce(sum(amount), 0)::int8 as amount, count(*)::int as count from payment
      where customer_id = c.id and created_at > ${since} and type = 'debit'
        and status not in ('declined', 'canceled')) used
    where c.merchant_id = ${merchantId} and c.id = any(${[...customerIds]}::uuid[])`
  return new Map(rows.map((row) => [row.customer_id as CustomerId, toPayer(row)]))
}

const toPayer = (row: PayerRow): Payer => ({
  customerId: row.customer_id as CustomerId,
  accountId: row.account_id as AccountId | null,
  linkId: row.link_id as LinkId | null,
  institutionId: row.institution_id ?? '',
  accountRef: row.ref ?? '',
  facts: {
    accountStatus: row.account_status ?? 'none',
    authorizedSince: row.authorized_since,
    limits: {
      perPayment: Money.of(row.per_payment_limit),
      dailyAmount: Money.of(row.customer_daily_limit),
      dailyCount: row.customer_daily_count,
      balanceFreshMs: row.balance_fresh_ms,
    },
    balance: row.balance !== null && row.balance_at ? { amount: Money.of(row.balance), at: row.balance_at } : null,
  },
  holds: row.holds_payments,
  used: { amount: Money.of(row.used_amount), count: row.used_count },
})

/** The payments that hold these request keys already. */
export async function findByRequestKeys(
  sql: Sql | Tx,
  merchantId: MerchantId,
  keys: readonly string[],
): Promise<Map<string, Payment>> {
  const rows = await sql<PaymentRow[]>`
    select * from payment where merchant_id = ${merchantId} and request_key = any(${[...keys]})`
  return new Map(rows.map((row) => [row.request_key, toPayment(row)]))
}

/**
 * Writes new payments in one statement. The constraint one_payment_per_request_key judges; answers the ids that are
 * new.
 */
export async function insertPayments(tx: Tx, payments: readonly Payment[]): Promise<Set<string>> {
  const rows = payments.map((payment) => ({
    id: payment.id,
    merchant_id: payment.merchantId,
    customer_id: payment.customerId,
    account_id: payment.accountId,
    request_key: payment.requestKey,
    client_reference_id: payment.clientReferenceId,
    soft_descriptor: payment.softDescriptor,
    amount: payment.amount.minor.toString(),
    status: payment.status,
    decline_code: payment.status === 'declined' ? payment.declineCode : null,
    request_id: payment.requestId,
    created_at: payment.createdAt,
    type: payment.type,
    refund_of: payment.refundOf,
    moves: payment.moves,
    reversal_reason: payment.reversal?.reason ?? null,
    reversal_by: payment.reversal?.by ?? null,
  }))
  const fresh = await tx<{ id: string }[]>`
    insert into payment (id, merchant_id, customer_id, account_id, request_key, client_reference_id, soft_descriptor,
      amount, currency, status, decline_code, request_id, created_at, type, refund_of, moves, reversal_reason,
      reversal_by)
    select id, merchant_id, customer_id, account_id, request_key, client_reference_id, soft_descriptor, amount, 'USD',
      status, decline_code, request_id, created_at, type, refund_of, moves, reversal_reason, reversal_by
    from jsonb_to_recordset(${tx.json(rows as never)}) as row (id uuid, merchant_id uuid, customer_id uuid,
      account_id uuid, request_key text, client_reference_id text, soft_descriptor text, amount bigint, status text,
      decline_code text, request_id text, created_at timestamptz, type text, refund_of uuid, moves int,
      reversal_reason text, reversal_by text)
    on conflict on constraint one_payment_per_request_key do nothing returning id`
  return new Set(fresh.map(({ id }) => id))
}

export type DecisionRecord = Readonly<{
  paymentId: PaymentId
  ruleset: number
  outcome: 'approved' | 'declined'
  rules: readonly RuleOutcome[]
  decidedAt: Date
  tookMs: number
}>

/** The first line in each payment's diary, and the decision that caused it. */
export async function insertDecided(
  tx: Tx,
  decided: readonly { decision: DecisionRecord; fact: PaymentFact; seq: number }[],
): Promise<void> {
  const rows = decided.map(({ decision, fact, seq }) => ({
    payment_id: decision.paymentId,
    seq,
    fact,
    ruleset: decision.ruleset,
    outcome: decision.outcome,
    rules: decision.rules,
    decided_at: decision.decidedAt,
    took_ms: decision.tookMs,
  }))
  await tx`
    with row as (
      select * from jsonb_to_recordset(${tx.json(rows as never)}) as row (payment_id uuid, seq int, fact jsonb,
        ruleset int, outcome text, rules jsonb, decided_at timestamptz, took_ms int)),
    diary as (
      insert into payment_move (payment_id, seq, fact, moved_at) select payment_id, seq, fact, decided_at from row)
    insert into payment_decision (payment_id, ruleset, outcome, rules, decided_at, took_ms)
    select payment_id, ruleset, outcome, rules, decided_at, took_ms from row`
}

/** Why a payment that waited was decided as it was. */
export async function insertDecision(tx: Tx, decision: DecisionRecord): Promise<void> {
  await tx`insert into payment_decision (payment_id, ruleset, outcome, rules, decided_at, took_ms)
    values (${decision.paymentId}, ${decision.ruleset}, ${decision.outcome}, ${tx.json(decision.rules as never)},
      ${decision.decidedAt}, ${decision.tookMs})`
}
