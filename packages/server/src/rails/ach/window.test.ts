import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDays,
  asBankingDay,
  asDay,
  atEastern,
  easternDay,
  easternTime,
  isBankingDay,
} from '../../kernel/banking-day.ts'
import type { CutOff, OriginatingBank } from '../originating-bank.ts'
import {
  administrativeReturnsEndOn,
  contestUntil,
  correctBy,
  dishonorUntil,
  effectiveDate,
  expectedSettlement,
  isTimely,
  nextCutOff,
  retryUntil,
  returnsEndOn,
  reversalDeadline,
  spansOn,
  unauthorizedReturnsEndOn,
  windowFor,
} from './window.ts'

const cutOffs: readonly CutOff[] = [
  { at: '10:00', speed: 'same_day', mark: 'SD1030' },
  { at: '14:15', speed: 'same_day', mark: 'SD1445' },
  { at: '16:15', speed: 'same_day', mark: 'SD1645' },
  { at: '20:00', speed: 'standard' },
]
const bank: Pick<OriginatingBank, 'windows'> = {
  windows: [{ from: asDay('2026-01-01'), cutOffs, sameDayLimit: 100_000_000n }],
}
const moment = (text: string): Date => {
  const [day = '', time = ''] = text.split(' ')
  return atEastern(asDay(day), time)
}
const wall = (instant: Date): string => `${easternDay(instant)} ${easternTime(instant)}`

/** `when, next, same day, standard`, each a time in New York. */
const stories = `
  2026-07-02 09:59   2026-07-02 10:00   2026-07-02 10:00   2026-07-02 20:00   Thursday morning
  2026-07-02 10:00   2026-07-02 14:15   2026-07-02 14:15   2026-07-02 20:00   at the very moment of a cut-off
  2026-07-02 16:15   2026-07-02 20:00   2026-07-03 10:00   2026-07-02 20:00   the last same-day file is gone
  2026-07-02 20:00   2026-07-03 10:00   2026-07-03 10:00   2026-07-03 20:00   Friday before a Saturday holiday is open
  2026-07-03 20:00   2026-07-06 10:00   2026-07-06 10:00   2026-07-06 20:00   over the weekend
  2026-07-04 12:00   2026-07-06 10:00   2026-07-06 10:00   2026-07-06 20:00   on a Saturday
  2027-07-02 21:00   2027-07-06 10:00   2027-07-06 10:00   2027-07-06 20:00   a Sunday holiday closes Monday
  2026-11-25 23:00   2026-11-27 10:00   2026-11-27 10:00   2026-11-27 20:00   over Thanksgiving
  2026-03-06 20:30   2026-03-09 10:00   2026-03-09 10:00   2026-03-09 20:00   clocks go forward meanwhile
  2026-10-30 20:30   2026-11-02 10:00   2026-11-02 10:00   2026-11-02 20:00   clocks go back meanwhile
  2026-07-02 00:00   2026-07-02 10:00   2026-07-02 10:00   2026-07-02 20:00   at midnight
`
const rows = stories
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s{3}/))

describe('cut-offs', () => {
  it.each(rows)('after %s: next %s, same day %s, standard %s (%s)', (when = '', next, sameDay, standard) => {
    const at = moment(when)
    expect(wall(nextCutOff(bank, at).at)).toBe(next)
    expect(wall(windowFor(bank, at, 'same_day')?.at ?? at)).toBe(sameDay)
    expect(wall(windowFor(bank, at, 'standard')?.at ?? at)).toBe(standard)
  })

  it('come one after the other, always later, always on a banking day', () => {
    const instants = fc.date({ min: new Date('2024-01-01'), max: new Date('2033-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(instants, (instant) => {
        const first = nextCutOff(bank, instant)
        const second = nextCutOff(bank, first.at)
        expect(first.at > instant).toBe(true)
        expect(second.at > first.at).toBe(true)
        expect(isBankingDay(first.day)).toBe(true)
        expect(wall(first.at)).toBe(`${first.day} ${first.cutOff.at}`)
      }),
    )
  })

  it('change on the day on which newer windows begin', () => {
    const later = {
      windows: [
        ...bank.windows,
        { ...bank.windows[0]!, from: asDay('2026-07-06'), cutOffs: [{ at: '18:00', speed: 'standard' } as const] },
      ],
    }
    expect(wall(nextCutOff(later, moment('2026-07-03 16:00')).at)).toBe('2026-07-03 16:15')
    expect(wall(nextCutOff(later, moment('2026-07-03 20:00')).at)).toBe('2026-07-06 18:00')
    expect(windowFor(later, moment('2026-07-03 20:00'), 'same_day')).toBeUndefined()
  })

  it('are found on the days when the clock jumps', () => {
    const early = { windows: [{ ...bank.windows[0]!, cutOffs: [{ at: '00:30', speed: 'standard' } as const] }] }
    expect(nextCutOff(early, moment('2026-03-08 23:00')).at).toEqual(new Date('2026-03-09T04:30:00Z'))
    expect(nextCutOff(early, moment('2026-11-01 23:00')).at).toEqual(new Date('2026-11-02T05:30:00Z'))
  })
})

describe('effective dates and settlement', () => {
  it.each([
    ['2026-07-02', 'standard', 'debit', '2026-07-03'],
    ['2026-07-03', 'standard', 'debit', '2026-07-06'],
    ['2027-07-02', 'standard', 'credit', '2027-07-06'],
    ['2026-07-02', 'same_day', 'debit', '2026-07-02'],
    ['2026-07-02', 'same_day', 'credit', '2026-07-02'],
  ] as const)('%s, %s %s: effective on %s', (day, speed, direction, effective) => {
    expect(effectiveDate(asBankingDay(day), speed, direction)).toBe(effective)
  })

  it.each([
    ['10:00', 'same_day', 'SD1030', '2026-07-02 13:00'],
    ['14:15', 'same_day', 'SD1445', '2026-07-02 17:00'],
    ['16:15', 'same_day', 'SD1645', '2026-07-02 18:00'],
    ['10:15', 'same_day', 'SD1445', '2026-07-02 17:00'],
    ['10:30', 'same_day', undefined, '2026-07-02 13:00'],
    ['10:31', 'same_day', undefined, '2026-07-02 17:00'],
    ['16:46', 'same_day', undefined, '2026-07-03 08:30'],
    ['20:00', 'standard', undefined, '2026-07-02 08:30'],
  ] as const)('a cut-off at %s (%s, %s) settles at %s', (at, speed, mark, settles) => {
    expect(wall(expectedSettlement(asBankingDay('2026-07-02'), { at, speed, mark }))).toBe(settles)
  })
})

describe('deadlines', () => {
  const deadlines = `
    settled     common      unauthorized  reversal    retry       case
    2026-01-05  2026-01-07  2026-03-09    2026-01-12  2026-07-04  the sixtieth day is a Friday
    2026-01-06  2026-01-08  2026-03-09    2026-01-13  2026-07-05  the sixtieth day is a Saturday
    2026-01-07  2026-01-09  2026-03-09    2026-01-14  2026-07-06  the sixtieth day is a Sunday
    2026-01-08  2026-01-12  2026-03-10    2026-01-15  2026-07-07  a weekend between
    2026-07-02  2026-07-06  2026-09-01    2026-07-09  2026-12-29  Friday 3 July is open
    2027-07-02  2027-07-07  2027-09-01    2027-07-12  2027-12-29  Monday 5 July is closed
    2026-11-24  2026-11-27  2027-01-25    2026-12-02  2027-05-23  over Thanksgiving
    2028-01-03  2028-01-05  2028-03-06    2028-01-10  2028-07-01  over a leap day
  `
  const cases = deadlines
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s{2,}/))

  it.each(cases)('settled %s: common %s, unauthorized %s, reversal %s, retry %s (%s)', (settled = '', ...ends) => {
    const day = asBankingDay(settled)
    expect([
      administrativeReturnsEndOn(day),
      unauthorizedReturnsEndOn(day),
      reversalDeadline(day),
      retryUntil(day),
    ]).toEqual(ends.slice(0, 4))
  })

  it.each([
    ['R01', '2026-01-07', true],
    ['R01', '2026-01-08', false],
    ['R10', '2026-01-08', true],
    ['R10', '2026-03-09', true],
    ['R10', '2026-03-10', false],
    ['R29', '2026-01-08', false],
    ['R28', '2026-01-06', true],
    ['R06', '2026-06-30', true],
    ['R23', '2026-06-30', true],
    ['R99', '2026-06-30', true],
  ])('%s that settles on %s is in time for an entry of 5 January 2026: %s', (code, returned, timely) => {
    expect(isTimely(code, asBankingDay('2026-01-05'), asDay(returned))).toBe(timely)
  })

  it('name no end for what our bank agreed to, or for a code nobody knows', () => {
    const settled = asBankingDay('2026-01-05')
    expect(['R06', 'R31', 'R90', 'X01'].map((code) => returnsEndOn(code, settled))).toEqual(Array(4).fill(undefined))
  })

  it('count five banking days to dishonor, two to contest, six to correct', () => {
    expect(dishonorUntil(asBankingDay('2026-07-01'))).toBe('2026-07-08')
    expect(contestUntil(asBankingDay('2026-07-02'))).toBe('2026-07-06')
    expect(correctBy(asDay('2026-07-04'))).toBe('2026-07-13')
    expect(spansOn(asDay('2026-07-04')).retries).toBe(2)
  })

  it('never let an unauthorized return end before the sixtieth day, nor much later', () => {
    const days = fc.integer({ min: 0, max: 4_000 }).map((number) => addDays(asDay('2024-01-02'), number))
    fc.assert(
      fc.property(days.filter(isBankingDay), (settled) => {
        const end = unauthorizedReturnsEndOn(settled)
        expect(end > addDays(settled, 60)).toBe(true)
        expect(end <= addDays(settled, 64)).toBe(true)
        expect(administrativeReturnsEndOn(settled) < end).toBe(true)
      }),
    )
  })
})
