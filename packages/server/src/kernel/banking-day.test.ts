import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addBankingDays,
  addDays,
  asBankingDay,
  asDay,
  bankingDaysBetween,
  daysBetween,
  fromJulian,
  holidayName,
  holidaysOf,
  isBankingDay,
  julianDay,
  onOrAfter,
  parseDay,
} from './banking-day.ts'

const anyDay = fc.integer({ min: -20_000, max: 40_000 }).map((days) => addDays(asDay('2000-01-01'), days))
const bankingDay = anyDay.map(onOrAfter)
const steps = fc.integer({ min: -400, max: 400 })

/** In the order of the law; * marks a Saturday, which closes nothing. */
const tenYears = `
  2024  01-01 01-15 02-19 05-27  06-19 07-04 09-02 10-14  11-11 11-28  12-25
  2025  01-01 01-20 02-17 05-26  06-19 07-04 09-01 10-13  11-11 11-27  12-25
  2026  01-01 01-19 02-16 05-25  06-19 07-04* 09-07 10-12  11-11 11-26  12-25
  2027  01-01 01-18 02-15 05-31  06-19* 07-05 09-06 10-11  11-11 11-25  12-25*
  2028  01-01* 01-17 02-21 05-29  06-19 07-04 09-04 10-09  11-11* 11-23  12-25
  2029  01-01 01-15 02-19 05-28  06-19 07-04 09-03 10-08  11-12 11-22  12-25
  2030  01-01 01-21 02-18 05-27  06-19 07-04 09-02 10-14  11-11 11-28  12-25
  2031  01-01 01-20 02-17 05-26  06-19 07-04 09-01 10-13  11-11 11-27  12-25
  2032  01-01 01-19 02-16 05-31  06-19* 07-05 09-06 10-11  11-11 11-25  12-25*
  2033  01-01* 01-17 02-21 05-30  06-20 07-04 09-05 10-10  11-11 11-24  12-26
`
const names = [
  "New Year's Day",
  'Birthday of Martin Luther King, Jr.',
  "Washington's Birthday",
  'Memorial Day',
  'Juneteenth National Independence Day',
  'Independence Day',
  'Labor Day',
  'Columbus Day',
  'Veterans Day',
  'Thanksgiving Day',
  'Christmas Day',
]
const years = tenYears
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))

describe('the holidays of the Federal Reserve', () => {
  it.each(years)('are known for %s', (year, ...dates) => {
    expect(holidaysOf(Number(year))).toEqual(
      dates.map((date, index) => ({ day: `${year}-${date.slice(0, 5)}`, name: names[index] })),
    )
    for (const { day, name } of holidaysOf(Number(year))) {
      expect(isBankingDay(day)).toBe(false)
      expect(holidayName(day)).toBe(name)
    }
  })

  it('leave every other Monday to Friday open', () => {
    for (const [year = '', ...dates] of years) {
      const all = Array.from({ length: 366 }, (_, index) => addDays(asDay(`${year}-01-01`), index)).filter((day) =>
        day.startsWith(year),
      )
      const weekdays = all.filter((day) => ![0, 6].includes(new Date(`${day}T12:00:00Z`).getUTCDay()))
      const closed = dates.filter((date) => !date.endsWith('*')).map((date) => `${year}-${date}`)
      expect(all.filter(isBankingDay)).toEqual(weekdays.filter((day) => !closed.includes(day)))
    }
  })

  it('on a Saturday leave the Friday before open', () => {
    for (const friday of ['2026-07-03', '2027-06-18', '2027-12-24', '2027-12-31', '2028-11-10', '2021-12-31'])
      expect(isBankingDay(asDay(friday))).toBe(true)
    expect(holidayName(asDay('2026-07-04'))).toBe('Independence Day')
    expect(holidayName(asDay('2026-07-03'))).toBeUndefined()
  })

  it('on a Sunday close the Monday after', () => {
    for (const monday of ['2027-07-05', '2029-11-12', '2033-06-20', '2033-12-26', '2023-01-02'])
      expect(isBankingDay(asDay(monday))).toBe(false)
    expect(holidayName(asDay('2027-07-05'))).toBe('Independence Day')
    expect(holidayName(asDay('2027-07-04'))).toBeUndefined()
  })

  it('have Juneteenth since 2022', () => {
    expect(isBankingDay(asDay('2020-06-19'))).toBe(true)
    expect(isBankingDay(asDay('2022-06-20'))).toBe(false)
  })
})

describe('counting banking days', () => {
  it.each([
    ['2026-07-02', 1, '2026-07-03'],
    ['2026-07-02', 2, '2026-07-06'],
    ['2027-07-02', 1, '2027-07-06'],
    ['2026-11-25', 1, '2026-11-27'],
    ['2026-12-24', 2, '2026-12-29'],
    ['2026-01-02', -1, '2025-12-31'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2027-02-26', 1, '2027-03-01'],
    ['2026-07-04', 0, '2026-07-06'],
    ['2026-07-04', 1, '2026-07-06'],
    ['2026-07-04', 2, '2026-07-07'],
    ['2026-07-04', -1, '2026-07-03'],
    ['2026-01-19', 0, '2026-01-20'],
    ['2026-01-20', 0, '2026-01-20'],
  ] as const)('%s and %i banking days is %s', (from, n, to) => {
    expect(addBankingDays(asDay(from), n)).toBe(to)
  })

  it('comes back from wherever it went', () => {
    fc.assert(
      fc.property(bankingDay, steps, (day, n) => {
        expect(addBankingDays(addBankingDays(day, n), -n)).toBe(day)
        expect(bankingDaysBetween(day, addBankingDays(day, n))).toBe(n)
      }),
    )
  })

  it('goes later with every step, and always to a banking day', () => {
    fc.assert(
      fc.property(anyDay, steps, (day, n) => {
        const there = addBankingDays(day, n)
        expect(isBankingDay(there)).toBe(true)
        expect(addBankingDays(there, 1) > there).toBe(true)
        expect(n < 0 ? there < day : n > 0 ? there > day : there >= day).toBe(true)
      }),
    )
  })

  it('keeps the order of days', () => {
    fc.assert(
      fc.property(anyDay, anyDay, steps, (a, b, n) => {
        const [early, late] = a < b ? [a, b] : [b, a]
        expect(addBankingDays(early, n) <= addBankingDays(late, n)).toBe(true)
        expect(onOrAfter(early) <= onOrAfter(late)).toBe(true)
      }),
    )
  })

  it('never waits more than four days for the next', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        expect(daysBetween(day, addBankingDays(day, 1))).toBeLessThanOrEqual(4)
      }),
    )
  })

  it('takes no part of a day, and no number that must be a mistake', () => {
    expect(() => addBankingDays(asDay('2026-01-05'), 1.5)).toThrow('sensible')
    expect(() => addDays(asDay('2026-01-05'), Number.NaN)).toThrow('sensible')
    expect(() => addDays(asDay('2026-01-05'), 1e6)).toThrow('sensible')
  })
})

describe('days', () => {
  it.each([
    '2026-02-30',
    '2027-02-29',
    '2026-13-01',
    '2026-00-10',
    '26-01-01',
    '2026-1-1',
    '2026-01-01T00:00',
    '1899-12-31',
    '',
  ])('takes %j for no day', (text) => {
    expect(parseDay(text)).toBeUndefined()
    expect(() => asDay(text)).toThrow('is a day')
  })

  it('has the leap days that there are', () => {
    expect(parseDay('2028-02-29')).toBe('2028-02-29')
    expect(addDays(asDay('2028-02-28'), 1)).toBe('2028-02-29')
    expect(addDays(asDay('2100-02-28'), 1)).toBe('2100-03-01')
    expect(daysBetween(asDay('2027-03-01'), asDay('2028-03-01'))).toBe(366)
  })

  it('tells a banking day from another', () => {
    expect(asBankingDay('2026-07-03')).toBe('2026-07-03')
    expect(() => asBankingDay('2026-07-04')).toThrow('is a banking day')
  })

  it.each([
    ['001', '2026-12-30', '2027-01-01'],
    ['365', '2027-01-02', '2026-12-31'],
    ['366', '2029-01-02', '2028-12-31'],
    ['060', '2028-03-01', '2028-02-29'],
    ['060', '2027-03-01', '2027-03-01'],
    ['180', '2026-06-29', '2026-06-29'],
    ['366', '2026-06-29', undefined],
    ['367', '2028-06-29', undefined],
    ['000', '2026-01-01', undefined],
    ['   ', '2026-01-01', undefined],
    ['1', '2026-01-01', undefined],
  ] as const)('reads day %j near %s as %s', (julian, near, day) => {
    expect(fromJulian(julian, asDay(near))).toBe(day)
  })

  it('reads back the day of the year that it wrote, up to five months later', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -150, max: 150 }), (day, later) => {
        expect(fromJulian(julianDay(day), addDays(day, later))).toBe(day)
      }),
    )
  })
})
