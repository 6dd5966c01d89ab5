import { assert } from '../kernel/assert.ts'

/**
 * What a payout's amount is made of: every kind of line that a statement may have, in the order in which it is read.
 * docs/concepts/payouts.md explains them.
 */
export const lineKinds = {
  carried_from: 'What the payout before it left behind, because it was too much for one ACH entry.',
  gross: 'Payments whose hold ended, before fees.',
  fees: 'The fees of these payments.',
  returns: "Payments that the customer's bank took back after they had settled.",
  returns_reversed: 'Such returns that were dishonored, and so count as never made.',
  return_fees: 'Fees for returns.',
  fees_given_back: 'Fees of payments that came back, where they are given back.',
  refunds: 'Refunds, taken when they were accepted.',
  refunds_not_paid: 'Refunds that were canceled, or came back from the bank.',
  credits: 'Credits to customers, taken when they were accepted.',
  credits_not_paid: 'Credits that were canceled, or came back from the bank.',
  payouts_canceled: 'Payouts that were canceled before they were sent.',
  payouts_returned: "Payouts that came back from the merchant's bank.",
  reserve: 'Kept back by agreement, or given free again.',
  adjustments: 'Anything else; the operator can say what.',
  carried_to: 'What is too much for one ACH entry, and waits for the next payout.',
} as const satisfies Record<string, string>

export type LineKind = keyof typeof lineKinds

/** Cents, signed as the merchant feels them. */
export type StatementLine = Readonly<{ kind: LineKind; many: number; amount: bigint }>

/** What an entry of the available account follows from. */
export type MovementSubject = 'debit' | 'credit' | 'refund' | 'payout' | 'none'

/**
 * Entries of the available account that are of one sort. `other` is the account on their other side: of the merchant's
 * own the part (`held`), of the platform's the whole name.
 */
export type Movements = Readonly<{
  subject: MovementSubject
  other: string
  /** What came to the account is above zero, what left it is below. */
  moved: bigint
  many: number
  /** Of those that a fee was taken from. */
  withFee: number
  /** What the payments are of, before fees. */
  amount: bigint
}>

/** Which line an entry belongs to. A debit's release is two: what it is of, and the fee that was taken from it. */
export function kindOf({ subject, other, moved }: Pick<Movements, 'subject' | 'other' | 'moved'>): LineKind {
  const came = moved > 0n
  switch (subject) {
    case 'debit':
      if (other === 'held' && came) return 'gross'
      if (other === 'platform:fees') return came ? 'fees_given_back' : 'return_fees'
      if (other === 'bank:settlement') return came ? 'returns_reversed' : 'returns'
      return 'adjustments'
    case 'refund':
      return other === 'outgoing' && !came ? 'refunds' : 'refunds_not_paid'
    case 'credit':
      return other === 'outgoing' && !came ? 'credits' : 'credits_not_paid'
    case 'payout':
      return other === 'outgoing' ? 'payouts_canceled' : 'payouts_returned'
    case 'none':
      return other === 'reserve' ? 'reserve' : 'adjustments'
  }
}

/** The lines of entries, in the order of a statement. What comes to nothing is left out. */
export function linesOf(movements: readonly Movements[]): StatementLine[] {
  const lines = new Map<LineKind, { many: number; amount: bigint }>()
  const add = (kind: LineKind, many: number, amount: bigint) => {
    const line = lines.get(kind) ?? { many: 0, amount: 0n }
    lines.set(kind, { many: line.many + many, amount: line.amount + amount })
  }
  for (const movement of movements) {
    const kind = kindOf(movement)
    if (kind === 'gross') {
      add('gross', movement.many, movement.amount)
      add('fees', movement.withFee, movement.moved - movement.amount)
    } else add(kind, movement.many, movement.moved)
  }
  return (Object.keys(lineKinds) as LineKind[]).flatMap((kind) => {
    const line = lines.get(kind)
    return line && line.amount !== 0n ? [{ kind, ...line }] : []
  })
}

export const sumOf = (lines: readonly Pick<StatementLine, 'amount'>[]): bigint =>
  lines.reduce((sum, { amount }) => sum + amount, 0n)

/**
 * A whole statement: what was carried from the payout before, what moved since, what is carried on. Its lines add up to
 * the amount. `balance` is what is available, `carried` what the payout before it left behind.
 */
export function statementOf(
  movements: readonly Movements[],
  { balance, carried, amount }: Readonly<{ balance: bigint; carried: bigint; amount: bigint }>,
): StatementLine[] {
  const moved = linesOf(movements)
  assert(carried + sumOf(moved) === balance, 'what is available is what was carried and what moved since')
  const rest = amount - balance
  return [
    ...(carried === 0n ? [] : [{ kind: 'carried_from', many: 1, amount: carried } as const]),
    ...moved,
    ...(rest === 0n ? [] : [{ kind: 'carried_to', many: 1, amount: rest } as const]),
  ]
}
