import { assert } from '../kernel/assert.ts'
import { addDays, atEastern, type Day, daysBetween } from '../kernel/banking-day.ts'
import type { Id, MerchantId } from '../kernel/id.ts'

export type ReportId = Id<'report'>

/** What a report is about: the payments that were made or changed in a period, or the payouts made in it. */
export const reportKinds = ['transactions', 'payout'] as const
export type ReportKind = (typeof reportKinds)[number]

/** Whole days in New York, the last one included. */
export type Period = Readonly<{ firstDay: Day; lastDay: Day }>

/** What a made report is. Its bytes are UTF-8. */
export type Made = Readonly<{ sha256: string; bytes: number; rows: number; at: Date }>

export type Report = Readonly<{
  id: ReportId
  merchantId: MerchantId
  kind: ReportKind
  period: Period
  name: string
  /** It is known which payments it is about. */
  gathered: boolean
  /** Undefined: it is still to be made. */
  made: Made | undefined
  /** Tries to put it into the merchant's drop; what the last one that failed ran into. */
  attempts: number
  problem: string | null
  deliveredAt: Date | null
}>

export type MadeReport = Report & Readonly<{ made: Made }>
export const isMade = (report: Report | undefined): report is MadeReport => report?.made !== undefined

export const mostDays = 31

/** From the first instant of the first day to the first after the last. */
export const instantsOf = ({ firstDay, lastDay }: Period): { from: Date; until: Date } => ({
  from: atEastern(firstDay, '00:00'),
  until: atEastern(addDays(lastDay, 1), '00:00'),
})

/** What happened just before midnight has been written by then. */
const writtenWithinMs = 10 * 60_000

/** Whether everything of a period has happened and been written. */
export const isOver = (period: Period, now: Date): boolean =>
  now.getTime() >= instantsOf(period).until.getTime() + writtenWithinMs

export const isPeriod = ({ firstDay, lastDay }: Period): boolean =>
  firstDay <= lastDay && daysBetween(firstDay, lastDay) < mostDays

const kindInName: Readonly<Record<ReportKind, string>> = { transactions: 'Transactions', payout: 'Payout' }

const longestMerchant = 120

/**
 * `Merchant Name_Transactions_2026-01-05.csv`; a period of more days has both ends in it. What a file system would not
 * take of the merchant's name is written `-`; of a long one, as much as fits.
 */
export function reportName(merchantName: string, kind: ReportKind, { firstDay, lastDay }: Period): string {
  const plain = merchantName
    .normalize('NFC')
    .replace(/[\p{C}\p{Zl}\p{Zp}\ufffd/\\:*?"<>|]/gu, '-')
    .replace(/^[.\s]+/, '')
  let merchant = ''
  for (const character of plain)
    if (Buffer.byteLength(merchant + character) <= longestMerchant) merchant += character
    else break
  const period = firstDay === lastDay ? firstDay : `${firstDay}_${lastDay}`
  return `${merchant.trim() || 'Merchant'}_${kindInName[kind]}_${period}.csv`
}

const minuteMs = 60_000
/** After a try that failed: a minute, five, half an hour, two hours, then every six hours, for two days altogether. */
const pausesMs = [1, 5, 30, 120, 360, 360, 360, 360, 360, 360, 360].map((minutes) => minutes * minuteMs)

/** When a report is tried again that could not be delivered for the nth time. Undefined: no more by itself. */
export function nextTry(attempts: number, now: Date): Date | undefined {
  assert(attempts > 0, 'a try that failed is counted')
  const pause = pausesMs[attempts - 1]
  return pause === undefined ? undefined : new Date(now.getTime() + pause)
}

/** The alert of a report that nobody could be given. */
export const undelivered = (id: ReportId): string => `report-undelivered:${id}`

/** What the settings of a merchant's own drop are sealed for. */
export const dropContext = (merchantId: MerchantId): string => `report-drop:${merchantId}`
