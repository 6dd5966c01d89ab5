const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const week = 7 * day
const units = [week, day, hour, minute, second]

const pattern = /^P(?=\d|T\d)(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/

/**
 * An ISO 8601 duration in milliseconds: weeks, days of 24 hours, hours, minutes, seconds. Undefined: not one, or with
 * months or years, which have no length of their own.
 */
export function parseDuration(text: string): number | undefined {
  const found = pattern.exec(text)
  if (!found) return undefined
  return units.reduce((sum, unit, index) => sum + unit * Number(found[index + 1] ?? 0), 0)
}

/** An instant with its zone: `2026-01-05T15:00:00Z`. Undefined: not one. */
export function parseInstant(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined
  const at = new Date(text)
  return Number.isNaN(at.getTime()) ? undefined : at
}
