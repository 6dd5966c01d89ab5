import fc from 'fast-check'
import { expect, it } from 'vitest'
import { asDay } from '../kernel/banking-day.ts'
import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import { changesOf } from '../ledger/books.ts'
import { events } from '../webhooks/event.ts'
import { postingsFor } from './payment.postings.ts'
import {
  canMove,
  eventFor,
  type FactKind,
  move,
  moves,
  type Payment,
  type PaymentFact,
  type PaymentStatus,
  type PaymentType,
  unborn,
} from './payment.ts'

const born = (type: PaymentType): Payment =>
  ({
    ...{ id: 'p', merchantId: 'm', customerId: 'c', accountId: 'a', requestKey: 'k', clientReferenceId: null },
    ...{ softDescriptor: null, amount: Money.of(10_000n), requestId: null, createdAt: new Date(0) },
    ...{ ...unborn, type, refundOf: type === 'refund' ? 'd' : null },
  }) as unknown as Payment
const debit = born('debit')

const on = asDay('2026-01-07')
const facts: readonly PaymentFact[] = [
  { kind: 'approved' },
  { kind: 'held' },
  { kind: 'declined', code: 'insufficient_funds' },
  { kind: 'released' },
  { kind: 'scheduled', fileId: 'f', effectiveOn: on },
  { kind: 'unscheduled', reason: 'withdrawn' },
  { kind: 'initiated', traceNumber: '091000010000001' },
  { kind: 'refused', reason: 'not balanced' },
  { kind: 'settled', on, fee: '80', fundsOn: asDay('2026-01-09') },
  { kind: 'funds_released' },
  { kind: 'disbursed', payoutId: 'o' },
  { kind: 'returned', code: 'R01', on, mayRetry: true, feeBack: '0', returnFee: '200' },
  { kind: 'returned', code: 'R10', on, mayRetry: false, feeBack: '80', returnFee: '0' },
  { kind: 'retried' },
  { kind: 'given_up' },
  { kind: 'return_reversed', code: 'R10' },
  { kind: 'reversed', reversalId: 'r', feeBack: '0' },
  { kind: 'reversal_failed', fee: '0' },
  { kind: 'canceled', why: 'asked' },
]
const factOf = (kind: FactKind) => facts.find((fact) => fact.kind === kind) as PaymentFact
const tell = (payment: Payment, ...kinds: FactKind[]): Payment =>
  kinds.reduce((state, kind) => move(state, factOf(kind)), payment)

it('knows a move for every fact, and a fact for every move', () => {
  const kinds = new Set(Object.values(moves).flat())
  expect(kinds).toEqual(new Set(facts.map(({ kind }) => kind)))
  for (const kind of kinds) {
    const event = eventFor[kind]
    if (event !== null) expect(Object.keys(events)).toContain(event)
  }
})

it('decides a payment once: authorized, held or declined, with the reason', () => {
  const moved = { ...debit, moves: 1 }
  expect(move(debit, { kind: 'approved' })).toEqual({ ...moved, status: 'authorized' })
  expect(move(debit, { kind: 'held' })).toEqual({ ...moved, status: 'held' })
  const declined = move(debit, { kind: 'declined', code: 'over_daily_count' })
  expect(declined).toEqual({ ...moved, status: 'declined', declineCode: 'over_daily_count' })
})

it('remembers the day of the first settlement, and the fee, through a return and a second presentment', () => {
  const first = tell(debit, 'approved', 'scheduled', 'initiated', 'settled')
  expect(first).toMatchObject({
    status: 'settled',
    presentment: 1,
    settledOn: on,
    firstSettledOn: on,
    fee: { minor: 80n },
  })
  expect(first.inHold.minor).toBe(9_920n)
  const later = asDay('2026-01-20')
  const retried = tell(tell(first, 'returned'), 'retried', 'scheduled', 'initiated')
  const again = move(retried, { kind: 'settled', on: later, fee: '0', fundsOn: later })
  expect(again).toMatchObject({ presentment: 2, settledOn: later, firstSettledOn: on, fee: { minor: 80n } })
  expect(again).not.toHaveProperty('returnCode')
})

it.each(['credit', 'refund'] as const)('never holds, declines, pays out or presents a %s again', (type) => {
  const payment = born(type)
  for (const kind of ['held', 'declined'] as const) expect(canMove(payment, kind)).toBe(false)
  const settled = tell(payment, 'approved', 'scheduled', 'initiated', 'settled')
  expect(settled).toMatchObject({ inHold: { minor: 0n }, fundsOn: null })
  for (const kind of ['funds_released', 'disbursed'] as const) expect(canMove(settled, kind)).toBe(false)
  expect(canMove(tell(settled, 'returned'), 'retried')).toBe(false)
})

const anyFact = fc.constantFrom(...facts)
const anyType = fc.constantFrom<PaymentType>('debit', 'credit', 'refund')
const ofDebits: readonly PaymentStatus[] = ['held', 'declined', 'available', 'disbursed', 'retryable']
/** Nobody says of a credit that it may be presented again. */
const isSaid = (type: PaymentType, fact: PaymentFact) => type === 'debit' || fact.kind !== 'returned' || !fact.mayRetry

it('moves as the table says and never otherwise, in any story; what it is stays what it was', () => {
  fc.assert(
    fc.property(anyType, fc.array(anyFact, { maxLength: 30 }), (type, story) => {
      let payment = born(type)
      const born0 = { id: payment.id, type, amount: payment.amount, requestKey: payment.requestKey }
      for (const fact of story.filter((one) => isSaid(type, one))) {
        let next: Payment | undefined
        try {
          next = move(payment, fact)
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal)
          expect((error as Refusal).code).toBe('payment_not_movable')
        }
        expect(next !== undefined).toBe(canMove(payment, fact.kind))
        if (next) expect(next).toMatchObject({ ...born0, moves: payment.moves + 1 })
        if (next && type !== 'debit') expect(ofDebits).not.toContain(next.status)
        payment = next ?? payment
      }
    }),
  )
})

/** What of a payment has to be in which account while it is in a state, if only its own entries are counted. */
const inTransit: Partial<Record<PaymentStatus, bigint>> = { initiated: 10_000n }

it('leaves the books as the state says, in any story', () => {
  fc.assert(
    fc.property(anyType, fc.array(anyFact, { maxLength: 60 }), (type, story) => {
      let payment = born(type)
      const balances = new Map<string, bigint>()
      for (const fact of story.filter((one) => isSaid(type, one))) {
        if (!canMove(payment, fact.kind)) continue
        for (const { account, debits, credits } of changesOf(postingsFor(payment, fact)))
          balances.set(account, (balances.get(account) ?? 0n) + debits - credits)
        payment = move(payment, fact)
        const of = (account: string) => balances.get(account) ?? 0n
        expect([...balances.values()].reduce((sum, balance) => sum + balance, 0n)).toBe(0n)
        const isDebit = type === 'debit'
        expect(of('ach:debits_in_transit')).toBe(isDebit ? (inTransit[payment.status] ?? 0n) : 0n)
        expect(of('ach:credits_in_transit')).toBe(isDebit ? 0n : -(inTransit[payment.status] ?? 0n))
        expect(of('merchant:m:held')).toBe(-payment.inHold.minor)
        const promised = !isDebit && (payment.status === 'authorized' || payment.status === 'scheduled')
        expect(of('merchant:m:outgoing')).toBe(promised ? -10_000n : 0n)
      }
    }),
  )
})
