import type { House } from '../../house.ts'
import { resealAll } from '../../net/reseal.ts'
import { pieceContext } from './ach-file.ts'
import { type ExceptionId, exceptionContext } from './exception.store.ts'
import { changeContext, inboundContext } from './inbound.commands.ts'
import type { InboundId, ReportId } from './report.ts'
import * as kept from './sealed.store.ts'

const halves = (id: string): [owner: string, piece: number] => {
  const [owner = '', piece = ''] = id.split('/')
  return [owner, Number(piece)]
}

const tables: readonly (readonly [kept.SealedTable, contextOf: (id: string) => string])[] = [
  [kept.sentPieces, (id) => pieceContext(...halves(id))],
  [
    kept.receivedPieces,
    (id) => {
      const [owner, piece] = halves(id)
      return inboundContext(owner as InboundId, piece)
    },
  ],
  [kept.reportTexts, (id) => changeContext(id as ReportId)],
  [kept.exceptionTexts, (id) => exceptionContext(id as ExceptionId)],
  [kept.entryNumbers, (id) => id.split('/').slice(3).join('/')],
]

/** Files sent and received, entries, and what waits for a person, with the present key. Answers how many there were. */
export async function resealFiles(house: House): Promise<number> {
  let count = 0
  for (const [table, contextOf] of tables)
    count += await resealAll(
      house.vault,
      async (after) => (await table.list(house.sql, after)).map((row) => ({ ...row, context: contextOf(row.id) })),
      (row, sealed) => table.replace(house.sql, row, sealed),
    )
  return count
}
