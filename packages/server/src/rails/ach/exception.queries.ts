import type { House } from '../../house.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { exceptionContext, findException, type KeptException, listExceptions } from './exception.store.ts'
import { readRecordAt } from './inbound-bytes.ts'
import { maskedLine } from './masked-line.ts'

/** What waits, or waited, for a person. */
export type ExceptionSummary = Omit<KeptException, 'sealed'>

const summary = ({ sealed: _, ...rest }: KeptException): ExceptionSummary => rest

/** The newest first; those that wait only, unless all are wished for. */
export async function listRailExceptions(
  { sql }: Pick<House, 'sql'>,
  { all, limit }: Readonly<{ all: boolean; limit: number }>,
): Promise<ExceptionSummary[]> {
  return (await listExceptions(sql, all, limit)).map(summary)
}

export type ExceptionStory = ExceptionSummary &
  Readonly<{
    /** The name of the file that it came in. */
    file: string | null
    /** The lines that it came with, account numbers by their last four. */
    lines: readonly string[]
  }>

/** Refuses: exception_not_found. */
export async function getException(house: Pick<House, 'sql' | 'vault'>, id: string): Promise<ExceptionStory> {
  const found = await findException(house.sql, id)
  if (!found) throw new Refusal('exception_not_found', { id })
  const [inbound] = await house.sql<{ name: string }[]>`select name from ach_inbound where id = ${found.inboundId}`
  const lines = (await linesOf(house, found)).filter((line) => line.trim() !== '')
  return { ...summary(found), file: inbound?.name ?? null, lines: lines.map(maskedLine) }
}

async function linesOf(house: Pick<House, 'sql' | 'vault'>, found: KeptException): Promise<string[]> {
  if (found.sealed) return (await house.vault.open(found.sealed, exceptionContext(found.id))).split('\n')
  if (!found.inboundId || found.line === null) return []
  return readRecordAt(house, found.inboundId, found.line)
}
