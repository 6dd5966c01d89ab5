import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Money } from '../kernel/money.ts'
import { type DecisionInputs, decide, windowStart } from './decision.ts'

const now = new Date('2026-01-05T15:00:00.000Z')
const before = (ms: number) => new Date(now.getTime() - ms)
const dollars = (amount: number) => Money.of(BigInt(Math.round(amount * 100)))

const good: DecisionInputs = {
  ...{ amount: dollars(100), now, askedAt: now, accountStatus: 'active', authorizedSince: before(1_000) },
  limits: { perPayment: dollars(9_000), dailyAmount: dollars(25_000), dailyCount: 100, balanceFreshMs: 30_000 },
  ...{ used: { amount: Money.zero, count: 0 }, balance: { amount: dollars(500), at: before(1_000) } },
}
const names = [
  ...['account_active', 'authorization_on_file', 'per_payment_limit'],
  ...['customer_24_hour_amount', 'customer_24_hour_count', 'balance_at_bank'],
]

it('approves a payment that passes every rule', () => {
  const decision = decide(good)
  expect(decision.kind).toBe('approved')
  expect(decision.rules.map(({ rule, outcome }) => [rule, outcome])).toEqual(names.map((name) => [name, 'passed']))
})

it.each<[string, Partial<DecisionInputs>, string]>([
  ['account_not_active', { accountStatus: 'inactive' }, 'account_active'],
  ['no_authorization', { authorizedSince: null }, 'authorization_on_file'],
  ['over_payment_limit', { amount: dollars(9_000.01) }, 'per_payment_limit'],
  ['over_daily_amount', { used: { amount: dollars(24_900.01), count: 1 } }, 'customer_24_hour_amount'],
  ['over_daily_count', { used: { amount: Money.zero, count: 100 } }, 'customer_24_hour_count'],
  ['insufficient_funds', { balance: { amount: dollars(99.99), at: now } }, 'balance_at_bank'],
  ['insufficient_funds', { used: { amount: dollars(400.01), count: 1 } }, 'balance_at_bank'],
])('declines for %s, and reaches no rule after it', (code, change, rule) => {
  const decision = decide({ ...good, ...change })
  expect(decision).toMatchObject({ kind: 'declined', code })
  const at = names.indexOf(rule)
  expect(decision.rules.map(({ outcome }) => outcome)).toEqual(
    names.map((_, index) => (index < at ? 'passed' : index === at ? 'failed' : 'not_reached')),
  )
})

it.each<[string, Partial<DecisionInputs>]>([
  ['exactly the limit', { amount: dollars(9_000), balance: { amount: dollars(9_000), at: now } }],
  [
    'exactly what is left of the day',
    { used: { amount: dollars(24_900), count: 99 }, balance: { amount: dollars(25_000), at: now } },
  ],
  ['exactly the balance', { balance: { amount: dollars(100), at: now } }],
  ['a balance of exactly the age that counts as fresh', { balance: { amount: dollars(100), at: before(30_000) } }],
])('approves %s', (_what, change) => {
  expect(decide({ ...good, ...change }).kind).toBe('approved')
})

it.each<[string, DecisionInputs['balance']]>([
  ['is missing', null],
  ['is too old', { amount: dollars(500), at: before(30_001) }],
])('wants the balance when it %s, and declines when it is given up', (_what, balance) => {
  expect(decide({ ...good, balance }).kind).toBe('balance_wanted')
  expect(decide({ ...good, balance }, true)).toMatchObject({ kind: 'declined', code: 'balance_unknown' })
})

it('takes a balance that was read since it was asked for as fresh, however short the limit', () => {
  const limits = { ...good.limits, balanceFreshMs: 0 }
  const balance = { amount: dollars(500), at: before(5_000) }
  expect(decide({ ...good, limits, balance, askedAt: before(5_000) }).kind).toBe('approved')
  expect(decide({ ...good, limits, balance, askedAt: before(4_999) }).kind).toBe('balance_wanted')
})

it('does not ask the bank for a payment that is declined anyway', () => {
  expect(decide({ ...good, balance: null, amount: dollars(9_001) })).toMatchObject({ code: 'over_payment_limit' })
})

it('counts the last 24 hours', () => {
  expect(windowStart(now)).toEqual(new Date('2026-01-04T15:00:00.000Z'))
})

const cents = (most: bigint) => fc.bigInt(0n, most).map((minor) => Money.of(minor))
const anyInputs = fc.record({
  ...{
    amount: fc.bigInt(1n, 2_000_000n).map((minor) => Money.of(minor)),
    now: fc.constant(now),
    askedAt: fc.constant(now),
  },
  accountStatus: fc.constantFrom('active', 'active', 'inactive', 'none'),
  authorizedSince: fc.option(fc.constant(before(1)), { freq: 5 }),
  limits: fc.constant(good.limits),
  used: fc.record({ amount: cents(2_600_000n), count: fc.nat(101) }),
  balance: fc.option(fc.record({ amount: cents(3_000_000n), at: fc.nat(60_000).map(before) }), { freq: 5 }),
})

it('never approves what would break a limit, a balance or an authorization, whatever it is given', () => {
  fc.assert(
    fc.property(anyInputs, fc.boolean(), (inputs, givenUp) => {
      const decision = decide(inputs, givenUp)
      const { amount, used, limits, balance } = inputs
      if (decision.kind !== 'approved') return
      expect(amount.minor <= limits.perPayment.minor).toBe(true)
      expect(used.amount.minor + amount.minor <= limits.dailyAmount.minor).toBe(true)
      expect(used.count + 1 <= limits.dailyCount).toBe(true)
      expect(amount.minor + used.amount.minor <= (balance?.amount.minor ?? 0n)).toBe(true)
      expect([inputs.accountStatus, inputs.authorizedSince !== null]).toEqual(['active', true])
    }),
    { numRuns: 2_000 },
  )
})

it('decides the same for the same facts, explains itself, and wants nothing more once the balance is given up', () => {
  fc.assert(
    fc.property(anyInputs, fc.boolean(), (inputs, givenUp) => {
      const decision = decide(inputs, givenUp)
      expect(decide(inputs, givenUp)).toEqual(decision)
      if (givenUp) expect(decision.kind).not.toBe('balance_wanted')
      expect(decision.rules.map(({ rule }) => rule)).toEqual(names)
      const failed = decision.rules.filter(({ outcome }) => outcome === 'failed').length
      expect(failed).toBe(decision.kind === 'approved' ? 0 : 1)
    }),
    { numRuns: 1_000 },
  )
})
