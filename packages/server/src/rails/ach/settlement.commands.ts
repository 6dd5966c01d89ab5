import { transact } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { listSubjects } from './ach-entry.store.ts'
import { findFileByHeader, holdBank } from './ach-file.store.ts'
import { raiseExceptions } from './exception.commands.ts'
import { type StoredReport, saveBegun, saveReports } from './inbound.store.ts'
import type { ExceptionReason } from './report.ts'
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
  if (!file || !batchId)
    return except(house, bankId, report, 'no_such_file', 'It names a file or a batch that we never sent.')
  await finishSending(house, file.id)
  if (!report.begun) {
    const ours = await transact(house.sql, (tx) => sumOnTheWay(tx, batchId, told.traceNumber))
    if (!agrees(report, ours)) return except(house, bankId, report, 'settlement_differs', difference(report, ours))
    await transact(house.sql, (tx) => saveBegun(tx, report.id))
  }
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

const agrees = ({ told }: Settled, ours: Sums): boolean =>
  told.entries === ours.entries && BigInt(told.debits) === ours.debits && BigInt(told.credits) === ours.credits

const difference = ({ told }: Settled, ours: Sums): string =>
  `The bank settled ${told.entries} entries, ${told.debits} cents of debits and ${told.credits} of credits; ` +
  `on their way are ${ours.entries}, ${ours.debits} and ${ours.credits}.`

const except = (house: House, bankId: string, report: Settled, reason: ExceptionReason, says: string): Promise<void> =>
  transact(house.sql, async (tx) => {
    await raiseExceptions(house, tx, bankId, [{ report, reason, says }])
    await saveReports(tx, [report.id], 'excepted')
  })
