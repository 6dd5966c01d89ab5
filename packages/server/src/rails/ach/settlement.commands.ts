import { type Tx, transact } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { listSubjects } from './ach-entry.store.ts'
import { findFileByHeader, holdBank } from './ach-file.store.ts'
import type { AchBatchId } from './ach-file.ts'
import { type Misfit, raiseExceptions } from './exception.commands.ts'
import { findUnapplied, type StoredReport, saveBegun, saveReports } from './inbound.store.ts'
import { finishSending } from './send-file.jobs.ts'
import { findBatch, type Sums, saveSettled, sumOnTheWay } from './settlement.store.ts'
import { tell } from './subjects.commands.ts'

const chunk = 5_000

type Settled = StoredReport & { kind: 'settled' }

/**
 * A batch, or one entry of it, has settled: those of its entries that are on their way are told, some thousands at a
 * time. Only when the bank's count and totals are ours; otherwise it waits for a person. Cut off anywhere, it goes on
 * where it stopped.
 */
export async function applySettlement(house: House, bankId: string, report: Settled): Promise<void> {
  const { told } = report
  const file = await findFileByHeader(house.sql, bankId, told.creationDate, told.modifier)
  const batchId = file?.sentAt ? await findBatch(house.sql, file.id, told.batchNumber) : undefined
  if (file && batchId) await finishSending(house, file.id)
  if (!(await begin(house, bankId, report, batchId)) || !batchId) return
  for (let after = ''; ; ) {
    const subjects = await listSubjects(house.sql, batchId, after, chunk, told.traceNumber)
    const [first] = subjects
    const last = subjects.at(-1)
    if (!first || !last) break
    await transact(house.sql, async (tx) => {
      await holdBank(tx, bankId)
      // Those who came back before are not told.
      await tell(house, tx, subjects, () => ({ kind: 'settled', on: told.on }), {
        id: `report:${report.id}:${first.traceNumber}`,
        day: told.on,
      })
    })
    after = last.traceNumber
  }
  await transact(house.sql, async (tx) => {
    await saveSettled(tx, batchId, told.on)
    await saveReports(tx, [report.id], 'applied')
  })
}

/**
 * False: there is nothing to tell payments, because it does not fit, or has been applied by somebody else meanwhile.
 */
function begin(house: House, bankId: string, report: Settled, batchId: AchBatchId | undefined): Promise<boolean> {
  return transact(house.sql, async (tx) => {
    await holdBank(tx, bankId)
    const unapplied = (await findUnapplied(tx, [report.id])).get(report.id)
    if (!unapplied || unapplied.begun) return unapplied !== undefined
    const misfit = await misfitOf(tx, report, batchId)
    if (!misfit) {
      await saveBegun(tx, report.id)
      return true
    }
    await raiseExceptions(house, tx, bankId, [misfit])
    await saveReports(tx, [report.id], 'excepted')
    return false
  })
}

async function misfitOf(tx: Tx, report: Settled, batchId: AchBatchId | undefined): Promise<Misfit | undefined> {
  if (!batchId) return { report, reason: 'no_such_file', says: 'It names a file or a batch that we never sent.' }
  const ours = await sumOnTheWay(tx, batchId, report.told.traceNumber)
  return agrees(report, ours) ? undefined : { report, reason: 'settlement_differs', says: difference(report, ours) }
}

const agrees = ({ told }: Settled, ours: Sums): boolean =>
  told.entries === ours.entries && BigInt(told.debits) === ours.debits && BigInt(told.credits) === ours.credits

const difference = ({ told }: Settled, ours: Sums): string =>
  `The bank settled ${told.entries} entries, ${told.debits} cents of debits and ${told.credits} of credits; ` +
  `on their way are ${ours.entries}, ${ours.debits} and ${ours.credits}.`
