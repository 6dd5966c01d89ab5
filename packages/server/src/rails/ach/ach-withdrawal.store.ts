import type { Tx } from '../../db/connect.ts'
import type { EntrySubject } from './ach-entry.store.ts'
import type { AchBatchId, AchFileId } from './ach-file.ts'

export type Withdrawal = Readonly<{ by: string; because: string; at: Date }>

export async function saveWithdrawn(tx: Tx, id: AchFileId, { by, because, at }: Withdrawal): Promise<void> {
  await tx`update ach_file set status = 'withdrawn', withdrawn_at = ${at}, withdrawn_by = ${by},
    withdrawn_because = ${because} where id = ${id}`
}

/**
 * Voids the next entries of a batch: they never were sent, or the bank refused them. Answers whose they were. The bank
 * is held, so that nobody puts the same presentment into another file before its payment is told.
 */
export async function voidSome(tx: Tx, batchId: AchBatchId, limit: number): Promise<EntrySubject[]> {
  const rows = await tx<EntrySubject[]>`
    with next as (
      select bank_id, trace_number, effective_on from ach_entry
      where batch_id = ${batchId} and not voided order by trace_number limit ${limit})
    update ach_entry set voided = true from next
    where (ach_entry.bank_id, ach_entry.trace_number, ach_entry.effective_on)
      = (next.bank_id, next.trace_number, next.effective_on)
    returning ach_entry.trace_number as "traceNumber", subject_kind as kind, subject_id as id, presentment`
  return rows.toSorted((a, b) => (a.traceNumber < b.traceNumber ? -1 : 1))
}
