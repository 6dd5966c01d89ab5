import type { House } from '../house.ts'
import { looksLikeId, type MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import * as store from './report.store.ts'
import { isMade, type MadeReport, type Report, type ReportId, type ReportKind } from './report.ts'

type Reader = Pick<House, 'sql'>

/** A merchant's reports that are made, newest first. */
export async function listMadeReports(
  house: Reader,
  merchantId: MerchantId,
  page: Readonly<{ limit: number; after: string | null; kind: ReportKind | null }>,
): Promise<MadeReport[]> {
  const { limit, after: before, kind } = page
  return (await store.listReports(house.sql, { limit, before, merchantId, kind, made: true })).filter(isMade)
}

/** Refuses report_not_found, also for another merchant's, and for one that is not made yet. */
export async function getMadeReport(house: Reader, merchantId: MerchantId, id: string): Promise<MadeReport> {
  const report = looksLikeId(id) ? await store.findReport(house.sql, id.toLowerCase() as ReportId) : undefined
  if (!isMade(report) || report.merchantId !== merchantId) throw new Refusal('report_not_found')
  return report
}

/** For operators: anybody's, made or not. Refuses report_not_found. */
export async function getReport(house: Reader, id: ReportId): Promise<Report> {
  const report = await store.findReport(house.sql, id)
  if (!report) throw new Refusal('report_not_found', { id })
  return report
}

/** For operators: the newest hundred, of one merchant or of all. */
export const listReports = (house: Reader, merchantId: MerchantId | null): Promise<Report[]> =>
  store.listReports(house.sql, { limit: 100, before: null, merchantId, kind: null, made: false })

/** The text of a made report, a megabyte at a time. */
export async function* readPieces(house: Reader, id: ReportId): AsyncGenerator<string> {
  for (let piece = 0; ; piece++) {
    const text = await store.findPiece(house.sql, id, piece)
    if (text === undefined) return
    yield text
  }
}
