import { assert } from './assert.ts'
import { easternInstantMs, easternOffsetMs } from './eastern-time.ts'

declare const calendar: unique symbol
declare const fed: unique symbol
/** A day of the calendar, `YYYY-MM-DD`. It has no time and no zone; two days compare as texts do. */
export type Day = string & { readonly [calendar]: true }
/** A day on which the Federal Reserve is open: on no other can ACH settle. Every banking day is a day. */
export type BankingDay = Day & { readonly [fed]: true }

const dayMs = 86_400_000
/** Days since 1970-01-01, a Thursday. */
const toNumber = (day: Day): number => Date.parse(`${day}T00:00:00Z`) / dayMs
const fromNumber = (number: number): Day => new Date(number * dayMs).toISOString().slice(0, 10) as Day
/** 0 is Sunday, 6 Saturday. */
const weekdayOf = (number: number): number => (((number + 4) % 7) + 7) % 7
const numberOf = (year: number, month: number, date: number): number => Date.UTC(year, month - 1, date) / dayMs

/** A day from outside. Undefined: not written `YYYY-MM-DD`, not in the calendar (2026-02-30), not in 1900 to 2199. */
export function parseDay(text: string): Day | undefined {
  if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(text)) return undefined
  const number = toNumber(text as Day)
  // The runtime reads 30 February as 2 March.
  return Number.isFinite(number) && fromNumber(number) === text ? (text as Day) : undefined
}

/** A day that our own code or database wrote. Throws if it is none. */
export function asDay(text: string): Day {
  const day = parseDay(text)
  assert(day !== undefined, `'${text}' is a day`)
  return day
}

/** A banking day that our own code or database wrote. Throws if the Federal Reserve is closed on it. */
export function asBankingDay(text: string): BankingDay {
  const day = asDay(text)
  assert(isBankingDay(day), `${text} is a banking day`)
  return day
}

/** Calendar days later, or earlier if `days` is negative. */
export const addDays = (day: Day, days: number): Day => fromNumber(toNumber(day) + whole(days))

/** Calendar days from one day to another; negative when `to` is the earlier. */
export const daysBetween = (from: Day, to: Day): number => toNumber(to) - toNumber(from)

function whole(days: number): number {
  // Nothing here looks further ahead than a few months: a larger number is a mistake, not a wish.
  assert(Number.isInteger(days) && Math.abs(days) <= 40_000, `${days} is a sensible number of days`)
  return days
}

type Holiday = Readonly<{ name: string; since: number; of: (year: number) => number }>

const fixed = (month: number, date: number) => (year: number) => numberOf(year, month, date)
/** The nth such weekday of a month. */
const nth = (n: number, weekday: number, month: number) => (year: number) => {
  const first = numberOf(year, month, 1)
  return first + ((weekday - weekdayOf(first) + 7) % 7) + (n - 1) * 7
}
/** The last Monday of May is the one among its last seven days. */
const lastMondayOfMay = (year: number) => nth(1, 1, 6)(year) - 7

/**
 * The holidays of the Federal Reserve Banks, with the first year in which each was kept.
 * https://www.frbservices.org/about/holiday-schedules: when a holiday falls on a Saturday, the Banks are open on the
 * Friday before; when on a Sunday, they are closed on the Monday after. A day of mourning, or a storm that closes the
 * government, does not close them.
 */
const holidays: readonly Holiday[] = [
  { name: "New Year's Day", since: 1900, of: fixed(1, 1) },
  { name: 'Birthday of Martin Luther King, Jr.', since: 1986, of: nth(3, 1, 1) },
  { name: "Washington's Birthday", since: 1971, of: nth(3, 1, 2) },
  { name: 'Memorial Day', since: 1971, of: lastMondayOfMay },
  { name: 'Juneteenth National Independence Day', since: 2022, of: fixed(6, 19) },
  { name: 'Independence Day', since: 1900, of: fixed(7, 4) },
  { name: 'Labor Day', since: 1900, of: nth(1, 1, 9) },
  { name: 'Columbus Day', since: 1971, of: nth(2, 1, 10) },
  { name: 'Veterans Day', since: 1978, of: fixed(11, 11) },
  { name: 'Thanksgiving Day', since: 1942, of: nth(4, 4, 11) },
  { name: 'Christmas Day', since: 1900, of: fixed(12, 25) },
]

const sundayToMonday = (number: number): number => (weekdayOf(number) === 0 ? number + 1 : number)

/**
 * The Federal Reserve's holidays in a year, on the days on which they are kept, in order: one that falls on a Sunday is
 * kept on Monday; one that falls on a Saturday stays there and closes nothing. The rules of 1978 and later.
 */
export const holidaysOf = (year: number): readonly Readonly<{ day: Day; name: string }>[] =>
  holidays
    .filter(({ since }) => year >= since)
    .map(({ name, of }) => ({ day: fromNumber(sundayToMonday(of(year))), name }))

/** Which holiday is kept on this day, if any. */
export function holidayName(day: Day): string | undefined {
  const number = toNumber(day)
  const year = Number(day.slice(0, 4))
  return holidays.find(({ since, of }) => year >= since && sundayToMonday(of(year)) === number)?.name
}

/** Whether the Federal Reserve settles ACH on this day: Monday to Friday, without its holidays. */
export function isBankingDay(day: Day): day is BankingDay {
  const weekday = weekdayOf(toNumber(day))
  return weekday !== 0 && weekday !== 6 && holidayName(day) === undefined
}

/** The day itself if it is a banking day, or else the next that is. */
export function onOrAfter(day: Day): BankingDay {
  let candidate = day
  while (!isBankingDay(candidate)) candidate = addDays(candidate, 1)
  return candidate
}

/**
 * The nth banking day after a day, or before it if `n` is negative. The day itself is never counted, so from a Saturday
 * the first is Monday. 0 gives the day itself or, from a day that is none, the next banking day.
 */
export function addBankingDays(day: Day, n: number): BankingDay {
  const step = Math.sign(n)
  let result = step === 0 ? onOrAfter(day) : day
  for (let left = Math.abs(whole(n)); left > 0; left--)
    do result = addDays(result, step)
    while (!isBankingDay(result))
  return result as BankingDay
}

/** How many banking days come after `from`, up to and with `to`; negative when `to` is the earlier. */
export function bankingDaysBetween(from: Day, to: Day): number {
  if (to < from) return 0 - bankingDaysBetween(to, from)
  let count = 0
  for (let left = whole(daysBetween(from, to)); left > 0; left--) if (isBankingDay(addDays(from, left))) count++
  return count
}

const atWall = (instant: Date): string => {
  const ms = instant.getTime()
  return new Date(ms + easternOffsetMs(ms)).toISOString()
}

/** The date on a wall in New York at this instant: a payment made at 21:00 in California belongs to the next day. */
export const easternDay = (instant: Date): Day => atWall(instant).slice(0, 10) as Day

/** The time on a clock in New York at this instant, `HH:MM`. */
export const easternTime = (instant: Date): string => atWall(instant).slice(11, 16)

/** `00:00` to `23:59`. */
export const isTimeOfDay = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(text)

/**
 * The instant at which a clock in New York shows this time on this day. A time that the clock skips in March means the
 * moment at which it jumps (02:30 is 03:00); one that it shows twice in November means the first.
 */
export function atEastern(day: Day, time: string): Date {
  assert(isTimeOfDay(time), `'${time}' is a time of day`)
  return new Date(easternInstantMs(Date.parse(`${day}T${time}:00Z`)))
}

/** The day of the year in three digits, `001` to `366`, as ACH operators write settlement dates. */
export const julianDay = (day: Day): string =>
  String(toNumber(day) - numberOf(Number(day.slice(0, 4)), 1, 1) + 1).padStart(3, '0')

/**
 * The day that three digits of an operator mean: of all years, the one nearest to `near` (the day on which the file
 * arrived). Undefined: blank, not a day of a year, or a 366 without a leap year nearby.
 */
export function fromJulian(julian: string, near: Day): Day | undefined {
  if (!/^\d{3}$/.test(julian)) return undefined
  const year = Number(near.slice(0, 4))
  return [year - 1, year, year + 1]
    .map((candidate) => fromNumber(numberOf(candidate, 1, 1) + Number(julian) - 1))
    .filter((day) => julianDay(day) === julian)
    .sort((a, b) => Math.abs(daysBetween(near, a)) - Math.abs(daysBetween(near, b)))[0]
}
