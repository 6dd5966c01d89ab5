import { openReader, type ReadRecord } from '@rialto/nacha'
import type { House } from '../../house.ts'
import { inboundContext } from './inbound.commands.ts'
import type { InboundId } from './report.ts'

type Reader = Pick<House, 'sql' | 'vault'>

/** The stored bytes of a bank's file, in order, some at a time. */
async function* piecesOf(house: Reader, id: InboundId): AsyncGenerator<Buffer> {
  for (let piece = 0; ; piece++) {
    const [row] = await house.sql<{ sealed: string }[]>`
      select sealed from ach_inbound_piece where inbound_id = ${id} and piece = ${piece}`
    if (!row) return
    yield Buffer.from(await house.vault.open(row.sealed, inboundContext(id, piece)), 'latin1')
  }
}

/**
 * The record that begins at a line of a bank's file, an entry with its addenda: lines as they came, with whole account
 * numbers. Empty: there is no such line.
 */
export async function readRecordAt(house: Reader, id: InboundId, line: number): Promise<string[]> {
  const reader = openReader()
  const find = (records: readonly ReadRecord[]) =>
    records.map((one) => rawAt(one, line)).find((raw) => raw !== undefined)
  for await (const piece of piecesOf(house, id)) {
    const found = find(reader.push(piece))
    if (found) return found
  }
  return find(reader.end()) ?? []
}

function rawAt(record: ReadRecord, line: number): string[] | undefined {
  // Where a control record is missing, its end is told with the line that follows, and without a text.
  if (record.line !== line || record.raw === '') return undefined
  return [record.raw, ...('rawAddenda' in record ? record.rawAddenda : [])]
}
