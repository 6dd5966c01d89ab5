import { type Static, Type } from 'typebox'
import { invalid } from '../../http/errors.ts'
import { type Day, easternDay, parseDay } from '../../kernel/banking-day.ts'
import { type CalendarDay, mostCalendarDays, usualDays } from './calendar.ts'

export const CalendarQuery = Type.Object({
  from: Type.Optional(
    Type.String({ maxLength: 10, description: 'The first day, `YYYY-MM-DD`; today in New York when absent.' }),
  ),
  days: Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,3}$',
      description: `1 to ${mostCalendarDays} calendar days; up to the tenth banking day ahead when absent.`,
    }),
  ),
})

const day = (description: string) => Type.String({ description, format: 'date', examples: ['2026-01-05'] })
const instant = (description: string) => Type.String({ description, format: 'date-time' })

const CutOffWire = Type.Object(
  {
    at: instant('What is authorized before this moment goes out with it.'),
    speed: Type.Enum(['same_day', 'standard']),
    effectiveDate: day('The effective entry date that the file says.'),
    expectedSettlement: instant('When it settles if all goes well.'),
  },
  { title: 'CutOff' },
)

export const CalendarWire = Type.Object(
  {
    timeZone: Type.String({ description: 'Whose days these are.', examples: ['America/New_York'] }),
    days: Type.Array(
      Type.Object(
        {
          date: day('A day of the calendar.'),
          isBankingDay: Type.Boolean({ description: 'ACH settles on banking days only.' }),
          holiday: Type.Optional(
            Type.String({ description: 'A holiday of the Federal Reserve that is kept, or falls, on it.' }),
          ),
          cutOffs: Type.Array(CutOffWire, { description: 'In the order of the day; none on other days.' }),
        },
        { title: 'CalendarDay' },
      ),
    ),
  },
  { title: 'Calendar' },
)

/** Refuses: invalid_request. */
export function spanFromWire(query: Static<typeof CalendarQuery>, now: Date): { from: Day; days: number } {
  const from = query.from === undefined ? easternDay(now) : parseDay(query.from)
  if (!from)
    throw invalid({ pointer: '?from', code: 'day', message: 'must be a day of the calendar, such as 2026-01-05' })
  const days = query.days === undefined ? usualDays(from) : Number(query.days)
  if (days < 1 || days > mostCalendarDays)
    throw invalid({ pointer: '?days', code: 'range', message: `must be from 1 to ${mostCalendarDays}` })
  return { from, days }
}

export const calendarToWire = (days: readonly CalendarDay[]): Static<typeof CalendarWire> => ({
  timeZone: 'America/New_York',
  days: days.map(({ day, isBankingDay, holiday, cutOffs }) => ({
    date: day,
    isBankingDay,
    ...(holiday === undefined ? {} : { holiday }),
    cutOffs: cutOffs.map(({ at, speed, effectiveOn, settlesAt }) => ({
      at: at.toISOString(),
      speed,
      effectiveDate: effectiveOn,
      expectedSettlement: settlesAt.toISOString(),
    })),
  })),
})
