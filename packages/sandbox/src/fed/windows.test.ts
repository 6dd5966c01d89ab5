import { describe, expect, it } from 'vitest'
import {
  addBankingDays,
  atEastern,
  easternDay,
  easternTime,
  isBankingDay,
  julianDay,
  onOrAfter,
} from './banking-day.ts'
import { returnFileAfter, returnFileFrom, settlesAt } from './windows.ts'

const show = (instant: Date): string => `${easternDay(instant)} ${easternTime(instant)}`
const at = (text: string): Date => atEastern(text.slice(0, 10), text.slice(11))
const settles = (taken: string, effectiveDate: string, amount = 25_00n) =>
  show(settlesAt({ takenAt: at(taken), effectiveDate, amount }))

describe('the days of the Federal Reserve', () => {
  it('leave out weekends and its holidays, moved from Sunday to Monday but never from Saturday', () => {
    const closed = ['2026-01-01', '2026-01-19', '2026-02-16', '2026-05-25', '2026-06-19', '2026-09-07', '2026-10-12']
    for (const day of [...closed, '2026-11-11', '2026-11-26', '2026-12-25', '2027-07-05', '2026-01-03', '2026-01-04'])
      expect(isBankingDay(day), day).toBe(false)
    for (const day of ['2026-07-03', '2027-06-18', '2027-12-24', '2026-01-02', '2026-11-27'])
      expect(isBankingDay(day), day).toBe(true)
  })

  it('are counted over weekends and holidays', () => {
    expect(onOrAfter('2026-01-17')).toBe('2026-01-20')
    expect(addBankingDays('2026-01-16', 1)).toBe('2026-01-20')
    expect(addBankingDays('2026-12-24', 2)).toBe('2026-12-29')
  })

  it('are numbered through the year, leap years too', () => {
    expect([julianDay('2026-01-01'), julianDay('2028-12-31'), julianDay('2026-12-31')]).toEqual(['001', '366', '365'])
  })

  it('begin five hours after UTC in winter and four in summer', () => {
    expect(at('2026-01-05 08:30').toISOString()).toBe('2026-01-05T13:30:00.000Z')
    expect(at('2026-07-06 08:30').toISOString()).toBe('2026-07-06T12:30:00.000Z')
    expect(at('2026-03-06 08:30').toISOString()).toBe('2026-03-06T13:30:00.000Z')
    expect(at('2026-03-09 08:30').toISOString()).toBe('2026-03-09T12:30:00.000Z')
    expect(at('2026-11-02 08:30').toISOString()).toBe('2026-11-02T13:30:00.000Z')
  })
})

describe('an entry', () => {
  it('for today settles at the next window whose deadline has not passed', () => {
    expect(settles('2026-01-05 06:00', '2026-01-05')).toBe('2026-01-05 13:00')
    expect(settles('2026-01-05 10:30', '2026-01-05')).toBe('2026-01-05 13:00')
    expect(settles('2026-01-05 10:31', '2026-01-05')).toBe('2026-01-05 17:00')
    expect(settles('2026-01-05 14:46', '2026-01-05')).toBe('2026-01-05 18:00')
    expect(settles('2026-01-05 16:46', '2026-01-05')).toBe('2026-01-06 08:30')
  })

  it('for a day that is over settles at the next window too', () => {
    expect(settles('2026-01-06 09:00', '2026-01-02')).toBe('2026-01-06 13:00')
    expect(settles('2026-01-04 09:00', '2026-01-02')).toBe('2026-01-05 08:30')
  })

  it('for a later day settles that morning, or on the next banking day', () => {
    expect(settles('2026-01-05 18:00', '2026-01-06')).toBe('2026-01-06 08:30')
    expect(settles('2026-01-16 18:00', '2026-01-17')).toBe('2026-01-20 08:30')
    expect(settles('2026-01-16 18:00', '2026-01-19')).toBe('2026-01-20 08:30')
    expect(settles('2026-07-02 18:00', '2026-07-03')).toBe('2026-07-03 08:30')
  })

  it('for a Saturday that is today settles on Monday', () => {
    expect(settles('2026-01-10 09:00', '2026-01-10')).toBe('2026-01-12 08:30')
  })

  it('above the same-day limit settles on the next banking day', () => {
    expect(settles('2026-01-05 09:00', '2026-01-05', 1_000_000_00n)).toBe('2026-01-05 13:00')
    expect(settles('2026-01-05 09:00', '2026-01-05', 1_000_000_01n)).toBe('2026-01-06 08:30')
  })

  it('settles at half past eight on the wall on both sides of a change of the clock', () => {
    const before = settlesAt({ takenAt: at('2026-03-05 18:00'), effectiveDate: '2026-03-06', amount: 1n })
    const after = settlesAt({ takenAt: at('2026-03-06 18:00'), effectiveDate: '2026-03-09', amount: 1n })
    expect([before.toISOString(), after.toISOString()]).toEqual([
      '2026-03-06T13:30:00.000Z',
      '2026-03-09T12:30:00.000Z',
    ])
  })
})

describe('return files', () => {
  it('come every banking morning, the one of this very moment included only when asked for', () => {
    expect(show(returnFileAfter(at('2026-01-06 08:30')))).toBe('2026-01-07 08:30')
    expect(show(returnFileFrom(at('2026-01-06 08:30')))).toBe('2026-01-06 08:30')
    expect(show(returnFileAfter(at('2026-01-06 08:29')))).toBe('2026-01-06 08:30')
    expect(show(returnFileAfter(at('2026-01-16 13:00')))).toBe('2026-01-20 08:30')
    expect(show(returnFileFrom(at('2026-01-17 09:00')))).toBe('2026-01-20 08:30')
  })
})
