import {
  addBankingDays,
  addDays,
  atEastern,
  type BankingDay,
  type Day,
  daysBetween,
  easternDay,
  holidayName,
  isBankingDay,
} from '../../kernel/banking-day.ts'
import { type OriginatingBank, type Speed, windowsOn } from '../originating-bank.ts'
import { effectiveDate, expectedSettlement, type Window } from './window.ts'

/** Until when orders are collected on a day, and what becomes of them if all goes well. */
export type CalendarCutOff = Readonly<{ at: Date; speed: Speed; effectiveOn: BankingDay; settlesAt: Date }>

export type CalendarDay = Readonly<{
  day: Day
  isBankingDay: boolean
  holiday: string | undefined
  /** In the order of the day. None on a day that is no banking day. */
  cutOffs: readonly CalendarCutOff[]
}>

/** The most days that are told at a time. */
export const mostCalendarDays = 400
/** How far ahead is told when nobody says. */
const usualBankingDays = 10

/** So many calendar days from a day take in the tenth banking day after it. */
export const usualDays = (from: Day): number => daysBetween(from, addBankingDays(from, usualBankingDays)) + 1

/** What a bank's agreement makes of the days from `from` on. */
export const calendarOf = (bank: Pick<OriginatingBank, 'windows'>, from: Day, days: number): CalendarDay[] =>
  Array.from({ length: days }, (_, index) => dayOf(bank, addDays(from, index)))

function dayOf(bank: Pick<OriginatingBank, 'windows'>, day: Day): CalendarDay {
  const holiday = holidayName(day)
  if (!isBankingDay(day)) return { day, isBankingDay: false, holiday, cutOffs: [] }
  const cutOffs = windowsOn(bank, day).cutOffs.map((cutOff): CalendarCutOff => {
    const effectiveOn = effectiveDate(day, cutOff.speed, 'debit')
    const settlesAt = expectedSettlement(effectiveOn, cutOff)
    return { at: atEastern(day, cutOff.at), speed: cutOff.speed, effectiveOn, settlesAt }
  })
  return { day, isBankingDay: true, holiday, cutOffs }
}

/**
 * Today's windows that are still open and would take what is authorized now: the next standard one takes everything;
 * where a same-day one comes before it, that takes what is to settle on the same day. Run before their time, their
 * files say what they would have said then, so nothing settles on another day than it would have. Empty: today's last
 * cut-off has passed, or it is no banking day; a file of tomorrow's window would say a date that is too far ahead.
 */
export function openWindows(bank: Pick<OriginatingBank, 'windows'>, now: Date): Window[] {
  const day = easternDay(now)
  if (!isBankingDay(day)) return []
  const left = windowsOn(bank, day)
    .cutOffs.map((cutOff): Window => ({ at: atEastern(day, cutOff.at), day, cutOff }))
    .filter(({ at }) => at > now)
  const [first] = left
  const standard = left.find(({ cutOff }) => cutOff.speed === 'standard')
  return [first, standard].filter((window, at, all) => window !== undefined && all.indexOf(window) === at) as Window[]
}
