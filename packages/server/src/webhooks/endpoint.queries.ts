import type { House } from '../house.ts'
import { looksLikeId, type MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { findEndpoint, listEndpointRows } from './endpoint.store.ts'
import type { Endpoint } from './endpoint.ts'
import { typesWanted } from './subscription.ts'

type Reader = Pick<House, 'sql'>

/** `behind`: how many of the events that it wants it has not been told at all yet. */
export type EndpointView = Readonly<{ endpoint: Endpoint; behind: number }>

/** Newest first, those that have ended left out. */
export async function listEndpoints(
  house: Reader,
  merchantId: MerchantId,
  { limit, after }: Readonly<{ limit: number; after: string | null }>,
): Promise<EndpointView[]> {
  const all = await listEndpointRows(house.sql, [merchantId])
  const newestFirst = all.toReversed().filter(({ id }) => after === null || id < after.toLowerCase())
  const views: EndpointView[] = []
  for (const endpoint of newestFirst.slice(0, limit)) views.push(await viewOf(house, endpoint))
  return views
}

/** Refuses subscription_not_found, also for another merchant's and one that has ended. */
export async function getEndpoint({ sql }: Reader, merchantId: MerchantId, id: string): Promise<Endpoint> {
  const endpoint = looksLikeId(id) ? await findEndpoint(sql, id) : undefined
  if (endpoint?.merchantId !== merchantId || endpoint.status === 'ended') throw new Refusal('subscription_not_found')
  return endpoint
}

export const viewOf = async (house: Reader, endpoint: Endpoint): Promise<EndpointView> => ({
  endpoint,
  behind: await countBehind(house, endpoint),
})

/** Counted up to here; what has this many may have more. */
export const mostCounted = 10_001
/** Looked at among so many events. */
const mostLookedAt = 50_000

async function countBehind({ sql }: Reader, { merchantId, toldTo, subscription }: Endpoint): Promise<number> {
  const [row] = await sql<{ many: number }[]>`
    select count(*)::int as many from (
      select 1 from (
        select type from event_sequence where merchant_id = ${merchantId} and sequence > ${toldTo}
        order by sequence limit ${mostLookedAt}) as untold
      where type = any(${typesWanted(subscription)}) limit ${mostCounted}) as wanted`
  return row?.many ?? 0
}
