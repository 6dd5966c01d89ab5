import { forget } from '../../agenda/agenda.commands.ts'
import { type Tx, transact } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { easternDay } from '../../kernel/banking-day.ts'
import { listBatches, listSubjects } from './ach-entry.store.ts'
import { findFileByHeader, holdBank, saveAnswer, voidEntries } from './ach-file.store.ts'
import type { AchFile } from './ach-file.ts'
import { clear, raise } from './alert.commands.ts'
import { raiseExceptions } from './exception.commands.ts'
import { type StoredReport, saveReports } from './inbound.store.ts'
import { acknowledgmentKey, finishSending } from './send-file.jobs.ts'
import { tell } from './subjects.commands.ts'

const chunk = 5_000

type Acknowledged = StoredReport & { kind: 'acknowledged' }

/** What the bank says to a file of ours. A rejected file was not processed: its payments go into the next one. */
export async function applyAcknowledgment(house: House, bankId: string, report: Acknowledged): Promise<void> {
  const { told } = report
  const file = await findFileByHeader(house.sql, bankId, told.creationDate, told.modifier)
  if (!file?.sentAt) {
    const says = 'It acknowledges a file that we never sent.'
    return transact(house.sql, async (tx) => {
      await raiseExceptions(house, tx, bankId, [{ report, reason: 'no_such_file', says }])
      await saveReports(tx, [report.id], 'excepted')
    })
  }
  if (told.status === 'rejected' && file.status === 'sent') await takeBack(house, file, told.message)
  await transact(house.sql, async (tx) => {
    await answer(house, tx, file, told)
    await saveReports(tx, [report.id], 'applied')
  })
}

async function answer(house: House, tx: Tx, file: AchFile, told: Acknowledged['told']): Promise<void> {
  const at = house.now()
  const message = told.message || null
  if (file.status === 'sent' && told.status !== 'received' && told.status !== 'pended' && told.status !== 'duplicate') {
    const status = told.status === 'rejected' ? 'rejected' : 'accepted'
    await saveAnswer(tx, file.id, { status, word: told.status, message }, at)
    await forget(tx, [acknowledgmentKey(file.id)])
    await clear(tx, acknowledgmentKey(file.id), at)
  }
  if (told.status === 'accepted') return
  const says = `The bank says '${told.status}' to file ${file.id} of ${file.creationDate} (${file.modifier})${message ? `: ${message}` : ''}.`
  if (told.status !== 'received')
    await raise(tx, { id: house.newId(), key: `file-answer:${file.id}:${told.status}`, says, at })
}

/** The bank refused the whole file: its payments are authorized again, and stand in no file. */
async function takeBack(house: House, file: AchFile, reason: string): Promise<void> {
  await finishSending(house, file.id)
  for (const batch of await listBatches(house.sql, file.id)) {
    for (let after = ''; ; ) {
      const subjects = await listSubjects(house.sql, batch.id, after, chunk)
      const [first] = subjects
      const last = subjects.at(-1)
      if (!first || !last) break
      await transact(house.sql, async (tx) => {
        await holdBank(tx, file.bankId)
        await tell(house, tx, subjects, () => ({ kind: 'refused', reason: reason.slice(0, 200) }), {
          id: `file:${file.id}:refused:${first.traceNumber}`,
          day: easternDay(house.now()),
        })
      })
      after = last.traceNumber
    }
  }
  await transact(house.sql, (tx) => voidEntries(tx, file.id))
}
