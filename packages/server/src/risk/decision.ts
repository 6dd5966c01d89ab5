import { Money } from '../kernel/money.ts'

/** Counted up with every change of a rule, so that an old decision says by which rules it was made. */
export const ruleset = 1

const dayMs = 24 * 60 * 60_000

/** Why a payment was declined. The wire has a sentence for each. */
export type DeclineCode =
  | 'account_not_active'
  | 'no_authorization'
  | 'over_payment_limit'
  | 'over_daily_amount'
  | 'over_daily_count'
  | 'insufficient_funds'
  | 'balance_unknown'

export type Limits = Readonly<{ perPayment: Money; dailyAmount: Money; dailyCount: number; balanceFreshMs: number }>

/** Everything a decision looks at. What it did not look at cannot have influenced it. */
export type DecisionInputs = Readonly<{
  amount: Money
  now: Date
  /** When the decision was asked for: a balance read since then is fresh, however short the limit. */
  askedAt: Date
  accountStatus: string
  authorizedSince: Date | null
  limits: Limits
  /** What this customer was approved for within the last 24 hours, this payment not included. */
  used: Readonly<{ amount: Money; count: number }>
  /** The newest balance read at the bank. */
  balance: Readonly<{ amount: Money; at: Date }> | null
}>

/** One rule, what it looked at and what came of it. Amounts are decimal dollars, as people read them. */
export type RuleOutcome = Readonly<{
  rule: string
  outcome: 'passed' | 'failed' | 'not_reached'
  saw: Readonly<Record<string, string | number | null>>
}>

export type Decision = Readonly<{ rules: readonly RuleOutcome[] }> &
  (
    | Readonly<{ kind: 'approved' }>
    | Readonly<{ kind: 'declined'; code: DeclineCode }>
    /** Everything else passes, but the balance on file is missing or older than the limit. */
    | Readonly<{ kind: 'balance_wanted' }>
  )

type Rule = Readonly<{
  name: string
  code: DeclineCode
  passes: (inputs: DecisionInputs) => boolean
  saw: (inputs: DecisionInputs) => RuleOutcome['saw']
}>

/** What came of approved payments is still on its way to the bank, so the bank's balance does not know of it yet. */
const spendable = ({ balance, used }: DecisionInputs): Money =>
  balance ? Money.subtract(balance.amount, used.amount) : Money.zero

const covers = (limit: Money, amount: Money): boolean => !Money.isPositive(Money.subtract(amount, limit))

/** In this order; the first that fails names the reason. The balance comes last because it costs a call to the bank. */
const rules: readonly Rule[] = [
  {
    name: 'account_active',
    code: 'account_not_active',
    passes: ({ accountStatus }) => accountStatus === 'active',
    saw: ({ accountStatus }) => ({ accountStatus }),
  },
  {
    name: 'authorization_on_file',
    code: 'no_authorization',
    passes: ({ authorizedSince }) => authorizedSince !== null,
    saw: ({ authorizedSince }) => ({ since: authorizedSince?.toISOString() ?? null }),
  },
  {
    name: 'per_payment_limit',
    code: 'over_payment_limit',
    passes: ({ amount, limits }) => covers(limits.perPayment, amount),
    saw: ({ amount, limits }) => ({ amount: Money.format(amount), limit: Money.format(limits.perPayment) }),
  },
  {
    name: 'customer_24_hour_amount',
    code: 'over_daily_amount',
    passes: ({ amount, used, limits }) => covers(limits.dailyAmount, Money.add(used.amount, amount)),
    saw: ({ amount, used, limits }) => ({
      amount: Money.format(amount),
      approvedBefore: Money.format(used.amount),
      limit: Money.format(limits.dailyAmount),
    }),
  },
  {
    name: 'customer_24_hour_count',
    code: 'over_daily_count',
    passes: ({ used, limits }) => used.count < limits.dailyCount,
    saw: ({ used, limits }) => ({ approvedBefore: used.count, limit: limits.dailyCount }),
  },
  {
    name: 'balance_at_bank',
    code: 'insufficient_funds',
    passes: (inputs) => covers(spendable(inputs), inputs.amount),
    saw: ({ amount, balance, used, now }) => ({
      amount: Money.format(amount),
      balance: balance ? Money.format(balance.amount) : null,
      balanceAgeMs: balance ? now.getTime() - balance.at.getTime() : null,
      approvedBefore: Money.format(used.amount),
    }),
  },
]

/** Since when the 24-hour limits count. */
export const windowStart = (now: Date): Date => new Date(now.getTime() - dayMs)

const isFresh = ({ balance, now, askedAt, limits }: DecisionInputs): boolean =>
  balance !== null && (balance.at >= askedAt || now.getTime() - balance.at.getTime() <= limits.balanceFreshMs)

/**
 * Approves or declines, and says why. `balanceGivenUp`: the bank did not tell in time, so a payment that would need its
 * word is declined instead of waiting.
 */
export function decide(inputs: DecisionInputs, balanceGivenUp = false): Decision {
  const failed = rules.findIndex(
    (rule) => (rule.name === 'balance_at_bank' && !isFresh(inputs)) || !rule.passes(inputs),
  )
  const outcomes = rules.map((rule, index): RuleOutcome => {
    if (failed >= 0 && index > failed) return { rule: rule.name, outcome: 'not_reached', saw: {} }
    return { rule: rule.name, outcome: index === failed ? 'failed' : 'passed', saw: rule.saw(inputs) }
  })
  const reason = rules[failed]
  if (!reason) return { kind: 'approved', rules: outcomes }
  if (reason.name !== 'balance_at_bank' || isFresh(inputs)) {
    return { kind: 'declined', code: reason.code, rules: outcomes }
  }
  return balanceGivenUp
    ? { kind: 'declined', code: 'balance_unknown', rules: outcomes }
    : { kind: 'balance_wanted', rules: outcomes }
}
