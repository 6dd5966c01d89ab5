import { expect, it } from 'vitest'
import { kindOf, type LineKind, linesOf, type Movements, statementOf, sumOf } from './payout-statement.ts'

const movement = (subject: Movements['subject'], other: string, moved: bigint, more: Partial<Movements> = {}) => ({
  ...{ subject, other, moved, many: 1, withFee: 0, amount: 0n },
  ...more,
})

it.each<[Movements['subject'], string, bigint, LineKind]>([
  ['debit', 'held', 9_920n, 'gross'],
  ['debit', 'bank:settlement', -10_000n, 'returns'],
  ['debit', 'bank:settlement', 10_000n, 'returns_reversed'],
  ['debit', 'platform:fees', -500n, 'return_fees'],
  ['debit', 'platform:fees', 80n, 'fees_given_back'],
  ['refund', 'outgoing', -300n, 'refunds'],
  ['refund', 'outgoing', 300n, 'refunds_not_paid'],
  ['refund', 'ach:credits_in_transit', 300n, 'refunds_not_paid'],
  ['refund', 'bank:settlement', -300n, 'refunds_not_paid'],
  ['credit', 'outgoing', -300n, 'credits'],
  ['credit', 'bank:settlement', 300n, 'credits_not_paid'],
  ['payout', 'outgoing', 300n, 'payouts_canceled'],
  ['payout', 'ach:credits_in_transit', 300n, 'payouts_returned'],
  ['payout', 'bank:settlement', -300n, 'payouts_returned'],
  ['none', 'reserve', -300n, 'reserve'],
  ['none', 'platform:losses', 300n, 'adjustments'],
  ['debit', 'platform:losses', 300n, 'adjustments'],
])('puts what a %s moves from or to %s, %s, into %s', (subject, other, moved, kind) => {
  expect(kindOf({ subject, other, moved })).toBe(kind)
})

it('splits what was released into what it is of and its fees, and leaves out what comes to nothing', () => {
  const lines = linesOf([
    movement('refund', 'outgoing', -500n),
    movement('refund', 'outgoing', 500n),
    movement('debit', 'held', 14_880n, { many: 3, withFee: 2, amount: 15_000n }),
    movement('none', 'reserve', -100n),
    movement('none', 'reserve', 100n),
  ])
  expect(lines).toEqual([
    { kind: 'gross', many: 3, amount: 15_000n },
    { kind: 'fees', many: 2, amount: -120n },
    { kind: 'refunds', many: 1, amount: -500n },
    { kind: 'refunds_not_paid', many: 1, amount: 500n },
  ])
})

it('begins with what was carried, ends with what is carried on, and adds up to the amount', () => {
  const released = movement('debit', 'held', 700n, { amount: 700n })
  const lines = statementOf([released], { balance: 1_000n, carried: 300n, amount: 900n })
  expect(lines).toEqual([
    { kind: 'carried_from', many: 1, amount: 300n },
    { kind: 'gross', many: 1, amount: 700n },
    { kind: 'carried_to', many: 1, amount: -100n },
  ])
  expect(sumOf(lines)).toBe(900n)
})

it('breaks when the entries do not come to what is available', () => {
  const released = movement('debit', 'held', 700n, { amount: 700n })
  expect(() => statementOf([released], { balance: 701n, carried: 0n, amount: 701n })).toThrow('broken promise')
})
