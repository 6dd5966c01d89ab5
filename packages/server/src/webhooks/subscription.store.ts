import type { Sql, Tx } from '../db/connect.ts'
import { events, eventTypes } from './event.ts'

type Fragment = ReturnType<Sql>

const categories = eventTypes.map((type) => events[type].category)

/** What `wants` says (subscription.ts), for a row of webhook_endpoint and a column that holds a type. */
export const isWanted = (sql: Sql | Tx, type: Fragment): Fragment => sql`
  (everything or ${type} = any(types)
    or (${categories}::text[])[array_position(${eventTypes}::text[], ${type})] = any(categories))
  and ${type} <> all(except_types)`
