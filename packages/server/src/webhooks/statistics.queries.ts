import type { House } from '../house.ts'
import { type EndpointView, mostCounted, viewOf } from './endpoint.queries.ts'
import type { Endpoint } from './endpoint.ts'

/** What the attempts of a while met. Milliseconds are null when there were none. */
export type AttemptFigures = Readonly<{
  attempts: number
  delivered: number
  failed: number
  medianMs: number | null
  p95Ms: number | null
}>

export type Statistics = EndpointView &
  Readonly<{
    day: AttemptFigures
    week: AttemptFigures
    waiting: number
    /** When the event happened that has waited longest among those that were tried. */
    oldestWaiting: Date | null
    failed: number
  }>

const dayMs = 24 * 60 * 60_000
/** Of the newest attempts; where there were more, the older ones are left out. */
const mostAttempts = 100_000

/** How an endpoint has done in the last 24 hours and 7 days of house time, and what is still to be done for it. */
export async function readStatistics(house: Pick<House, 'sql' | 'now'>, endpoint: Endpoint): Promise<Statistics> {
  const now = house.now().getTime()
  const [day, week, open, view] = await Promise.all([
    attemptsSince(house, endpoint, new Date(now - dayMs)),
    attemptsSince(house, endpoint, new Date(now - 7 * dayMs)),
    openDeliveries(house, endpoint),
    viewOf(house, endpoint),
  ])
  return { ...view, day, week, ...open }
}

async function attemptsSince({ sql }: Pick<House, 'sql'>, { id }: Endpoint, since: Date): Promise<AttemptFigures> {
  const [row] = await sql<AttemptFigures[]>`
    select count(*)::int as attempts, (count(*) filter (where outcome = 'delivered'))::int as delivered,
      (count(*) filter (where outcome <> 'delivered'))::int as failed,
      percentile_disc(0.5) within group (order by took_ms) as "medianMs",
      percentile_disc(0.95) within group (order by took_ms) as "p95Ms"
    from (select outcome, took_ms from webhook_attempt where endpoint_id = ${id} and at > ${since}
      order by at desc limit ${mostAttempts}) as newest`
  return row ?? { attempts: 0, delivered: 0, failed: 0, medianMs: null, p95Ms: null }
}

type Open = Pick<Statistics, 'waiting' | 'oldestWaiting' | 'failed'>

async function openDeliveries({ sql }: Pick<House, 'sql'>, { id }: Endpoint): Promise<Open> {
  const [row] = await sql<Open[]>`
    select waiting.many as waiting, waiting.oldest as "oldestWaiting", failed.many as failed
    from (select count(*)::int as many, min(happened_at) as oldest from (
        select happened_at from webhook_delivery where endpoint_id = ${id} and status = 'waiting'
        order by due_at, sequence limit ${mostCounted}) as counted) as waiting,
      (select count(*)::int as many from (
        select 1 from webhook_delivery where endpoint_id = ${id} and status = 'failed' limit ${mostCounted}) as counted)
        as failed`
  return row ?? { waiting: 0, oldestWaiting: null, failed: 0 }
}
