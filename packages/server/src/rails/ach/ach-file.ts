import { type BankingDay, type Day, easternDay, easternTime } from '../../kernel/banking-day.ts'
import type { Id } from '../../kernel/id.ts'
import type { Speed } from '../originating-bank.ts'

export type AchFileId = Id<'achFile'>
export type AchBatchId = Id<'achBatch'>

/**
 * collecting: entries are added; built: its bytes are stored, it may leave when it is released; sent: it is in the
 * drop. Then the bank says: accepted or rejected. Withdrawn: it never left.
 */
export const achFileStatuses = ['collecting', 'built', 'sent', 'accepted', 'rejected', 'withdrawn'] as const
export type AchFileStatus = (typeof achFileStatuses)[number]

export type AchFile = Readonly<{
  id: AchFileId
  bankId: string
  cutOffAt: Date
  /** A cut-off with more than fits into one file makes several. */
  part: number
  speed: Speed
  /** Eastern. */
  creationDate: Day
  creationTime: string
  modifier: string
  effectiveOn: BankingDay
  status: AchFileStatus
  entries: number
  debits: bigint
  credits: bigint
  sha256: string | null
  needsRelease: boolean
  sentAt: Date | null
  initiatedAt: Date | null
}>

const modifiers = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/**
 * The file id modifier of the nth file of a day, from 0. Undefined: the day has no more, 36 is the format's ceiling.
 */
export const modifierAt = (index: number): string | undefined => modifiers[index]

/** Derived from its id, so that putting it again is putting the same. */
export const fileName = (file: Pick<AchFile, 'id' | 'creationDate' | 'modifier'>): string =>
  `ach-${file.creationDate.replaceAll('-', '')}-${file.modifier}-${file.id}.ach`

/** What the header says of a file made now. */
export const madeAt = (now: Date): { creationDate: Day; creationTime: string } => ({
  creationDate: easternDay(now),
  creationTime: easternTime(now),
})

/** What a stored piece of a file is sealed for. */
export const pieceContext = (id: string, piece: number): string => `ach-piece:${id}:${piece}`

/** The alert that a file waits for its release. */
export const waitingKey = (id: AchFileId): string => `file-waits:${id}`
