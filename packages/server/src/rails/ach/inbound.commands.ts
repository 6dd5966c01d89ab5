import { createHash } from 'node:crypto'
import { transact } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { ask } from '../../jobs/tasks.ts'
import { easternDay } from '../../kernel/banking-day.ts'
import { exceptionContext, insertExceptions, type RailException } from './exception.store.ts'
import {
  believeAfterAll,
  findUnread,
  type Inbound,
  insertInbound,
  insertInboundAgain,
  insertInboundPiece,
  insertReports,
  listInboundPieces,
  type NewReport,
  saveRead,
} from './inbound.store.ts'
import { acknowledgmentForm, readAcknowledgment, readSettlement, settlementForm } from './read-advice.ts'
import { readReturns } from './read-returns.ts'
import type { Doubt, InboundId, ReadReports, ReportDraft, ReportId } from './report.ts'

/** Bytes of a file that are sealed together. */
const pieceBytes = 1_000_000
const rowsAtOnce = 2_000

/** What a piece of a stored file is sealed for. */
export const inboundContext = (id: InboundId, piece: number): string => `ach-inbound:${id}:${piece}`
export const changeContext = (id: ReportId): string => `ach-change:${id}`

/** Stores a file that a bank has left, as bytes, before anything is understood. The same bytes again are noted only. */
export async function storeInbound(house: House, bankId: string, name: string, bytes: Uint8Array): Promise<void> {
  const inbound: Inbound = { id: house.newId(), bankId, name, receivedAt: house.now() }
  const pieces = await Promise.all(
    Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, piece) => {
      const part = Buffer.from(bytes.subarray(piece * pieceBytes, (piece + 1) * pieceBytes))
      return house.vault.seal(part.toString('latin1'), inboundContext(inbound.id, piece))
    }),
  )
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await transact(house.sql, async (tx) => {
    const before = await insertInbound(tx, { ...inbound, sha256, bytes: bytes.length })
    if (before) return insertInboundAgain(tx, before, name, inbound.receivedAt)
    for (const [piece, sealed] of pieces.entries()) await insertInboundPiece(tx, inbound.id, piece, sealed)
    await ask(tx, 'apply-reports', { bankId }, `apply:${bankId}`)
  })
}

/** Reads the oldest stored file into reports and exceptions. Answers whether there was one. */
export async function readNext(house: House, bankId: string): Promise<boolean> {
  const inbound = await findUnread(house.sql, bankId)
  if (!inbound) return false
  const sealed = await listInboundPieces(house.sql, inbound.id)
  const pieces: Buffer[] = []
  for (const [piece, text] of sealed.entries())
    pieces.push(Buffer.from(await house.vault.open(text, inboundContext(inbound.id, piece)), 'latin1'))
  const read = understand(pieces, inbound)
  const reports = await Promise.all(read.drafts.map((draft) => reportOf(house, draft, 'new')))
  const doubts = await Promise.all(read.doubts.map((doubt) => doubtOf(house, inbound, doubt)))
  await transact(house.sql, async (tx) => {
    let believed = 0
    for (let at = 0; at < reports.length; at += rowsAtOnce)
      believed += await believeAfterAll(tx, inbound, reports.slice(at, at + rowsAtOnce), house.now())
    const all = [...reports, ...doubts.flatMap(({ report }) => (report ? [report] : []))]
    const fresh = new Set<string>()
    for (let at = 0; at < all.length; at += rowsAtOnce)
      for (const id of await insertReports(tx, inbound, all.slice(at, at + rowsAtOnce))) fresh.add(id)
    // What an earlier file had told already is in doubt no second time.
    const exceptions = doubts.filter(({ report }) => !report || fresh.has(report.id)).map(({ exception }) => exception)
    await insertExceptions(tx, exceptions)
    await saveRead(tx, inbound.id, {
      kind: read.kind,
      reports: fresh.size + believed,
      repeated: all.length - fresh.size - believed,
    })
  })
  return true
}

function understand(pieces: readonly Buffer[], inbound: Inbound): ReadReports {
  const head = (pieces[0] ?? Buffer.alloc(0)).subarray(0, 64).toString('latin1')
  const text = () => Buffer.concat(pieces).toString('utf8')
  if (head.startsWith(acknowledgmentForm)) return readAcknowledgment(text())
  if (head.startsWith(settlementForm)) return readSettlement(text())
  const read = readReturns(pieces, easternDay(inbound.receivedAt))
  if (read.drafts.length > 0 || /^\s*(?:101|5[28]\d\d|6\d\d)/.test(head)) return read
  const says = `The file ${inbound.name} is none of the kinds we know.`
  const doubt: Doubt = { line: 1, reason: 'unreadable', says, raw: head }
  return { kind: 'unknown', drafts: [], doubts: pieces.length > 0 ? [doubt] : [] }
}

async function reportOf(house: House, draft: ReportDraft, status: NewReport['status']): Promise<NewReport> {
  const id: ReportId = house.newId()
  const sealed = draft.secret === undefined ? null : await house.vault.seal(draft.secret, changeContext(id))
  return { id, line: draft.line, key: draft.key, kind: draft.kind, told: draft.told, sealed, status }
}

async function doubtOf(
  house: House,
  inbound: Inbound,
  doubt: Doubt,
): Promise<{ report: NewReport | undefined; exception: RailException }> {
  const report = doubt.draft && (await reportOf(house, doubt.draft, 'excepted'))
  const id: RailException['id'] = house.newId()
  const exception: RailException = {
    ...{ id, bankId: inbound.bankId, inboundId: inbound.id, reportId: report?.id ?? null, line: doubt.line },
    ...{ reason: doubt.reason, says: doubt.says, amount: null, raisedAt: house.now() },
    sealed: await house.vault.seal(doubt.raw.slice(0, 10_000), exceptionContext(id)),
  }
  return { report, exception }
}
