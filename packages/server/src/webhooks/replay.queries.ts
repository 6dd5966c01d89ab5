import type { House } from '../house.ts'
import type { EndpointId } from './endpoint.ts'
import { listReplays, type Replay } from './replay.store.ts'

/** Those that have not come to their ends, the oldest first. */
export const listReplaysUnderWay = ({ sql }: Pick<House, 'sql'>, id: EndpointId): Promise<Replay[]> =>
  listReplays(sql, id)
