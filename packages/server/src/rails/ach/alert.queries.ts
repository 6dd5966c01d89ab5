import type { House } from '../../house.ts'

/** What an operator should know about. `clearedAt`: somebody has seen to it, or it passed by itself. */
export type RaisedAlert = Readonly<{ id: string; key: string; says: string; raisedAt: Date; clearedAt: Date | null }>

export type AlertFilter = Readonly<{ all: boolean; limit: number }>

/** The newest first; those that nobody has seen to only, unless all are wished for. */
export const listAlerts = ({ sql }: Pick<House, 'sql'>, { all, limit }: AlertFilter): Promise<RaisedAlert[]> =>
  sql<RaisedAlert[]>`
    select id, key, says, raised_at as "raisedAt", cleared_at as "clearedAt" from alert
    ${all ? sql`` : sql`where cleared_at is null`} order by raised_at desc, id desc limit ${limit}`
