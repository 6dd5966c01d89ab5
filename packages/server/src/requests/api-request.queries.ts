import { setTimeout as sleep } from 'node:timers/promises'
import type { House } from '../house.ts'
import { looksLikeId, type MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { findNewestPlace, findRequestRow, listNewestRows, listRowsAfter, type RowsAfter } from './api-request.store.ts'
import type { ApiRequest } from './api-request.ts'
import type { Seats } from './seats.ts'

type Reader = Pick<House, 'sql'>

export type RequestsWanted = RowsAfter

/** `seenTo`: up to this place everything has been looked through. What comes after it is more. */
export type RequestPage = Readonly<{ requests: readonly ApiRequest[]; hasMore: boolean; seenTo: number }>

/** So many with another status are passed over in one call. */
const mostPassedOver = 5_000
/** Whoever waits looks this often. */
const lookMs = 500

/** In the order in which they were written down. A page may be empty and more may come all the same. */
export async function listRequests({ sql }: Reader, wanted: RequestsWanted): Promise<RequestPage> {
  const { limit, statuses } = wanted
  const among = statuses === null ? limit + 1 : Math.max(mostPassedOver, limit + 1)
  const { rows, lookedAt, reach } = await listRowsAfter(sql, { ...wanted, limit: limit + 1 }, among)
  const shown = rows.slice(0, limit)
  const requests = shown.map(({ request }) => request)
  const last = shown.at(-1)
  if (rows.length > limit && last) return { requests, hasMore: true, seenTo: last.place }
  return { requests, hasMore: lookedAt === among, seenTo: reach }
}

/** The newest so many, in their order. With statuses: of the last five thousand. */
export async function listNewestRequests({ sql }: Reader, wanted: Omit<RequestsWanted, 'after'>): Promise<RequestPage> {
  const newest = await findNewestPlace(sql, wanted.merchantId)
  const found = await listNewestRows(sql, wanted, wanted.statuses === null ? wanted.limit : mostPassedOver)
  const seenTo = Math.max(newest, found.at(-1)?.place ?? 0)
  return { requests: found.map(({ request }) => request), hasMore: false, seenTo }
}

/** Refuses too_many_waiting. */
export async function awaitRequests(
  house: Reader,
  seats: Seats,
  wanted: RequestsWanted,
  { waitMs, gone }: { waitMs: number; gone: AbortSignal },
): Promise<RequestPage> {
  const until = performance.now() + waitMs
  const leave = seats.take(wanted.merchantId)
  try {
    for (let after = wanted.after; ; ) {
      const page = await listRequests(house, { ...wanted, after })
      const left = until - performance.now()
      if (page.requests.length > 0 || left <= 0 || gone.aborted) return page
      after = page.seenTo
      if (!page.hasMore) await sleep(Math.min(left, lookMs), undefined, { signal: gone }).catch(() => undefined)
    }
  } finally {
    leave()
  }
}

/** Where the newest stands; 0 before the first. */
export const findNewestRequest = ({ sql }: Reader, merchantId: MerchantId): Promise<number> =>
  findNewestPlace(sql, merchantId)

/** Refuses request_not_found, also for another merchant's. */
export async function getRequest({ sql }: Reader, merchantId: MerchantId, id: string): Promise<ApiRequest> {
  const request = looksLikeId(id) ? await findRequestRow(sql, merchantId, id) : undefined
  if (!request) throw new Refusal('request_not_found')
  return request
}
