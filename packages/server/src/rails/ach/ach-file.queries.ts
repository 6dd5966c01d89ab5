import type { Sql } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import type { Day } from '../../kernel/banking-day.ts'
import type { MerchantId } from '../../kernel/id.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Speed } from '../originating-bank.ts'
import { type AchFileId, type AchFileStatus, fileName } from './ach-file.ts'
import { listReleases, type Release } from './ach-release.store.ts'
import type { Withdrawal } from './ach-withdrawal.store.ts'
import { readBytes } from './file-bytes.ts'
import { releasesNeeded } from './release.ts'

/** A file as an operator sees it in a list. */
export type FileSummary = Readonly<{
  id: AchFileId
  bankId: string
  creationDate: Day
  creationTime: string
  modifier: string
  cutOffAt: Date
  part: number
  speed: Speed
  effectiveOn: Day
  status: AchFileStatus
  /** Built, and people have yet to release it: how many. */
  waitsFor: number
  entries: number
  debits: bigint
  credits: bigint
}>

export type BatchSummary = Readonly<{
  number: number
  merchantId: MerchantId
  companyName: string
  secCode: string
  description: string
  direction: 'debit' | 'credit'
  entries: number
  amount: bigint
  settledOn: Day | null
  /** Of the entry that balances it. Null: it is not balanced. Counts and amounts leave that entry out. */
  offsetTrace: string | null
}>

/** Everything of a file but its entries, which hold account numbers. */
export type FileStory = FileSummary &
  Readonly<{
    name: string
    sha256: string | null
    bytes: bigint | null
    needsRelease: boolean
    createdAt: Date
    builtAt: Date | null
    /** From here on the bank may have it. */
    offeredAt: Date | null
    sentAt: Date | null
    /** The bank's word and sentence. */
    answer: string | null
    message: string | null
    acknowledgedAt: Date | null
    withdrawn: Withdrawal | null
    releases: readonly Release[]
    batches: readonly BatchSummary[]
  }>

const columns = (sql: Sql) => sql`
  id, bank_id as "bankId", creation_date as "creationDate", creation_time as "creationTime", modifier,
  cut_off_at as "cutOffAt", part, speed, effective_on as "effectiveOn", status, entries, debits, credits,
  case when status = 'built' and needs_release then
    greatest(${releasesNeeded} - (select count(*)::int from ach_release where file_id = ach_file.id), 0)
    else 0 end as "waitsFor"`

export type FileFilter = Readonly<{ bankId?: string; status?: AchFileStatus; limit: number }>

/** The newest files first. */
export const listFiles = ({ sql }: Pick<House, 'sql'>, { bankId, status, limit }: FileFilter): Promise<FileSummary[]> =>
  sql<FileSummary[]>`
    select ${columns(sql)} from ach_file
    where true ${bankId === undefined ? sql`` : sql`and bank_id = ${bankId}`}
      ${status === undefined ? sql`` : sql`and status = ${status}`}
    order by created_at desc, id desc limit ${limit}`

type StoryRow = Omit<FileStory, 'name' | 'releases' | 'batches' | 'withdrawn'> &
  Readonly<{ withdrawnAt: Date | null; withdrawnBy: string | null; withdrawnBecause: string | null }>

/** Refuses: file_not_found. */
export async function getFileStory({ sql }: Pick<House, 'sql'>, id: AchFileId): Promise<FileStory> {
  const [row] = await sql<StoryRow[]>`
    select ${columns(sql)}, sha256, bytes, needs_release as "needsRelease", created_at as "createdAt",
      built_at as "builtAt", offered_at as "offeredAt", sent_at as "sentAt", answer, message,
      acknowledged_at as "acknowledgedAt", withdrawn_at as "withdrawnAt", withdrawn_by as "withdrawnBy",
      withdrawn_because as "withdrawnBecause"
    from ach_file where id = ${id}`
  if (!row) throw new Refusal('file_not_found', { id })
  const { withdrawnAt: at, withdrawnBy: by, withdrawnBecause: because, ...story } = row
  return {
    ...story,
    name: fileName(story),
    withdrawn: at && by && because ? { at, by, because } : null,
    releases: await listReleases(sql, id),
    batches: await sql<BatchSummary[]>`
      select number, merchant_id as "merchantId", company_name as "companyName", sec_code as "secCode", description,
        direction, entries, amount, settled_on as "settledOn", offset_trace as "offsetTrace"
      from ach_batch where file_id = ${id} order by number`,
  }
}

/**
 * The file itself, byte for byte, whole account numbers and all. Refuses: file_not_found, file_not_movable (it has not
 * been built).
 */
export async function getFileBytes(house: Pick<House, 'sql' | 'vault'>, id: AchFileId): Promise<Buffer> {
  const story = await getFileStory(house, id)
  if (story.sha256 === null) throw new Refusal('file_not_movable', { says: 'It has no bytes: it was never built.' })
  return readBytes(house, story)
}
