import type { Sql, Tx } from '../db/connect.ts'
import type { Claimed } from './drop.ts'

export type TakenFile = Readonly<{
  id: bigint
  name: string
  takenAt: Date
  /** Why it is refused whatever it says: too large, or under a name nobody can read. */
  problem: string | null
  storedAt: Date | null
}>

const columns = (sql: Sql | Tx) => sql`id, name, taken_at as "takenAt", problem, stored_at as "storedAt"`

/** Writes down that a file was claimed. A second time it is the same file. */
export async function recordClaim(
  sql: Sql,
  file: Claimed & Readonly<{ takenAt: Date; problem: string | null }>,
): Promise<TakenFile> {
  await sql`
    insert into fed_file (claim, name, taken_at, problem)
    values (${file.claim}, ${file.name}, ${file.takenAt}, ${file.problem}) on conflict (claim) do nothing`
  const [row] = await sql<TakenFile[]>`select ${columns(sql)} from fed_file where claim = ${file.claim}`
  return row!
}

export async function storePart(sql: Sql, fileId: bigint, part: number, bytes: Uint8Array): Promise<void> {
  await sql`
    insert into fed_file_part (file_id, part, bytes) values (${fileId}, ${part}, ${bytes})
    on conflict (file_id, part) do update set bytes = excluded.bytes`
}

export async function markStored(
  sql: Sql,
  fileId: bigint,
  stored: Readonly<{ at: Date; bytes: number; sha256: string }>,
): Promise<void> {
  await sql`
    update fed_file set stored_at = ${stored.at}, bytes = ${stored.bytes}, sha256 = ${stored.sha256}
    where id = ${fileId}`
}

/** The bytes of a stored file, part by part. */
export async function* readParts(sql: Sql | Tx, fileId: bigint): AsyncGenerator<Uint8Array> {
  for (let part = 0; ; part++) {
    const [row] = await sql<{ bytes: Uint8Array }[]>`
      select bytes from fed_file_part where file_id = ${fileId} and part = ${part}`
    if (!row) return
    yield row.bytes
  }
}

/** Stored and not yet judged, in the order they were taken. */
export async function listUnjudged(sql: Sql): Promise<TakenFile[]> {
  return sql<TakenFile[]>`
    select ${columns(sql)} from fed_file where verdict is null and stored_at is not null order by id limit 100`
}

export type FileIdentity = Readonly<{
  immediateOrigin: string
  immediateDestination: string
  originName: string
  creationDate: string
  creationTime: string
  fileIdModifier: string
}>

export type FileVerdict = 'accepted' | 'accepted_with_item_errors' | 'pended' | 'rejected' | 'duplicate'

export type Judged = FileIdentity &
  Readonly<{
    verdict: FileVerdict
    message: string
    entries: number
    debits: bigint
    credits: bigint
    acknowledgeAt: Date
  }>

export async function saveVerdict(tx: Tx, fileId: bigint, judged: Judged): Promise<void> {
  await tx`
    update fed_file set immediate_origin = ${judged.immediateOrigin},
      immediate_destination = ${judged.immediateDestination}, origin_name = ${judged.originName},
      creation_date = ${judged.creationDate}, creation_time = ${judged.creationTime},
      file_id_modifier = ${judged.fileIdModifier}, verdict = ${judged.verdict}, message = ${judged.message},
      entries = ${judged.entries}, debits = ${judged.debits}, credits = ${judged.credits},
      acknowledge_at = ${judged.acknowledgeAt}
    where id = ${fileId}`
}

/** Whether a file that calls itself the same was taken before. One that was rejected may be sent again. */
export async function wasTakenBefore(tx: Tx, fileId: bigint, file: FileIdentity): Promise<boolean> {
  const rows = await tx`
    select 1 from fed_file
    where immediate_origin = ${file.immediateOrigin} and immediate_destination = ${file.immediateDestination}
      and creation_date = ${file.creationDate} and creation_time = ${file.creationTime}
      and file_id_modifier = ${file.fileIdModifier} and verdict in ('accepted', 'accepted_with_item_errors')
      and id <> ${fileId} limit 1`
  return rows.length > 0
}
