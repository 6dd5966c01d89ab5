import type { Sql, Tx } from '../db/connect.ts'
import { askLanes } from '../jobs/tasks.ts'
import type { EndpointId } from './endpoint.ts'

/** There is something to tell this endpoint. */
export const wakeLane = (tx: Tx | Sql, id: EndpointId): Promise<void> => askLanes(tx, [id])
