import { remind } from '../agenda/agenda.commands.ts'
import { type Tx, transact } from '../db/connect.ts'
import type { Outcome } from '../db/gather.ts'
import type { House } from '../house.ts'
import { ask } from '../jobs/tasks.ts'
import type { CustomerId, MerchantId, PaymentId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import { type Decision, type DecisionInputs, decide, ruleset, windowStart } from '../risk/decision.ts'
import { announce } from '../webhooks/event.commands.ts'
import {
  type DecisionRecord,
  findByRequestKeys,
  insertDecided,
  insertDecision,
  insertPayments,
  lockPayers,
  type Payer,
  readPayers,
} from './payment.store.ts'
import { eventFor, move, type Payment, type PaymentFact, unborn } from './payment.ts'
import { applyTo } from './payment-fact.commands.ts'
import { takePayment } from './payment-move.store.ts'
import { about } from './payment-news.ts'
import { decisionReminders } from './reminder-keys.ts'

export type NewPayment = Readonly<{
  merchantId: MerchantId
  customerId: CustomerId
  amount: Money
  requestKey: string
  clientReferenceId: string | null
  softDescriptor: string | null
  requestId: string | null
  askedAt: Date
  /** The bank was asked for the balance and did not tell in time: record the payment now, decide it later. */
  balanceLate: boolean
}>

/** Recorded, decided or not; or nothing was written because the balance has to be read at the bank first. */
export type Recorded =
  | Readonly<{ kind: 'recorded'; payment: Payment }>
  | Readonly<{ kind: 'balance_wanted'; payer: Payer }>

/** Somebody else took a request key between our look and our write. Trying again finds their payment. */
export class KeyTaken extends Error {}

/**
 * Records payments that arrived together, each decided by its own rules, in one transaction: payment, diary, decision
 * and events, durable together or not at all. One payment's refusal does not touch the others.
 * Refuses, per payment: request_key_used (with existingPaymentId), customer_not_found, customer_not_active.
 */
export function recordPayments(house: House, inputs: readonly NewPayment[]): Promise<Outcome<Recorded>[]> {
  const outcomes: Outcome<Recorded>[] = new Array(inputs.length)
  return transact(house.sql, async (tx) => {
    for (const [merchantId, indexes] of byMerchant(inputs)) {
      const items = indexes.map((index) => inputs[index] as NewPayment)
      const found = await recordForMerchant(house, tx, merchantId, items)
      indexes.forEach((index, at) => {
        outcomes[index] = found[at] as Outcome<Recorded>
      })
    }
    return outcomes
  })
}

function byMerchant(inputs: readonly NewPayment[]): [MerchantId, number[]][] {
  const groups = new Map<MerchantId, number[]>()
  inputs.forEach(({ merchantId }, index) => {
    const group = groups.get(merchantId)
    if (group) group.push(index)
    else groups.set(merchantId, [index])
  })
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
}

type Draft = { payment: Payment; decision: Decision; fact: PaymentFact | undefined; tookMs: number }

async function recordForMerchant(
  house: House,
  tx: Tx,
  merchantId: MerchantId,
  items: readonly NewPayment[],
): Promise<Outcome<Recorded>[]> {
  const now = house.now()
  const customerIds = [...new Set(items.map(({ customerId }) => customerId))]
  // Sent together, answered in order: what is read is read after the customers are locked.
  const [, payers, existing] = await Promise.all([
    lockPayers(tx, merchantId, customerIds),
    readPayers(tx, merchantId, customerIds, windowStart(now)),
    findByRequestKeys(
      tx,
      merchantId,
      items.map(({ requestKey }) => requestKey),
    ),
  ])
  const drafts: Draft[] = []
  const outcomes = items.map((item): Outcome<Recorded> => {
    const first = existing.get(item.requestKey)
    if (first) return { refused: new Refusal('request_key_used', { existingPaymentId: first.id }) }
    const payer = payers.get(item.customerId)
    if (!payer) return { refused: new Refusal('customer_not_found') }
    if (!payer.accountId) return { refused: new Refusal('customer_not_active') }
    const decision = decide(inputsFor(item, payer, now))
    if (decision.kind === 'balance_wanted' && !item.balanceLate) return { value: { kind: 'balance_wanted', payer } }
    const fact = factOf(decision, payer.holds)
    const payment = draft(house, item, payer, fact, now)
    existing.set(item.requestKey, payment)
    // The next payment of the same customer in this batch has to know of this one.
    if (payment.status !== 'declined') payers.set(item.customerId, withUsed(payer, item.amount))
    drafts.push({ payment, decision, fact, tookMs: now.getTime() - item.askedAt.getTime() })
    return { value: { kind: 'recorded', payment } }
  })
  await write(house, tx, drafts, now)
  return outcomes
}

const inputsFor = (item: NewPayment, payer: Payer, now: Date): DecisionInputs => ({
  ...payer.facts,
  amount: item.amount,
  askedAt: item.askedAt,
  now,
  used: payer.used,
})

const withUsed = (payer: Payer, amount: Money): Payer => ({
  ...payer,
  used: { amount: Money.add(payer.used.amount, amount), count: payer.used.count + 1 },
})

function draft(house: House, item: NewPayment, payer: Payer, fact: PaymentFact | undefined, now: Date): Payment {
  const { merchantId, customerId, amount, requestKey, clientReferenceId, softDescriptor, requestId } = item
  const payment: Payment = {
    ...{ id: house.newId<'payment'>(), merchantId, customerId, accountId: payer.accountId as Payment['accountId'] },
    ...{ requestKey, clientReferenceId, softDescriptor, amount, requestId, createdAt: now },
    ...unborn,
    type: 'debit',
  }
  return fact ? move(payment, fact) : payment
}

function factOf(decision: Decision, holds: boolean): PaymentFact | undefined {
  if (decision.kind === 'balance_wanted') return undefined
  if (decision.kind === 'declined') return { kind: 'declined', code: decision.code }
  return { kind: holds ? 'held' : 'approved' }
}

async function write(house: House, tx: Tx, drafts: readonly Draft[], at: Date): Promise<void> {
  if (drafts.length === 0) return
  const fresh = await insertPayments(
    tx,
    drafts.map(({ payment }) => payment),
  )
  // Another process took one of the keys after we looked. Nothing is written; each item is tried again by itself.
  if (fresh.size !== drafts.length) throw new KeyTaken()
  const decided = drafts.flatMap(({ payment, decision, fact, tookMs }) => {
    return fact ? [{ decision: record(payment.id, decision, at, tookMs), fact, seq: 1 }] : []
  })
  const news = drafts.flatMap(({ payment, fact }) => [
    about(payment, 'payment.created'),
    about(payment, (fact && eventFor[fact.kind]) ?? 'payment.pending'),
  ])
  await Promise.all([decided.length > 0 ? insertDecided(tx, decided) : undefined, announce(house, tx, news)])
  for (const { payment } of drafts.filter(({ decision }) => decision.kind === 'balance_wanted')) {
    const deadline = new Date(at.getTime() + house.settings.decisionDeadlineMs)
    await ask(tx, 'decide-payment', { paymentId: payment.id })
    await remind(tx, deadline, 'give-up-deciding', { paymentId: payment.id }, decisionReminders(payment.id).deadline)
  }
}

const longestMs = 2 ** 31 - 1

const record = (paymentId: PaymentId, decision: Decision, decidedAt: Date, tookMs: number): DecisionRecord => ({
  ...{ paymentId, ruleset, rules: decision.rules, decidedAt },
  // The clock may be turned by months while a payment waits.
  tookMs: Math.min(tookMs, longestMs),
  outcome: decision.kind === 'approved' ? 'approved' : 'declined',
})

/**
 * Decides a payment that had to wait for the bank. Decided already: nothing happens.
 * `givenUp`: decide now, whatever the bank says. Answers false while the balance is still wanted.
 */
export function decidePayment(house: House, id: PaymentId, askedAt: Date, givenUp: boolean): Promise<boolean> {
  return transact(house.sql, async (tx) => {
    const before = await takePayment(tx, id)
    if (before.status !== 'created') return true
    const now = house.now()
    await lockPayers(tx, before.merchantId, [before.customerId])
    const { merchantId, customerId, accountId } = before
    const payers = await readPayers(tx, merchantId, [customerId], windowStart(now), accountId)
    const payer = payers.get(before.customerId)
    if (!payer) throw new Refusal('customer_not_found')
    const used = usedBesides(before, payer, now)
    const decision = decide({ ...payer.facts, amount: before.amount, askedAt, now, used }, givenUp)
    const fact = factOf(decision, payer.holds)
    if (!fact) return false
    await insertDecision(tx, record(id, decision, now, now.getTime() - before.createdAt.getTime()))
    await applyTo(house, tx, [before], () => fact)
    return true
  })
}

/** What was counted of the customer's last 24 hours, without a payment that may be among it. */
export function usedBesides(payment: Payment, payer: Payer, now: Date): Payer['used'] {
  if (payment.createdAt <= windowStart(now)) return payer.used
  return { amount: Money.subtract(payer.used.amount, payment.amount), count: payer.used.count - 1 }
}
