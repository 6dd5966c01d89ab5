import { addBankingDays, atEastern, type Day, easternDay, isBankingDay, onOrAfter } from './banking-day.ts'

/** What is sent by the deadline settles the same day at the other time. Times on a clock in New York. */
const sameDayWindows = [
  { deadline: '10:30', settles: '13:00' },
  { deadline: '14:45', settles: '17:00' },
  { deadline: '16:45', settles: '18:00' },
] as const

/** When everything settles that is not settled the same day, and when the receiving banks' returns come in. */
const MORNING = '08:30'

/** The most that one entry may carry the same day, in cents, and since when. The last line that has begun counts. */
const sameDayLimits: readonly (readonly [since: Day, cents: bigint])[] = [
  ['2016-09-23', 25_000_00n],
  ['2020-03-20', 100_000_00n],
  ['2022-03-18', 1_000_000_00n],
]

const sameDayLimit = (day: Day): bigint => sameDayLimits.findLast(([since]) => since <= day)?.[1] ?? 0n

export const isAboveSameDayLimit = (instant: Date, amount: bigint): boolean =>
  amount > sameDayLimit(easternDay(instant))

export type Settling = Readonly<{ takenAt: Date; effectiveDate: Day; amount: bigint }>

/**
 * When an entry settles. One for today, or for a day that is over, takes the next same-day window whose deadline has
 * not passed; everything else the morning of its day. A day without settlement means the next that has one.
 */
export function settlesAt({ takenAt, effectiveDate, amount }: Settling): Date {
  const today = easternDay(takenAt)
  if (effectiveDate > today) return atEastern(onOrAfter(effectiveDate), MORNING)
  if (isBankingDay(today) && !isAboveSameDayLimit(takenAt, amount)) {
    const window = sameDayWindows.find(({ deadline }) => takenAt <= atEastern(today, deadline))
    if (window) return atEastern(today, window.settles)
  }
  return atEastern(addBankingDays(today, 1), MORNING)
}

/** The day that the settlement of an instant is dated. Out of turn, on a closed day, it is the next open one. */
export const settlementDate = (instant: Date): Day => onOrAfter(easternDay(instant))

/** The morning's return file of a day, or of the next banking day. */
export const returnFileOf = (day: Day): Date => atEastern(onOrAfter(day), MORNING)

/** The first return file at this instant or later. */
export function returnFileFrom(instant: Date): Date {
  const today = easternDay(instant)
  const here = returnFileOf(today)
  return here >= instant ? here : returnFileOf(addBankingDays(today, 1))
}

/** The first return file after this instant. */
export const returnFileAfter = (instant: Date): Date => returnFileFrom(new Date(instant.getTime() + 1))

/** So many return files later. */
export const laterFile = (file: Date, bankingDays: number): Date =>
  returnFileOf(addBankingDays(easternDay(file), bankingDays))
