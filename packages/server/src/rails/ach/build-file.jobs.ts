import { createHash } from 'node:crypto'
import { type BatchHeader, type Entry, type FileWriter, openValidator, openWriter, toAchText } from '@rialto/nacha'
import { type Tx, transact } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { ask } from '../../jobs/tasks.ts'
import { easternDay, easternTime } from '../../kernel/banking-day.ts'
import type { OriginatingBank } from '../originating-bank.ts'
import { windowsOn } from '../originating-bank.ts'
import { type AchBatch, type EntryToWrite, listBatches, listEntriesToWrite } from './ach-entry.store.ts'
import { findFile, holdBank, insertPieces, saveBuilt, takeFile } from './ach-file.store.ts'
import { type AchFile, type AchFileId, pieceContext, waitingKey } from './ach-file.ts'
import { raise } from './alert.commands.ts'
import { bankOf } from './bank-of.ts'
import { numberOffsets } from './offset.commands.ts'
import { listOffsets } from './offset.store.ts'
import { offsetEntry } from './offset.ts'

const page = 2_000
/** About a megabyte of text is sealed at a time. */
const pieceLength = 1_000_000

const mostTries = 5

/**
 * Writes a collected file, judges it by every rule of the format, and stores it sealed, with its hash. The same file
 * comes out however often it is built: everything in it stands in the database. Nothing that breaks a rule may leave.
 */
export async function buildFile(house: House, fileId: AchFileId): Promise<void> {
  for (let tries = 1; tries <= mostTries; tries++) if (await build(house, fileId)) return
  throw new Error('a file is added to whenever it is built')
}

/** False: somebody has added to it meanwhile, a worker that was thought dead: it is to be built anew. */
async function build(house: House, fileId: AchFileId): Promise<boolean> {
  const file = await findFile(house.sql, fileId)
  if (file?.status !== 'collecting') return true
  const bank = bankOf(house, file.bankId)
  await numberOffsets(house, bank, file)
  const text = openText(house, file.id)
  const validator = openValidator({ balanced: bank.balanced })
  let findings = 0
  let first = ''
  const judge = (found: ReturnType<typeof validator.end>) => {
    findings += found.length
    first ||= found[0]?.message ?? ''
  }
  for await (const lines of linesOf(house, bank, file)) {
    judge(validator.push(Buffer.from(lines, 'latin1')))
    await text.write(lines)
  }
  judge(validator.end())
  const { sha256, length, sealed } = await text.end()
  if (findings > 0) {
    await refuse(house, file, `${findings} findings, the first: ${first}`)
    return true
  }
  return transact(house.sql, async (tx) => {
    await holdBank(tx, file.bankId)
    const locked = await takeFile(tx, file.id)
    if (locked.status !== 'collecting') return true
    if (locked.entries !== file.entries) return false
    await insertPieces(tx, file.id, sealed)
    await saveBuilt(tx, file.id, sha256, length, house.now())
    if (file.needsRelease) await callPeople(house, tx, file, bank)
    else await ask(tx, 'send-file', { bankId: file.bankId, fileId: file.id })
    return true
  })
}

async function callPeople(house: House, tx: Tx, file: AchFile, bank: OriginatingBank): Promise<void> {
  const says = `File ${file.id} for ${bank.name} waits for two people: rialto ach release ${file.id} --by NAME.`
  await raise(tx, { id: house.newId(), key: waitingKey(file.id), says, at: house.now() })
}

async function refuse(house: House, file: AchFile, why: string): Promise<void> {
  house.log.error({ fileId: file.id }, 'a file breaks the rules of the format and stays')
  const says = `File ${file.id} breaks the rules of the format and was not sent: ${why}.`
  await transact(house.sql, (tx) =>
    raise(tx, { id: house.newId(), key: `file-invalid:${file.id}`, says, at: house.now() }),
  )
}

/** The text of a file, some lines at a time. */
async function* linesOf(house: House, bank: OriginatingBank, file: AchFile): AsyncGenerator<string> {
  const writer = openWriter({
    immediateDestination: bank.immediateDestination,
    immediateOrigin: bank.immediateOrigin,
    creationDate: file.creationDate,
    creationTime: file.creationTime,
    fileIdModifier: file.modifier,
    destinationName: toAchText(bank.destinationName, 23),
    originName: toAchText(bank.originName, 23),
  })
  yield writer.start()
  const offsets = bank.balanced ? await listOffsets(house.sql, file.id) : []
  for (const batch of await listBatches(house.sql, file.id)) {
    const stored = offsets.find(({ batchId }) => batchId === batch.id)
    yield writer.batch(headerOf(bank, file, batch))
    yield* entriesOf(house, writer, batch, stored && offsetEntry(bank, batch, stored))
    yield writer.endBatch()
  }
  yield writer.end()
}

const headerOf = (bank: OriginatingBank, file: AchFile, batch: AchBatch): BatchHeader => ({
  serviceClass: bank.balanced ? 'mixed' : batch.direction === 'debit' ? 'debits' : 'credits',
  companyName: toAchText(batch.companyName, 16) || toAchText(bank.originName, 16),
  companyId: bank.companyId,
  secCode: batch.secCode,
  entryDescription: batch.description,
  ...mark(bank, file),
  effectiveDate: file.effectiveOn,
  odfi: bank.odfi.slice(0, 8),
  batchNumber: batch.number,
})

/** Many banks take same-day entries only with the mark agreed. */
function mark(bank: OriginatingBank, file: AchFile): { descriptiveDate?: string } {
  if (file.speed !== 'same_day') return {}
  // By the cut-off and not by the clock: a person may run one before its time.
  const time = easternTime(file.cutOffAt)
  const { cutOffs } = windowsOn(bank, easternDay(file.cutOffAt))
  const cutOff = cutOffs.find(({ speed, at }) => speed === 'same_day' && at === time)
  return cutOff?.mark ? { descriptiveDate: cutOff.mark } : {}
}

/** In the order of their traces. Traces begin again after ten million, so the offset's need not be the last. */
async function* entriesOf(
  house: House,
  writer: FileWriter,
  batch: AchBatch,
  offset: Entry | undefined,
): AsyncGenerator<string> {
  for (let after = ''; ; ) {
    const stored = await listEntriesToWrite(house.sql, batch.id, after, page)
    const last = stored.at(-1)?.traceNumber
    const numbers = await Promise.all(stored.map((one) => house.vault.open(one.numberSealed, one.numberContext)))
    const entries = stored.map((entry, index) => entryOf(entry, numbers[index] ?? ''))
    if (offset && offset.traceNumber > after && (last === undefined || offset.traceNumber < last)) entries.push(offset)
    yield entries
      .sort((a, b) => (a.traceNumber < b.traceNumber ? -1 : 1))
      .map((entry) => writer.entry(entry))
      .join('')
    if (last === undefined) return
    after = last
  }
}

const entryOf = (entry: EntryToWrite, accountNumber: string): Entry => ({
  transactionCode: entry.transactionCode,
  rdfi: entry.routingNumber,
  accountNumber,
  amount: entry.amount,
  individualId: entry.individualId,
  individualName: toAchText(entry.receiverName, 22) || 'ACCOUNT HOLDER',
  discretionary: entry.discretionary,
  traceNumber: entry.traceNumber,
  ...(entry.addenda ? { addenda: { kind: 'payment', information: toAchText(entry.addenda, 80) } } : {}),
})

/** Counts and hashes text, and keeps it sealed, in pieces: all of a file's fit into memory. */
function openText(house: House, fileId: AchFileId) {
  const hash = createHash('sha256')
  const sealed: string[] = []
  let length = 0
  let waiting: string[] = []
  let waitingLength = 0
  const seal = async () => {
    const text = waiting.join('')
    waiting = []
    waitingLength = 0
    if (text !== '') sealed.push(await house.vault.seal(text, pieceContext(fileId, sealed.length)))
  }
  return {
    async write(text: string): Promise<void> {
      hash.update(text, 'latin1')
      length += text.length
      waiting.push(text)
      waitingLength += text.length
      if (waitingLength >= pieceLength) await seal()
    },
    async end(): Promise<{ sha256: string; length: number; sealed: readonly string[] }> {
      await seal()
      return { sha256: hash.digest('hex'), length, sealed }
    },
  }
}
