import type { Sql } from '../db/connect.ts'
import type { MerchantId } from '../kernel/id.ts'
import type { ApiRequest } from './api-request.ts'

/** Held by whoever writes: rows of two processes must not come to light in another order than that of their ids. */
const lock = 5_280_162

/** All of them in one statement. */
export async function insertRequests(sql: Sql, rows: readonly ApiRequest[]): Promise<void> {
  const column = <T>(of: (row: ApiRequest) => T): T[] => rows.map(of)
  await sql`
    with turn as materialized (select pg_advisory_xact_lock(${lock}))
    insert into api_request
      (merchant_id, client_id, request_id, method, route, path, status, error_code, ms, at, user_agent)
    select given.* from turn, unnest(
      ${column((r) => r.merchantId)}::uuid[], ${column((r) => r.clientId)}::uuid[],
      ${column((r) => r.requestId)}::uuid[], ${column((r) => r.method)}::text[], ${column((r) => r.route)}::text[],
      ${column((r) => r.path)}::text[], ${column((r) => r.status)}::int[], ${column((r) => r.errorCode)}::text[],
      ${column((r) => r.ms)}::int[], ${column((r) => r.at.toISOString())}::timestamptz[], ${column((r) => r.userAgent)}::text[]
    ) as given`
}

type Row = Omit<ApiRequest, 'merchantId'> & { place: bigint }
export type PlacedRequest = Readonly<{ request: ApiRequest; place: number }>

const placed = (merchantId: MerchantId, { place, ...row }: Row): PlacedRequest => ({
  request: { merchantId, ...row },
  place: Number(place),
})

const columns = (sql: Sql) => sql`id as place, client_id as "clientId", request_id as "requestId", method, route, path,
  status, error_code as "errorCode", ms, at, user_agent as "userAgent"`

/** From the first of them to the last, both included. */
export type Statuses = readonly [number, number]

export type RowsAfter = Readonly<{
  merchantId: MerchantId
  after: number
  /** Null: all. */
  statuses: Statuses | null
  limit: number
}>

/** In their order; of the next `among` only. Answers as well how many those are and how far they reach. */
export async function listRowsAfter(
  sql: Sql,
  { merchantId, after, statuses, limit }: RowsAfter,
  among: number,
): Promise<{ rows: PlacedRequest[]; lookedAt: number; reach: number }> {
  const [end] = await sql<{ many: number; reach: bigint | null }[]>`
    select count(*)::int as many, max(id) as reach from (select id from api_request
      where merchant_id = ${merchantId} and id > ${after} order by id limit ${among}) as next`
  const { many = 0, reach = null } = end ?? {}
  if (reach === null) return { rows: [], lookedAt: 0, reach: after }
  const rows = await sql<Row[]>`
    select ${columns(sql)} from api_request
    where merchant_id = ${merchantId} and id > ${after} and id <= ${reach} ${withStatus(sql, statuses)}
    order by id limit ${limit}`
  return { rows: rows.map((row) => placed(merchantId, row)), lookedAt: many, reach: Number(reach) }
}

/** The newest, in their order; of the newest `among` only. */
export async function listNewestRows(
  sql: Sql,
  { merchantId, statuses, limit }: Omit<RowsAfter, 'after'>,
  among: number,
): Promise<PlacedRequest[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} from (select * from api_request where merchant_id = ${merchantId}
      order by id desc limit ${among}) as newest
    where true ${withStatus(sql, statuses)} order by id desc limit ${limit}`
  return rows.map((row) => placed(merchantId, row)).reverse()
}

const withStatus = (sql: Sql, statuses: Statuses | null) =>
  statuses === null ? sql`` : sql`and status between ${statuses[0]} and ${statuses[1]}`

/** 0 before the first. */
export async function findNewestPlace(sql: Sql, merchantId: MerchantId): Promise<number> {
  const [row] = await sql<{ newest: bigint | null }[]>`
    select max(id) as newest from api_request where merchant_id = ${merchantId}`
  return Number(row?.newest ?? 0)
}

export async function findRequestRow(sql: Sql, merchantId: MerchantId, id: string): Promise<ApiRequest | undefined> {
  const [row] = await sql<Row[]>`
    select ${columns(sql)} from api_request where merchant_id = ${merchantId} and request_id = ${id}
    order by id limit 1`
  return row && placed(merchantId, row).request
}

/** Answers how many. */
export async function deleteRowsBefore(sql: Sql, before: Date, limit: number): Promise<number> {
  const { count } = await sql`delete from api_request where (merchant_id, id) in (
    select merchant_id, id from api_request where at < ${before} order by at limit ${limit})`
  return count
}
