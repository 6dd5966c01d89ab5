import { type Tx, transact } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { isAtWork } from '../../jobs/job.queries.ts'
import { ask } from '../../jobs/tasks.ts'
import { assert } from '../../kernel/assert.ts'
import { easternDay } from '../../kernel/banking-day.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { listBatches } from './ach-entry.store.ts'
import { findFile, holdBank, insertRelease, takeFile } from './ach-file.store.ts'
import { type AchFile, type AchFileId, waitingKey } from './ach-file.ts'
import { findOffered, listReleases, type Release, saveOffered } from './ach-release.store.ts'
import { saveWithdrawn, voidSome } from './ach-withdrawal.store.ts'
import { clear } from './alert.commands.ts'
import { personFrom, reasonFrom } from './person.ts'
import { isLate, releasesNeeded } from './release.ts'
import { tell } from './subjects.commands.ts'

/** How many entries are taken back in one transaction. */
const chunk = 5_000

const notNow = (says: string) => new Refusal('file_not_movable', { says })

const why: Readonly<Partial<Record<AchFile['status'], string>>> = {
  collecting: 'It is still being made, or breaks the rules of the format: rialto alerts.',
  withdrawn: 'It was withdrawn.',
  rejected: 'The bank rejected it; its payments go with the next file.',
}
const sentAlready = 'It was sent already. Only the bank can stop it now: ask the bank to reject it.'

/** Refuses: file_not_found. */
async function get(tx: Tx, id: AchFileId): Promise<AchFile> {
  const file = await findFile(tx, id)
  if (!file) throw new Refusal('file_not_found', { id })
  return file
}

export type Released = Readonly<{
  releases: readonly Release[]
  /** Enough people have: it leaves now. */
  isReleased: boolean
  /** False: this person had released it before. */
  isNew: boolean
  /** Its effective date has come: the bank may treat it in another way than the date in it says. */
  isLate: boolean
}>

/**
 * A person releases a file of a bank that asks for two. With the second person, sending it is asked for in the same
 * transaction. The same person again changes nothing. Refuses: file_not_found, file_not_movable (not built, sent
 * already, needs no release), invalid_request.
 */
export function releaseFile(house: House, id: AchFileId, by: string): Promise<Released> {
  const person = personFrom(by)
  return transact(house.sql, async (tx) => {
    await get(tx, id)
    const file = await takeFile(tx, id)
    if (file.status !== 'built') throw notNow(why[file.status] ?? 'It was sent already.')
    if (!file.needsRelease) throw notNow('Its bank asks for no release: it leaves by itself. Look at rialto jobs.')
    const before = (await listReleases(tx, id)).length
    const many = await insertRelease(tx, id, person, house.now())
    const isNew = many > before
    if (isNew && many === releasesNeeded) {
      await ask(tx, 'send-file', { bankId: file.bankId, fileId: id })
      await clear(tx, waitingKey(id), house.now())
    }
    const releases = await listReleases(tx, id)
    return { releases, isReleased: many >= releasesNeeded, isNew, isLate: isLate(file, easternDay(house.now())) }
  })
}

/**
 * The bank is about to be offered a file: from here on it may have it. False: it may not leave, for it is not built,
 * was withdrawn, or waits for people.
 */
export function offerFile(house: House, id: AchFileId): Promise<boolean> {
  return transact(house.sql, async (tx) => {
    const file = await takeFile(tx, id)
    if (file.status !== 'built') return false
    if (file.needsRelease && (await listReleases(tx, id)).length < releasesNeeded) return false
    await saveOffered(tx, id, house.now())
    return true
  })
}

export type NewWithdrawal = Readonly<{
  by: string
  because: string
  /** The bank has been asked, and has not got it: it may have been offered all the same. */
  notAtBank?: boolean
}>

/**
 * Takes a file back that was not sent: its entries are void, its payments are authorized again and go with the next
 * cut-off, under other trace numbers. One that the bank may have is taken back only on a person's word that it has not:
 * otherwise its payments would be debited twice. Cut off anywhere, calling again finishes it. Answers how many entries
 * were taken back. Refuses: file_not_found, file_not_movable, invalid_request.
 */
export async function withdrawFile(
  house: House,
  id: AchFileId,
  wish: NewWithdrawal,
  atOnce = chunk,
): Promise<{ entries: number }> {
  const by = personFrom(wish.by)
  const because = reasonFrom(wish.because)
  const { file, isNew } = await transact(house.sql, async (tx) => {
    // Nobody adds to it from here on: the bank is held before the file, as whoever collects does.
    await holdBank(tx, (await get(tx, id)).bankId)
    const found = await takeFile(tx, id)
    if (found.status === 'withdrawn') return { file: found, isNew: false }
    await refuseSent(tx, found, wish.notAtBank === true)
    const at = house.now()
    await saveWithdrawn(tx, id, { by, because, at })
    await clear(tx, `file-invalid:${id}`, at)
    return { file: found, isNew: true }
  })
  let entries = 0
  for (const { id: batchId } of await listBatches(house.sql, id))
    for (let taken = atOnce; taken === atOnce; entries += taken)
      taken = await transact(house.sql, (tx) => takeBack(house, tx, file, batchId, atOnce))
  if (!isNew && entries === 0) throw notNow('It was withdrawn already.')
  return { entries }
}

async function refuseSent(tx: Tx, file: AchFile, notAtBank: boolean): Promise<void> {
  if (file.status !== 'collecting' && file.status !== 'built') throw notNow(why[file.status] ?? sentAlready)
  if (!(await findOffered(tx, file.id))) return
  if (await isAtWork(tx, 'send-file', 'fileId', file.id)) throw notNow('It is being sent at this moment.')
  if (!notAtBank)
    throw notNow('Sending it has begun, so the bank may have it. Ask the bank; if it has not, add --not-at-bank.')
}

async function takeBack(
  house: House,
  tx: Tx,
  file: AchFile,
  batchId: Parameters<typeof voidSome>[1],
  atOnce: number,
): Promise<number> {
  await holdBank(tx, file.bankId)
  const subjects = await voidSome(tx, batchId, atOnce)
  const [first] = subjects
  if (!first) return 0
  const journal = { id: `file:${file.id}:unscheduled:${first.traceNumber}`, day: easternDay(house.now()) }
  const unfit = await tell(
    house,
    tx,
    subjects,
    () => ({ kind: 'unscheduled', reason: 'its file was withdrawn' }),
    journal,
  )
  assert(unfit.size === 0, 'what stands in a file that was not sent is scheduled')
  return subjects.length
}
