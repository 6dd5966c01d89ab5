import { forget, remind } from '../../agenda/agenda.commands.ts'
import { type Tx, transact } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { easternDay } from '../../kernel/banking-day.ts'
import { listBatches, listSubjects } from './ach-entry.store.ts'
import { offerFile } from './ach-file.commands.ts'
import { findFile, holdBank, saveInitiated, saveSent, takeFile } from './ach-file.store.ts'
import { type AchFile, type AchFileId, fileName } from './ach-file.ts'
import { raise } from './alert.commands.ts'
import { bankOf } from './bank-of.ts'
import { readBytes } from './file-bytes.ts'
import { tell } from './subjects.commands.ts'

const chunk = 5_000

export const acknowledgmentKey = (id: AchFileId): string => `ach:file:${id}:acknowledgment`

/**
 * Puts a built file into the drop, then tells its payments that they were sent. May be repeated: the name follows from
 * the file's id and the bytes are the stored ones, so putting it again is putting the same.
 */
export async function sendFile(house: House, fileId: AchFileId): Promise<void> {
  const file = await findFile(house.sql, fileId)
  if (!file) return
  if (file.status === 'built' && (await offerFile(house, file.id))) {
    await house.drop(file.bankId).put(fileName(file), await readBytes(house, file))
    await transact(house.sql, async (tx) => {
      const locked = await takeFile(tx, file.id)
      if (locked.status === 'withdrawn') return tellOfBoth(house, tx, file)
      if (locked.status !== 'built') return
      await saveSent(tx, file.id, house.now())
      const within = bankOf(house, file.bankId).acknowledgeWithinMs
      const due = new Date(house.now().getTime() + within)
      await remind(tx, due, 'miss-acknowledgment', { bankId: file.bankId, fileId: file.id }, acknowledgmentKey(file.id))
    })
  }
  await finishSending(house, fileId)
}

/** Somebody took it back while a worker that was thought dead was putting it into the drop. */
function tellOfBoth(house: House, tx: Tx, file: AchFile): Promise<void> {
  const says = `File ${file.id} was withdrawn while it was being sent: its payments may go twice. Ask the bank to reject it.`
  return raise(tx, { id: house.newId(), key: `file-both:${file.id}`, says, at: house.now() })
}

/** Tells every payment of a sent file that it was sent, in its place in the file. Cut off anywhere, it goes on. */
export async function finishSending(house: House, fileId: AchFileId): Promise<void> {
  const file = await findFile(house.sql, fileId)
  if (!file?.sentAt || file.initiatedAt || file.status === 'withdrawn') return
  for (const batch of await listBatches(house.sql, fileId)) {
    for (let after = ''; ; ) {
      const subjects = await listSubjects(house.sql, batch.id, after, chunk)
      const last = subjects.at(-1)
      const [first] = subjects
      if (!last || !first) break
      const traces = new Map(subjects.map(({ id, traceNumber }) => [id, traceNumber]))
      await transact(house.sql, async (tx) => {
        await holdBank(tx, file.bankId)
        // Somebody else was faster, and the bank may have answered since.
        if ((await findFile(tx, fileId))?.initiatedAt) return
        // Those who know already are not told again.
        await tell(house, tx, subjects, ({ id }) => ({ kind: 'initiated', traceNumber: traces.get(id) ?? '' }), {
          id: `file:${file.id}:initiated:${first.traceNumber}`,
          day: easternDay(file.sentAt ?? house.now()),
        })
      })
      after = last.traceNumber
    }
  }
  await transact(house.sql, (tx) => saveInitiated(tx, fileId, house.now()))
}

/** No acknowledgment in time is an alert, never a reason to send again. */
export async function missAcknowledgment(house: House, fileId: AchFileId): Promise<void> {
  const file = await findFile(house.sql, fileId)
  if (file?.status !== 'sent') return
  const name = bankOf(house, file.bankId).name
  const says = `${name} has not acknowledged file ${file.id} of ${file.creationDate} (${file.modifier}). Ask the bank; do not send it again.`
  await transact(house.sql, async (tx) => {
    await raise(tx, { id: house.newId(), key: acknowledgmentKey(file.id), says, at: house.now() })
    await forget(tx, [acknowledgmentKey(file.id)])
  })
}
