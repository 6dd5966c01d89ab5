import type { Sql, Tx } from '../db/connect.ts'
import { events, eventTypes } from './event.ts'

type Fragment = ReturnType<Sql>

/** Every type there is and its category, as rows `catalogue (type, category)`. */
export const catalogue = (sql: Sql | Tx): Fragment => sql`
  unnest(${eventTypes}::text[], ${eventTypes.map((type) => events[type].category)}::text[]) as catalogue (type, category)`

/** What `wants` says (subscription.ts), for a row of webhook_endpoint and one of the catalogue. */
export const isWanted = (sql: Sql | Tx): Fragment => sql`
  (everything or catalogue.category = any(categories) or catalogue.type = any(types)) and catalogue.type <> all(except_types)`
