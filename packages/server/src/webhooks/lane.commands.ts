import type { Sql, Tx } from '../db/connect.ts'
import { askLanes } from '../jobs/tasks.ts'
import { listEndpointRows } from './endpoint.store.ts'
import type { Endpoint, EndpointId } from './endpoint.ts'
import type { Numbered } from './event-sequence.store.ts'
import { wants } from './subscription.ts'

/** Not while its circuit is open: then it is woken when it is to be probed. */
const isOpenTo = (endpoint: Endpoint): boolean => endpoint.status === 'enabled' && endpoint.health.probeAt === null

/** Wakes the lanes of those endpoints that want some of these events. */
export async function wakeLanesFor(tx: Tx, numbered: readonly Numbered[]): Promise<void> {
  if (numbered.length === 0) return
  const endpoints = await listEndpointRows(
    tx,
    numbered.map(({ merchantId }) => merchantId),
  )
  const typesOf = new Map(numbered.map(({ merchantId, types }) => [merchantId, types]))
  const wanted = endpoints.filter(
    (endpoint) =>
      isOpenTo(endpoint) && (typesOf.get(endpoint.merchantId) ?? []).some((type) => wants(endpoint.subscription, type)),
  )
  await askLanes(
    tx,
    wanted.map(({ id }) => id),
  )
}

/** There is something to tell this endpoint. */
export const wakeLane = (tx: Tx | Sql, id: EndpointId): Promise<void> => askLanes(tx, [id])
