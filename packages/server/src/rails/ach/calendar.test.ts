import { expect, it } from 'vitest'
import { testBank } from '../../../test/test-bank-settings.ts'
import { asDay } from '../../kernel/banking-day.ts'
import { type CalendarDay, calendarOf, openWindows, usualDays } from './calendar.ts'

const bank = testBank()

/** A day in a line: cut-off → effective date and settlement, in UTC. */
const told = ({ day, isBankingDay, holiday, cutOffs }: CalendarDay): string => {
  const minutes = (at: Date) => at.toISOString().slice(5, 16)
  const windows = cutOffs.map((c) => `${minutes(c.at)} ${c.speed} ${c.effectiveOn.slice(5)} ${minutes(c.settlesAt)}`)
  return [day, ...(isBankingDay ? windows : ['closed']), ...(holiday ? [holiday] : [])].join(' | ')
}
const days = (from: string, many: number) => calendarOf(bank, asDay(from), many).map(told)

it('tells an ordinary day: three windows of the same day, and one for the next', () => {
  expect(days('2026-01-05', 1)).toEqual([
    '2026-01-05 | 01-05T15:00 same_day 01-05 01-05T18:00 | 01-05T19:15 same_day 01-05 01-05T22:00 | ' +
      '01-05T21:15 same_day 01-05 01-05T23:00 | 01-06T01:00 standard 01-06 01-06T13:30',
  ])
})

it('goes around Thanksgiving and the weekend after it', () => {
  const standard = calendarOf(bank, asDay('2026-11-25'), 6).map((day) =>
    told({ ...day, cutOffs: day.cutOffs.slice(-1) }),
  )
  expect(standard).toEqual([
    '2026-11-25 | 11-26T01:00 standard 11-27 11-27T13:30',
    '2026-11-26 | closed | Thanksgiving Day',
    '2026-11-27 | 11-28T01:00 standard 11-30 11-30T13:30',
    '2026-11-28 | closed',
    '2026-11-29 | closed',
    '2026-11-30 | 12-01T01:00 standard 12-01 12-01T13:30',
  ])
})

it('keeps to the clock in New York when it changes', () => {
  const mornings = (from: string) => calendarOf(bank, asDay(from), 4).flatMap(({ cutOffs }) => cutOffs[0]?.at ?? [])
  expect(mornings('2026-03-06')).toEqual([new Date('2026-03-06T15:00:00Z'), new Date('2026-03-09T14:00:00Z')])
  expect(mornings('2026-10-30')).toEqual([new Date('2026-10-30T14:00:00Z'), new Date('2026-11-02T15:00:00Z')])
  // A payment of the evening before the change settles at half past eight by the new clock.
  expect(calendarOf(bank, asDay('2026-03-06'), 1)[0]?.cutOffs.at(-1)?.settlesAt).toEqual(
    new Date('2026-03-09T12:30:00Z'),
  )
})

it('goes from one year into the next, and over a holiday that is kept on Monday or on no day at all', () => {
  const closed = (from: string, many: number) =>
    calendarOf(bank, asDay(from), many).flatMap((day) => (day.isBankingDay ? [] : [told(day)]))
  expect(closed('2026-12-31', 4)).toEqual([
    "2027-01-01 | closed | New Year's Day",
    '2027-01-02 | closed',
    '2027-01-03 | closed',
  ])
  expect(days('2026-12-31', 1)[0]).toMatch(/ 01-01T01:00 standard 01-04 01-04T13:30$/)
  expect(closed('2027-07-02', 5)).toContain('2027-07-05 | closed | Independence Day')
  // Christmas on a Saturday closes nothing.
  expect(closed('2027-12-24', 3)).toEqual(['2027-12-25 | closed | Christmas Day', '2027-12-26 | closed'])
})

it('follows the windows that hold on each day', () => {
  const changing = testBank({
    windows: [
      { from: '2022-03-18', cutOffs: [{ at: '20:00', speed: 'standard' }] },
      { from: '2026-01-06', cutOffs: [{ at: '19:00', speed: 'standard' }] },
    ],
  })
  const at = calendarOf(changing, asDay('2026-01-05'), 2).map(({ cutOffs }) => cutOffs[0]?.at.toISOString())
  expect(at).toEqual(['2026-01-06T01:00:00.000Z', '2026-01-07T00:00:00.000Z'])
})

it('looks ten banking days ahead when nobody says how far', () => {
  expect(usualDays(asDay('2026-01-05'))).toBe(16)
  // Two holidays and two weekends.
  expect(usualDays(asDay('2026-12-22'))).toBe(17)
})

it.each([
  ['a Monday morning', '2026-01-05T14:00:00Z', ['10:00 2026-01-05', '20:00 2026-01-05']],
  ['the moment of a cut-off', '2026-01-05T15:00:00Z', ['14:15 2026-01-05', '20:00 2026-01-05']],
  ['after the last of the same day', '2026-01-05T22:00:00Z', ['20:00 2026-01-05']],
  ['the evening', '2026-01-06T01:00:00Z', []],
  ['a Saturday', '2026-01-10T15:00:00Z', []],
  ['Thanksgiving', '2026-11-26T15:00:00Z', []],
  ['a summer morning', '2026-07-06T13:59:00Z', ['10:00 2026-07-06', '20:00 2026-07-06']],
])('knows which windows are open on %s', (_, now, expected) => {
  expect(openWindows(bank, new Date(now)).map(({ cutOff, day }) => `${cutOff.at} ${day}`)).toEqual(expected)
})

it('has only the same-day windows left where the standard one comes first', () => {
  const early = testBank({
    windows: [
      {
        from: '2022-03-18',
        cutOffs: [
          { at: '09:00', speed: 'standard' },
          { at: '14:00', speed: 'same_day' },
        ],
      },
    ],
  })
  const open = (now: string) => openWindows(early, new Date(now)).map(({ cutOff }) => cutOff.at)
  expect(open('2026-01-05T13:00:00Z')).toEqual(['09:00'])
  expect(open('2026-01-05T15:00:00Z')).toEqual(['14:00'])
})
