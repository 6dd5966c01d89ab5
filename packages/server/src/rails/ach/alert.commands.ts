import type { Tx } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import type { Id } from '../../kernel/id.ts'
import { Refusal } from '../../kernel/refusal.ts'

export type Alert = Readonly<{ id: Id<'alert'>; key: string; says: string; at: Date }>

/** Something an operator should see to. The same key raises once, and again after it was cleared. */
export async function raise(tx: Tx, alert: Alert): Promise<void> {
  await tx`insert into alert (id, key, says, raised_at) values (${alert.id}, ${alert.key}, ${alert.says}, ${alert.at})
    on conflict (key) do update set says = excluded.says, raised_at = excluded.raised_at, cleared_at = null
      where alert.cleared_at is not null`
}

/** Seen to. Not raised: nothing to do. */
export async function clear(tx: Tx, key: string, at: Date): Promise<void> {
  await tx`update alert set cleared_at = ${at} where key = ${key} and cleared_at is null`
}

/** A person has seen to it. Seen to before: nothing to do. Refuses: alert_not_found. */
export async function clearAlert(house: Pick<House, 'sql' | 'now'>, id: string): Promise<void> {
  const rows = await house.sql`
    update alert set cleared_at = coalesce(cleared_at, ${house.now()}) where id = ${id} returning id`
  if (rows.length === 0) throw new Refusal('alert_not_found', { id })
}
