import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addDays, asDay, atEastern, easternDay, easternTime } from './banking-day.ts'

const days = fc.integer({ min: 0, max: 20_000 }).map((number) => addDays(asDay('2007-11-05'), number))
const minutes = fc
  .integer({ min: 0, max: 1_439 })
  .map((of) => `${String(Math.floor(of / 60)).padStart(2, '0')}:${String(of % 60).padStart(2, '0')}`)

it.each`
  instant                       | day             | time
  ${'2026-01-05T15:00:00Z'}     | ${'2026-01-05'} | ${'10:00'}
  ${'2026-01-06T04:59:59.999Z'} | ${'2026-01-05'} | ${'23:59'}
  ${'2026-01-06T05:00:00Z'}     | ${'2026-01-06'} | ${'00:00'}
  ${'2026-07-06T03:59:00Z'}     | ${'2026-07-05'} | ${'23:59'}
  ${'2026-07-06T04:00:00Z'}     | ${'2026-07-06'} | ${'00:00'}
  ${'2026-03-08T06:59:59Z'}     | ${'2026-03-08'} | ${'01:59'}
  ${'2026-03-08T07:00:00Z'}     | ${'2026-03-08'} | ${'03:00'}
  ${'2026-11-01T05:59:00Z'}     | ${'2026-11-01'} | ${'01:59'}
  ${'2026-11-01T06:00:00Z'}     | ${'2026-11-01'} | ${'01:00'}
  ${'2028-02-29T23:30:00Z'}     | ${'2028-02-29'} | ${'18:30'}
`('reads $instant as $day $time in New York', ({ instant, day, time }) => {
  expect([easternDay(new Date(instant)), easternTime(new Date(instant))]).toEqual([day, time])
})

it.each`
  wall                  | instant                   | why
  ${'2026-01-05 16:15'} | ${'2026-01-05T21:15:00Z'} | ${'winter'}
  ${'2026-07-06 16:15'} | ${'2026-07-06T20:15:00Z'} | ${'summer'}
  ${'2026-03-08 01:59'} | ${'2026-03-08T06:59:00Z'} | ${'the last minute of winter'}
  ${'2026-03-08 02:00'} | ${'2026-03-08T07:00:00Z'} | ${'skipped'}
  ${'2026-03-08 02:30'} | ${'2026-03-08T07:00:00Z'} | ${'skipped'}
  ${'2026-03-08 02:59'} | ${'2026-03-08T07:00:00Z'} | ${'skipped'}
  ${'2026-03-08 03:00'} | ${'2026-03-08T07:00:00Z'} | ${'the first minute of summer'}
  ${'2026-03-08 23:59'} | ${'2026-03-09T03:59:00Z'} | ${'the evening of that day'}
  ${'2026-11-01 00:30'} | ${'2026-11-01T04:30:00Z'} | ${'before the hour that comes twice'}
  ${'2026-11-01 01:00'} | ${'2026-11-01T05:00:00Z'} | ${'twice: the first'}
  ${'2026-11-01 01:59'} | ${'2026-11-01T05:59:00Z'} | ${'twice: the first'}
  ${'2026-11-01 02:00'} | ${'2026-11-01T07:00:00Z'} | ${'after the hour that comes twice'}
  ${'2027-03-14 02:15'} | ${'2027-03-14T07:00:00Z'} | ${'skipped, a year later'}
  ${'2027-11-07 02:15'} | ${'2027-11-07T07:15:00Z'} | ${'a year later'}
`('finds $wall at $instant ($why)', ({ wall, instant }) => {
  const [day, time] = wall.split(' ')
  expect(atEastern(asDay(day), time)).toEqual(new Date(instant))
})

it('finds again every wall time that there is', () => {
  fc.assert(
    fc.property(days, minutes, (day, time) => {
      const found = atEastern(day, time)
      expect(easternDay(found)).toBe(day)
      const skipped = easternTime(found) !== time
      expect(skipped && time.slice(0, 2)).toBe(skipped ? '02' : false)
    }),
    { numRuns: 2_000 },
  )
})

it('keeps later times later on the same day, and earlier days earlier', () => {
  fc.assert(
    fc.property(days, minutes, minutes, (day, a, b) => {
      const [early, late] = a < b ? [a, b] : [b, a]
      expect(atEastern(day, early).getTime()).toBeLessThanOrEqual(atEastern(day, late).getTime())
      expect(atEastern(day, late).getTime()).toBeLessThan(atEastern(addDays(day, 1), early).getTime() + 86_400_000)
    }),
  )
})

it('agrees with the runtime for every hour of a year', () => {
  const wall = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'America/New_York',
    dateStyle: 'short',
    timeStyle: 'short',
  })
  for (let at = Date.UTC(2027, 0, 1); at < Date.UTC(2028, 0, 1); at += 3_600_000)
    expect(`${easternDay(new Date(at))} ${easternTime(new Date(at))}`).toBe(wall.format(at))
})

it('takes no time that a clock cannot show', () => {
  for (const time of ['24:00', '9:00', '12:60', '', '12:00:00', 'noon'])
    expect(() => atEastern(asDay('2026-01-05'), time)).toThrow('is a time of day')
})
