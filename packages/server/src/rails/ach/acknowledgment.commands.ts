import { forget } from '../../agenda/agenda.commands.ts'
import { type Tx, transact } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { easternDay } from '../../kernel/banking-day.ts'
import { listBatches } from './ach-entry.store.ts'
import { findFileByHeader, holdBank, saveAnswer } from './ach-file.store.ts'
import type { AchFile } from './ach-file.ts'
import { voidSome } from './ach-withdrawal.store.ts'
import { clear, raise } from './alert.commands.ts'
import { raiseExceptions } from './exception.commands.ts'
import { findUnapplied, type StoredReport, saveReports } from './inbound.store.ts'
import { acknowledgmentKey, finishSending } from './send-file.jobs.ts'
import { tell } from './subjects.commands.ts'

const chunk = 5_000

type Acknowledged = StoredReport & { kind: 'acknowledged' }

const neverSent = 'It acknowledges a file that we never sent.'

/** What the bank says to a file of ours. A rejected file was not processed: its payments go into the next one. */
export async function applyAcknowledgment(house: House, bankId: string, report: Acknowledged): Promise<void> {
  const { told } = report
  const file = await findFileByHeader(house.sql, bankId, told.creationDate, told.modifier)
  if (told.status === 'rejected' && file?.sentAt && file.status === 'sent') await takeBack(house, file, told.message)
  await transact(house.sql, async (tx) => {
    await holdBank(tx, bankId)
    if (!(await findUnapplied(tx, [report.id])).has(report.id)) return
    if (file?.sentAt) await answer(house, tx, file, told)
    else await raiseExceptions(house, tx, bankId, [{ report, reason: 'no_such_file', says: neverSent }])
    await saveReports(tx, [report.id], file?.sentAt ? 'applied' : 'excepted')
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

/** The bank refused the whole file: its payments are authorized again, and stand in no file. Cut off, it goes on. */
async function takeBack(house: House, file: AchFile, reason: string): Promise<void> {
  await finishSending(house, file.id)
  for (const batch of await listBatches(house.sql, file.id)) {
    for (let more = true; more; )
      more = await transact(house.sql, async (tx) => {
        await holdBank(tx, file.bankId)
        const subjects = await voidSome(tx, batch.id, chunk)
        const [first] = subjects
        if (!first) return false
        await tell(house, tx, subjects, () => ({ kind: 'refused', reason: reason.slice(0, 200) }), {
          id: `file:${file.id}:refused:${first.traceNumber}`,
          day: easternDay(house.now()),
        })
        return true
      })
  }
}
