/** Days are texts, `YYYY-MM-DD`, and compare as texts do: days in New York, where the Federal Reserve keeps time. */
export type Day = string

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

const toNumber = (day: Day): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS
const fromNumber = (number: number): Day => new Date(number * DAY_MS).toISOString().slice(0, 10)
const numberOf = (year: number, month: number, date: number): number => Date.UTC(year, month - 1, date) / DAY_MS
/** 0 is Sunday. Day 0, the first of January 1970, was a Thursday. */
const weekdayOf = (number: number): number => (number + 4) % 7

export const addDays = (day: Day, days: number): Day => fromNumber(toNumber(day) + days)

const fixed = (month: number, date: number) => (year: number) => numberOf(year, month, date)
const nth = (n: number, weekday: number, month: number) => (year: number) => {
  const first = numberOf(year, month, 1)
  return first + ((weekday - weekdayOf(first) + 7) % 7) + (n - 1) * 7
}
/** The last Monday of May is the one a week before the first of June. */
const memorialDay = (year: number) => nth(1, 1, 6)(year) - 7

/** https://www.frbservices.org/about/holiday-schedules */
const holidays: readonly ((year: number) => number)[] = [
  fixed(1, 1),
  nth(3, 1, 1),
  nth(3, 1, 2),
  memorialDay,
  fixed(6, 19),
  fixed(7, 4),
  nth(1, 1, 9),
  nth(2, 1, 10),
  fixed(11, 11),
  nth(4, 4, 11),
  fixed(12, 25),
]

/** A holiday on a Sunday is kept on Monday; one on a Saturday is not kept on any other day. */
const keptOn = (number: number): number => (weekdayOf(number) === 0 ? number + 1 : number)

/** Whether ACH settles on this day: Monday to Friday, without the holidays of the Federal Reserve. */
export function isBankingDay(day: Day): boolean {
  const number = toNumber(day)
  const weekday = weekdayOf(number)
  const year = Number(day.slice(0, 4))
  return weekday !== 0 && weekday !== 6 && !holidays.some((holiday) => keptOn(holiday(year)) === number)
}

/** The day itself, or the next on which ACH settles. */
export function onOrAfter(day: Day): Day {
  let candidate = day
  while (!isBankingDay(candidate)) candidate = addDays(candidate, 1)
  return candidate
}

/** The nth banking day after a day, which is itself never counted. */
export function addBankingDays(day: Day, n: number): Day {
  let result = day
  for (let left = n; left > 0; left--) result = onOrAfter(addDays(result, 1))
  return result
}

/** The day of the year in three digits, as operators write settlement days. */
export const julianDay = (day: Day): string =>
  String(toNumber(day) - numberOf(Number(day.slice(0, 4)), 1, 1) + 1).padStart(3, '0')

const clock = new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', timeZoneName: 'longOffset' })

/** Found offsets by UTC hour: a large file asks a hundred thousand times for the same few. Begun afresh when full. */
const offsets = new Map<number, number>()
const MOST_OFFSETS = 10_000

/** What New York adds to UTC: minus five hours in winter, minus four in summer. */
function offsetMs(instant: number): number {
  const hour = Math.floor(instant / HOUR_MS)
  const known = offsets.get(hour)
  if (known !== undefined) return known
  const name = clock.formatToParts(hour * HOUR_MS).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, hours] = /^GMT-(\d\d):00$/.exec(name) ?? []
  if (!hours) throw new Error(`broken promise: the runtime knows America/New_York, yet it says '${name}'`)
  if (offsets.size >= MOST_OFFSETS) offsets.clear()
  offsets.set(hour, -Number(hours) * HOUR_MS)
  return -Number(hours) * HOUR_MS
}

const wallOf = (instant: Date): string => new Date(instant.getTime() + offsetMs(instant.getTime())).toISOString()

/** The date on a wall in New York. */
export const easternDay = (instant: Date): Day => wallOf(instant).slice(0, 10)

/** The time on a clock in New York, `HH:MM`. */
export const easternTime = (instant: Date): string => wallOf(instant).slice(11, 16)

/** The instant at which a clock in New York shows this time. Every time used here lies far from the hour that jumps. */
export function atEastern(day: Day, time: string): Date {
  const wall = Date.parse(`${day}T${time}:00Z`)
  return new Date(wall - offsetMs(wall - offsetMs(wall)))
}

/** A day that somebody wrote, if it is one. */
export const isDay = (text: string): boolean =>
  /^20\d\d-\d\d-\d\d$/.test(text) && Number.isFinite(toNumber(text)) && fromNumber(toNumber(text)) === text
