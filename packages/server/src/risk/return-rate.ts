import { assert } from '../kernel/assert.ts'
import { addDays, asDay, type Day } from '../kernel/banking-day.ts'

/**
 * The rates that Nacha's rules watch: of the debits that were sent, how many came back as unauthorized, for account
 * data that was wrong (administrative), and for any reason (overall).
 */
export const rates = ['unauthorized', 'administrative', 'overall'] as const
export type Rate = (typeof rates)[number]

/** The two spans over which they are watched. */
export const spans = ['sixty_days', 'two_months'] as const
export type Span = (typeof spans)[number]

/** Both days included. */
export type SpanDays = Readonly<{ span: Span; from: Day; to: Day }>

const startOfMonth = (day: Day, monthsBefore: number): Day => {
  const month = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 - monthsBefore
  return asDay(`${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`)
}

/** The last sixty calendar days, today among them, and the last two calendar months that are over. */
export const spansOn = (today: Day): readonly [SpanDays, SpanDays] => [
  { span: 'sixty_days', from: addDays(today, -59), to: today },
  { span: 'two_months', from: startOfMonth(today, 2), to: addDays(startOfMonth(today, 0), -1) },
]

/**
 * Debits by the day on which they settled, or were to settle, and how many of these have come back by now, whenever
 * that was. A payment that is presented again is another debit, and may come back again.
 */
export type Counts = Readonly<{ debits: number; unauthorized: number; administrative: number; returned: number }>

const returnsOf = (rate: Rate, counts: Counts): number => (rate === 'overall' ? counts.returned : counts[rate])

/** What holds from a day on. Basis points; of fewer debits, a rate says nothing. */
export type Thresholds = Readonly<{ from: Day; bps: Readonly<Record<Rate, number>>; fewestDebits: number }>

/** The newest that have begun. `all`: oldest first; before the oldest begin, they hold already. */
export function thresholdsOn(all: readonly Thresholds[], day: Day): Thresholds {
  const found = all.findLast(({ from }) => from <= day) ?? all[0]
  assert(found, 'there are thresholds')
  return found
}

/** `warning`: at half of what is allowed or above. `exceeded`: above what is allowed; the very limit is allowed. */
export type Standing = 'too_few' | 'ok' | 'warning' | 'exceeded'

/** How a rate stands, in whole numbers: a quotient would be rounded. */
export function standingOf(returns: number, debits: number, limitBps: number, fewestDebits: number): Standing {
  if (debits < fewestDebits) return 'too_few'
  if (returns * 10_000 > limitBps * debits) return 'exceeded'
  return returns * 20_000 >= limitBps * debits ? 'warning' : 'ok'
}

export type Judged = Readonly<{ rate: Rate; span: Span; returns: number; debits: number; standing: Standing }>

export const judge = (span: Span, counts: Counts, thresholds: Thresholds): Judged[] =>
  rates.map((rate) => {
    const returns = returnsOf(rate, counts)
    const standing = standingOf(returns, counts.debits, thresholds.bps[rate], thresholds.fewestDebits)
    return { rate, span, returns, debits: counts.debits, standing }
  })

const gravity: readonly Standing[] = ['too_few', 'ok', 'warning', 'exceeded']

/** Of a rate's two spans, the one that stands worse; of equals, the first. */
export const worse = (one: Judged, other: Judged): Judged =>
  gravity.indexOf(other.standing) > gravity.indexOf(one.standing) ? other : one

export const isAlarming = (standing: Standing): boolean => standing === 'warning' || standing === 'exceeded'

/** A share in percent with three places, rounded half up: 12 of 2,000 is `0.600`. To be read, not to be judged by. */
export function percent(part: number, whole: number): string {
  const thousandths = whole === 0 ? 0n : (BigInt(part) * 200_000n + BigInt(whole)) / (BigInt(whole) * 2n)
  const text = thousandths.toString().padStart(4, '0')
  return `${text.slice(0, -3)}.${text.slice(-3)}`
}

/** Basis points in percent: 50 is `0.5`. */
export const percentOfBps = (bps: number): string =>
  `${Math.floor(bps / 100)}.${String(bps % 100).padStart(2, '0')}`.replace(/\.?0+$/, '')
