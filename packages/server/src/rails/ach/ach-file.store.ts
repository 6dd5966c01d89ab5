import type { Sql, Tx } from '../../db/connect.ts'
import { assert } from '../../kernel/assert.ts'
import type { BankingDay, Day } from '../../kernel/banking-day.ts'
import type { AchFile, AchFileId, AchFileStatus } from './ach-file.ts'

type Row = {
  id: AchFileId
  bank_id: string
  cut_off_at: Date
  part: number
  speed: AchFile['speed']
  creation_date: Day
  creation_time: string
  modifier: string
  effective_on: BankingDay
  status: AchFileStatus
  entries: number
  debits: bigint
  credits: bigint
  sha256: string | null
  needs_release: boolean
  sent_at: Date | null
  initiated_at: Date | null
}

const toFile = (row: Row): AchFile => ({
  id: row.id,
  bankId: row.bank_id,
  cutOffAt: row.cut_off_at,
  part: row.part,
  speed: row.speed,
  creationDate: row.creation_date,
  creationTime: row.creation_time,
  modifier: row.modifier,
  effectiveOn: row.effective_on,
  status: row.status,
  entries: row.entries,
  debits: row.debits,
  credits: row.credits,
  sha256: row.sha256,
  needsRelease: row.needs_release,
  sentAt: row.sent_at,
  initiatedAt: row.initiated_at,
})

/**
 * One at a time assigns or applies for a bank: whoever moves many payments holds this until its transaction ends. It
 * keeps trace numbers in order, and two who lock thousands of rows from meeting in a circle.
 */
export async function holdBank(tx: Tx, bankId: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`ach:${bankId}`}, 0))`
}

export async function findFile(sql: Sql | Tx, id: AchFileId): Promise<AchFile | undefined> {
  const [row] = await sql<Row[]>`select * from ach_file where id = ${id}`
  return row && toFile(row)
}

/** Locks the file until the transaction ends. */
export async function takeFile(tx: Tx, id: AchFileId): Promise<AchFile> {
  const [row] = await tx<Row[]>`select * from ach_file where id = ${id} for update`
  assert(row, 'a file that is named exists')
  return toFile(row)
}

/** The files of a cut-off, in order. */
export async function listFilesOfCutOff(sql: Sql | Tx, bankId: string, cutOffAt: Date): Promise<AchFile[]> {
  const rows = await sql<Row[]>`
    select * from ach_file where bank_id = ${bankId} and cut_off_at = ${cutOffAt} order by part`
  return rows.map(toFile)
}

/** How many files of a bank are dated this day: the next one's modifier follows from it. The bank is held. */
export async function countFilesOfDay(tx: Tx, bankId: string, day: Day): Promise<number> {
  const [row] = await tx<{ many: number }[]>`
    select count(*)::int as many from ach_file where bank_id = ${bankId} and creation_date = ${day}`
  return row?.many ?? 0
}

export async function insertFile(tx: Tx, file: AchFile, at: Date): Promise<void> {
  await tx`insert into ach_file (id, bank_id, cut_off_at, part, speed, creation_date, creation_time, modifier,
      effective_on, status, needs_release, created_at)
    values (${file.id}, ${file.bankId}, ${file.cutOffAt}, ${file.part}, ${file.speed}, ${file.creationDate},
      ${file.creationTime}, ${file.modifier}, ${file.effectiveOn}, ${file.status}, ${file.needsRelease}, ${at})`
}

export async function addToFile(
  tx: Tx,
  id: AchFileId,
  more: { entries: number; debits: bigint; credits: bigint },
): Promise<void> {
  await tx`update ach_file set entries = entries + ${more.entries}, debits = debits + ${more.debits},
    credits = credits + ${more.credits} where id = ${id}`
}

export async function saveBuilt(tx: Tx, id: AchFileId, sha256: string, bytes: number, at: Date): Promise<void> {
  await tx`update ach_file set status = 'built', sha256 = ${sha256}, bytes = ${bytes}, built_at = ${at}
    where id = ${id}`
}

export async function saveSent(tx: Tx, id: AchFileId, at: Date): Promise<void> {
  await tx`update ach_file set status = 'sent', sent_at = ${at} where id = ${id} and status = 'built'`
}

export async function saveInitiated(tx: Tx, id: AchFileId, at: Date): Promise<void> {
  await tx`update ach_file set initiated_at = ${at} where id = ${id} and initiated_at is null`
}

export async function saveAnswer(
  tx: Tx,
  id: AchFileId,
  answer: { status: AchFileStatus; word: string; message: string | null },
  at: Date,
): Promise<void> {
  await tx`update ach_file set status = ${answer.status}, answer = ${answer.word}, message = ${answer.message},
    acknowledged_at = ${at} where id = ${id}`
}

/** The file that an acknowledgment or a settlement speaks of. */
export async function findFileByHeader(
  sql: Sql | Tx,
  bankId: string,
  creationDate: string,
  modifier: string,
): Promise<AchFile | undefined> {
  const [row] = await sql<Row[]>`select * from ach_file
    where bank_id = ${bankId} and creation_date = ${creationDate}::date and modifier = ${modifier}`
  return row && toFile(row)
}

/** A person releases a file, once. */
export async function insertRelease(tx: Tx, id: AchFileId, by: string, at: Date): Promise<number> {
  await tx`insert into ach_release (file_id, released_by, released_at) values (${id}, ${by}, ${at})
    on conflict do nothing`
  const [row] = await tx<{ many: number }[]>`select count(*)::int as many from ach_release where file_id = ${id}`
  return row?.many ?? 0
}

/** The bytes of a file, sealed, in pieces, in order. */
export async function insertPieces(tx: Tx, id: AchFileId, sealed: readonly string[]): Promise<void> {
  for (const [piece, text] of sealed.entries())
    await tx`insert into ach_file_piece (file_id, piece, sealed) values (${id}, ${piece}, ${text})`
}

export async function findPiece(sql: Sql, id: AchFileId, piece: number): Promise<string | undefined> {
  const [row] = await sql<{ sealed: string }[]>`
    select sealed from ach_file_piece where file_id = ${id} and piece = ${piece}`
  return row?.sealed
}
