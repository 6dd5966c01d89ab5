import { expect, it } from 'vitest'
import { asBankingDay, asDay } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { postingsFor } from './payout.postings.ts'
import { canMove, move, moves, type Payout, type PayoutFact, type PayoutId } from './payout.ts'

const merchantId = 'm' as MerchantId
const draft: Payout = {
  ...{ id: 'p' as PayoutId, merchantId, amount: Money.of(9_920n), day: asBankingDay('2026-01-08') },
  ...{ presentment: 1, moves: 0, afterEntry: 0n, lastEntry: 7n, periodFrom: null, effectiveOn: null, settledOn: null },
  account: { routingNumber: '044444444', type: 'checking', lastFour: '0001', numberSealed: 'sealed' },
  createdAt: new Date('2026-01-08T22:00:00Z'),
  status: 'drafted',
}
const on = asDay('2026-01-09')
const facts: Record<PayoutFact['kind'], PayoutFact> = {
  accepted: { kind: 'accepted' },
  scheduled: { kind: 'scheduled', fileId: 'f', effectiveOn: on },
  unscheduled: { kind: 'unscheduled', reason: 'withdrawn' },
  initiated: { kind: 'initiated', traceNumber: '044444440000001' },
  refused: { kind: 'refused', reason: 'bad header' },
  settled: { kind: 'settled', on },
  returned: { kind: 'returned', code: 'R03', on },
  return_reversed: { kind: 'return_reversed', code: 'R68' },
  canceled: { kind: 'canceled', by: 'ada' },
}
type Kind = PayoutFact['kind']
const after = (...kinds: Kind[]): Payout => kinds.reduce<Payout>((payout, kind) => move(payout, facts[kind]), draft)
/** What the books hold after these facts, without what is zero. */
function booksAfter(...kinds: Kind[]): Record<string, bigint> {
  const held = new Map<string, bigint>()
  let payout = draft
  for (const kind of kinds) {
    for (const { debit, credit, amount } of postingsFor(payout, facts[kind])) {
      held.set(debit, (held.get(debit) ?? 0n) - amount.minor)
      held.set(credit, (held.get(credit) ?? 0n) + amount.minor)
    }
    payout = move(payout, facts[kind])
  }
  return Object.fromEntries([...held].filter(([, cents]) => cents !== 0n))
}
const available = 'merchant:m:available'
const sent: Kind[] = ['accepted', 'scheduled', 'initiated']

it('is accepted, scheduled, initiated and settled', () => {
  expect(after(...sent, 'settled')).toMatchObject({ status: 'settled', settledOn: on, effectiveOn: on, moves: 4 })
})

it('waits for another file when its file was withdrawn, and is presented again when it was refused', () => {
  expect(after('accepted', 'scheduled', 'unscheduled')).toMatchObject({
    ...{ status: 'accepted', presentment: 1, effectiveOn: null },
  })
  expect(after(...sent, 'refused')).toMatchObject({ status: 'accepted', presentment: 2, effectiveOn: null })
})

it('remembers where it came back from, and goes back there when the return counts as never made', () => {
  expect(after(...sent, 'returned')).toMatchObject({
    ...{ status: 'returned', returnCode: 'R03', returnedFrom: 'initiated' },
  })
  const reversed = after(...sent, 'settled', 'returned', 'return_reversed')
  expect(reversed.status).toBe('settled')
  expect(reversed).not.toHaveProperty('returnCode')
})

it('refuses every move that the table does not have', () => {
  const states = [draft, after('accepted'), after('accepted', 'scheduled'), after(...sent), after(...sent, 'settled')]
  for (const payout of [...states, after(...sent, 'returned'), after('accepted', 'canceled')])
    for (const fact of Object.values(facts)) {
      if (canMove(payout, fact.kind)) continue
      expect(() => move(payout, fact)).toThrowError(expect.objectContaining({ code: 'payout_not_movable' }))
    }
  expect(moves.canceled).toEqual([])
})

it('moves the money from available to outgoing, on its way, out of the bank, and back as it came', () => {
  expect(booksAfter('accepted')).toEqual({ [available]: -9_920n, 'merchant:m:outgoing': 9_920n })
  expect(booksAfter('accepted', 'canceled')).toEqual({})
  expect(booksAfter(...sent)).toEqual({ [available]: -9_920n, 'ach:credits_in_transit': 9_920n })
  expect(booksAfter(...sent, 'refused')).toEqual({ [available]: -9_920n, 'merchant:m:outgoing': 9_920n })
  expect(booksAfter(...sent, 'settled')).toEqual({ [available]: -9_920n, 'bank:settlement': 9_920n })
  expect(booksAfter(...sent, 'returned')).toEqual({})
  expect(booksAfter(...sent, 'settled', 'returned')).toEqual({})
  expect(booksAfter(...sent, 'returned', 'return_reversed')).toEqual(booksAfter(...sent))
  expect(booksAfter(...sent, 'settled', 'returned', 'return_reversed')).toEqual(booksAfter(...sent, 'settled'))
})
