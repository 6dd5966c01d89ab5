import type { Sql, Tx } from '../../db/connect.ts'
import type { AchFileId } from './ach-file.ts'

export type Release = Readonly<{ by: string; at: Date }>

/** Who has released a file, in the order in which they did. */
export const listReleases = (sql: Sql | Tx, id: AchFileId): Promise<Release[]> =>
  sql<Release[]>`
    select released_by as by, released_at as at from ach_release
    where file_id = ${id} order by released_at, released_by`

/** When the bank was first offered the file. Null: it cannot have it. */
export async function findOffered(sql: Sql | Tx, id: AchFileId): Promise<Date | null> {
  const [row] = await sql<{ at: Date | null }[]>`select offered_at as at from ach_file where id = ${id}`
  return row?.at ?? null
}

/** From here on the bank may have the file. The first time counts. */
export async function saveOffered(tx: Tx, id: AchFileId, at: Date): Promise<void> {
  await tx`update ach_file set offered_at = ${at} where id = ${id} and offered_at is null`
}
