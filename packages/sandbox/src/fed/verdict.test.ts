import { describe, expect, it } from 'vitest'
import { easternDay, easternTime } from './banking-day.ts'
import { magicOf, matches, readOutcome } from './outcome.ts'
import { decide, type Situation } from './verdict.ts'

const healthy = { kind: 'checking', status: 'OPEN', available: 50_000_00n, temper: 'plain', isStopped: false } as const
const ordinary: Situation = {
  direction: 'debit',
  amount: 25_00n,
  meant: 'checking',
  hasPossibleNumber: true,
  account: healthy,
}
const show = (at: Date): string => `${easternDay(at)} ${easternTime(at)}`
const says = (situation: Partial<Situation>, account: object | null = {}) => {
  const whole = { ...ordinary, ...situation, ...(account ? { account: { ...healthy, ...account } } : {}) } as Situation
  const verdict = decide(account ? whole : { ...whole, account: undefined }, undefined, '2026-01-06')
  return verdict.kind === 'return' ? `${verdict.code} on ${show(verdict.deliverAt)}` : verdict
}

describe('a bank that an entry reaches', () => {
  it('posts what a healthy account can pay', () => {
    expect(says({})).toEqual({ kind: 'post' })
    expect(says({ amount: 50_000_00n })).toEqual({ kind: 'post' })
  })

  it('sends back, on the next banking day, what cannot be posted', () => {
    expect(says({ amount: 50_000_01n })).toBe('R01 on 2026-01-07 08:30')
    expect(says({}, { temper: 'drains' })).toBe('R01 on 2026-01-07 08:30')
    expect(says({}, { status: 'CLOSED' })).toBe('R02 on 2026-01-07 08:30')
    expect(says({}, { temper: 'closes' })).toBe('R02 on 2026-01-07 08:30')
    expect(says({}, null)).toBe('R03 on 2026-01-07 08:30')
    expect(says({}, { temper: 'vanishes' })).toBe('R03 on 2026-01-07 08:30')
    expect(says({ hasPossibleNumber: false }, null)).toBe('R04 on 2026-01-07 08:30')
    expect(says({}, { isStopped: true })).toBe('R08 on 2026-01-07 08:30')
    expect(says({}, { status: 'RESTRICTED' })).toBe('R16 on 2026-01-07 08:30')
    expect(says({}, { kind: 'loan' })).toBe('R20 on 2026-01-07 08:30')
    expect(says({}, { kind: 'credit_card' })).toBe('R20 on 2026-01-07 08:30')
  })

  it('takes credits that it would not pay as debits, but not into a closed or frozen account', () => {
    expect(says({ direction: 'credit', amount: 90_000_00n })).toEqual({ kind: 'post' })
    expect(says({ direction: 'credit' }, { isStopped: true })).toEqual({ kind: 'post' })
    expect(says({ direction: 'credit' }, { temper: 'drains' })).toEqual({ kind: 'post' })
    expect(says({ direction: 'credit' }, { status: 'CLOSED' })).toBe('R02 on 2026-01-07 08:30')
    expect(says({ direction: 'credit' }, { temper: 'freezes' })).toBe('R16 on 2026-01-07 08:30')
  })

  it('answers a prenote only when the account is wrong', () => {
    expect(says({ amount: 0n }, { available: 0n })).toEqual({ kind: 'post' })
    expect(says({ amount: 0n }, { isStopped: true })).toEqual({ kind: 'post' })
    expect(says({ amount: 0n }, null)).toBe('R03 on 2026-01-07 08:30')
  })

  it('corrects a transaction code that means the other kind of account', () => {
    expect(says({ meant: 'savings' })).toEqual({ kind: 'post', correction: { code: 'C05' } })
  })

  it('disputes for the customer who always does, on the 59th day', () => {
    const verdict = says({}, { temper: 'disputes' })
    if (typeof verdict === 'string' || verdict.kind !== 'post' || !verdict.later) throw new Error('not posted')
    expect(verdict.later.code).toBe('R10')
    expect(show(verdict.later.at)).toBe('2026-03-06 10:00')
  })

  it('obeys an outcome before it looks at the account', () => {
    const closed: Situation = { ...ordinary, account: { ...healthy, status: 'CLOSED' } }
    expect(decide(closed, { kind: 'correct', code: 'C04' }, '2026-01-06')).toEqual({
      kind: 'post',
      correction: { code: 'C04' },
    })
    const late = decide(closed, { kind: 'return', code: 'R10', afterDays: 59 }, '2026-01-06')
    expect(late).toMatchObject({ kind: 'post', later: { code: 'R10' } })
    const soon = decide(ordinary, { kind: 'return', code: 'R10', afterBankingDays: 2 }, '2026-01-15')
    if (soon.kind !== 'return') throw new Error('posted')
    expect(show(soon.deliverAt)).toBe('2026-01-20 08:30')
  })
})

describe('a magic amount', () => {
  it('means a return, a correction or a late return', () => {
    expect(magicOf(101_01n)).toEqual({ kind: 'return', code: 'R01' })
    expect(magicOf(101_29n)).toEqual({ kind: 'return', code: 'R29' })
    expect(magicOf(102_05n)).toEqual({ kind: 'correct', code: 'C05' })
    expect(magicOf(103_10n)).toEqual({ kind: 'return', code: 'R10', afterDays: 59 })
  })

  it('means nothing where there is no such code', () => {
    for (const amount of [0n, 101n, 100_99n, 101_00n, 101_99n, 102_00n, 102_61n, 103_00n, 104_01n, 10_101_00n])
      expect(magicOf(amount), String(amount)).toBeUndefined()
  })
})

describe('a rule', () => {
  const entry = {
    ...{ routingNumber: '011111111', accountNumber: '4100012345', amount: 25_00n },
    ...{ name: 'ADA BYRON', individualId: 'PAY-1' },
  }

  it('matches when everything it names is so', () => {
    expect(matches({}, entry)).toBe(true)
    expect(matches({ name: 'Ada Byron ', amount: 25_00n }, entry)).toBe(true)
    expect(matches({ name: 'Ada Byron', amount: 25_01n }, entry)).toBe(false)
    expect(matches({ individualId: 'PAY-2' }, entry)).toBe(false)
  })

  it('says what is wrong with an outcome nobody can bring about', () => {
    expect(readOutcome({ kind: 'return', code: 'R99' })).toContain('outcome.code is one of R01')
    expect(readOutcome({ kind: 'return', code: 'R01', afterDays: 1, afterBankingDays: 1 })).toContain('not both')
    expect(readOutcome({ kind: 'return', code: 'R01', afterDays: 0 })).toContain('whole numbers')
    expect(readOutcome({ kind: 'correct', code: 'C01', correctedData: 'x'.repeat(30) })).toContain('at most 29')
    expect(readOutcome({ kind: 'settle' })).toBe('outcome.kind is return or correct')
    expect(readOutcome({ kind: 'return', code: 'R10', afterDays: 59 })).toEqual({
      kind: 'return',
      code: 'R10',
      afterDays: 59,
    })
  })
})
