const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

/** Whether there is such a day. */
function isDay(year: number, month: number, day: number): boolean {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = daysInMonth[month - 1]
  return days !== undefined && day >= 1 && day <= days + (leap ? 1 : 0)
}

/**
 * `260302` as `2026-03-02`; the format has no centuries, so all years are of this one. Undefined: there is no such day.
 */
export function dayFromColumns(columns: string): string | undefined {
  if (!/^\d{6}$/.test(columns)) return undefined
  const [year, month, day] = [`20${columns.slice(0, 2)}`, columns.slice(2, 4), columns.slice(4)]
  return isDay(Number(year), Number(month), Number(day)) ? `${year}-${month}-${day}` : undefined
}

/** `2026-03-02` as `260302`. Undefined: no day, or not of this century. */
export function dayToColumns(day: string): string | undefined {
  if (!/^20\d\d-\d\d-\d\d$/.test(day)) return undefined
  const columns = day.slice(2).replaceAll('-', '')
  return dayFromColumns(columns) === day ? columns : undefined
}

/** `1405` as `14:05`. Undefined: there is no such time. */
export function timeFromColumns(columns: string): string | undefined {
  return /^([01]\d|2[0-3])[0-5]\d$/.test(columns) ? `${columns.slice(0, 2)}:${columns.slice(2)}` : undefined
}

/** `14:05` as `1405`. Undefined: there is no such time. */
export function timeToColumns(time: string): string | undefined {
  const columns = time.replace(':', '')
  return timeFromColumns(columns) === time ? columns : undefined
}

/** Saturdays and Sundays. A holiday is for a calendar to know. */
export function isWeekend(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday === 0 || weekday === 6
}
