import { transact } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import type { OriginatingBank } from '../originating-bank.ts'
import { holdBank, takeFile } from './ach-file.store.ts'
import type { AchFile } from './ach-file.ts'
import { listUnnumbered, saveOffsetTrace } from './offset.store.ts'
import { giveTraceNumbers } from './trace-number.commands.ts'

/** Where a bank wants balanced files, each batch gets the trace number of its offset entry, once. */
export async function numberOffsets(house: House, bank: OriginatingBank, file: AchFile): Promise<void> {
  if (!bank.balanced) return
  await transact(house.sql, async (tx) => {
    await holdBank(tx, bank.id)
    if ((await takeFile(tx, file.id)).status !== 'collecting') return
    const batches = await listUnnumbered(tx, file.id)
    if (batches.length === 0) return
    const traces = await giveTraceNumbers(tx, bank, batches.length)
    for (const [index, id] of batches.entries()) await saveOffsetTrace(tx, id, traces[index] ?? '')
  })
}
