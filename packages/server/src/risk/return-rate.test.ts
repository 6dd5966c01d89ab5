import { expect, it } from 'vitest'
import { asDay } from '../kernel/banking-day.ts'
import { judge, percent, percentOfBps, spansOn, standingOf, thresholdsOn, worse } from './return-rate.ts'

const thresholds = {
  from: asDay('2015-09-18'),
  bps: { unauthorized: 50, administrative: 300, overall: 1500 },
  fewestDebits: 100,
}

it.each([
  // Of 2,000 debits, 10 are exactly 0.5 %: the very limit is allowed, and half of it is a warning.
  [4, 2_000, 50, 'ok'],
  [5, 2_000, 50, 'warning'],
  [10, 2_000, 50, 'warning'],
  [11, 2_000, 50, 'exceeded'],
  // One debit more or less on either side of a quotient that has no end.
  [10, 1_999, 50, 'exceeded'],
  [10, 2_001, 50, 'warning'],
  [5, 2_001, 50, 'ok'],
  [29, 1_000, 300, 'warning'],
  [30, 1_000, 300, 'warning'],
  [31, 1_000, 300, 'exceeded'],
  [14, 1_000, 300, 'ok'],
  [15, 1_000, 300, 'warning'],
  [15, 100, 1500, 'warning'],
  [16, 100, 1500, 'exceeded'],
  [7, 100, 1500, 'ok'],
  [8, 100, 1500, 'warning'],
  [0, 100, 50, 'ok'],
  [99, 99, 50, 'too_few'],
  [0, 0, 50, 'too_few'],
  [5_000_001, 1_000_000_000, 50, 'exceeded'],
  [5_000_000, 1_000_000_000, 50, 'warning'],
] as const)('judges %i of %i debits against %i basis points as %s', (returns, debits, bps, standing) => {
  expect(standingOf(returns, debits, bps, 100)).toBe(standing)
})

it.each([
  ['2026-01-15', '2025-11-17', '2026-01-15', '2025-11-01', '2025-12-31'],
  ['2026-02-28', '2025-12-31', '2026-02-28', '2025-12-01', '2026-01-31'],
  ['2026-03-01', '2026-01-01', '2026-03-01', '2026-01-01', '2026-02-28'],
  ['2028-03-31', '2028-02-01', '2028-03-31', '2028-01-01', '2028-02-29'],
  ['2026-12-31', '2026-11-02', '2026-12-31', '2026-10-01', '2026-11-30'],
])('looks back from %s to %s–%s and %s–%s', (today, sixtyFrom, sixtyTo, monthsFrom, monthsTo) => {
  expect(spansOn(asDay(today))).toEqual([
    { span: 'sixty_days', from: sixtyFrom, to: sixtyTo },
    { span: 'two_months', from: monthsFrom, to: monthsTo },
  ])
})

it('begins the two months before the sixty days on every day of five years', () => {
  for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2031, 0, 1); ms += 86_400_000) {
    const [sixty, months] = spansOn(asDay(new Date(ms).toISOString().slice(0, 10)))
    expect(months.from <= sixty.from).toBe(true)
  }
})

it.each([
  [12, 2_000, '0.600'],
  [1, 3, '33.333'],
  [2, 3, '66.667'],
  [1, 1, '100.000'],
  [0, 7, '0.000'],
  [0, 0, '0.000'],
  [1, 200_000, '0.001'],
  [1, 200_001, '0.000'],
])('writes %i of %i as %s percent', (part, whole, text) => {
  expect(percent(part, whole)).toBe(text)
})

it('writes limits as people say them', () => {
  expect([50, 300, 1500, 1, 105, 10_000].map(percentOfBps)).toEqual(['0.5', '3', '15', '0.01', '1.05', '100'])
})

it('takes the thresholds that have begun, and before the first those', () => {
  const later = { ...thresholds, from: asDay('2027-01-01'), fewestDebits: 200 }
  const all = [thresholds, later]
  expect(thresholdsOn(all, asDay('2026-12-31'))).toBe(thresholds)
  expect(thresholdsOn(all, asDay('2027-01-01'))).toBe(later)
  expect(thresholdsOn(all, asDay('2001-01-01'))).toBe(thresholds)
})

it('judges each rate by its own limit, and takes the worse of two spans', () => {
  const counts = { debits: 1_000, unauthorized: 6, administrative: 10, returned: 80 }
  const sixty = judge('sixty_days', counts, thresholds)
  expect(sixty.map(({ rate, returns, standing }) => [rate, returns, standing])).toEqual([
    ['unauthorized', 6, 'exceeded'],
    ['administrative', 10, 'ok'],
    ['overall', 80, 'warning'],
  ])
  const [few] = judge('two_months', { ...counts, debits: 50 }, thresholds)
  const [first] = sixty
  if (!few || !first) throw new Error('every rate is judged')
  expect([worse(few, first), worse(first, few)]).toEqual([first, first])
})
