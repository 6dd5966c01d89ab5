import type { Sql, Tx } from '../../db/connect.ts'
import type { Day } from '../../kernel/banking-day.ts'
import type { AchBatchId, AchFileId } from './ach-file.ts'

export type Sums = Readonly<{ entries: number; debits: bigint; credits: bigint }>

export async function findBatch(sql: Sql | Tx, fileId: AchFileId, number: number): Promise<AchBatchId | undefined> {
  const [row] = await sql<
    { id: AchBatchId }[]
  >`select id from ach_batch where file_id = ${fileId} and number = ${number}`
  return row?.id
}

/** What of a batch, or of one entry in it, is on its way: sent, and neither settled nor returned. */
export async function sumOnTheWay(tx: Tx, batchId: AchBatchId, trace: string | undefined): Promise<Sums> {
  const [row] = await tx<Sums[]>`
    select count(*)::int as entries,
      coalesce(sum(entry.amount) filter (where entry.direction = 'debit'), 0)::int8 as debits,
      coalesce(sum(entry.amount) filter (where entry.direction = 'credit'), 0)::int8 as credits
    from ach_entry as entry
    left join payment on entry.subject_kind = 'payment' and payment.id = entry.subject_id
    left join payout on entry.subject_kind = 'payout' and payout.id = entry.subject_id
    where entry.batch_id = ${batchId} and not entry.voided and coalesce(payment.status, payout.status) = 'initiated'
      and entry.presentment = coalesce(payment.presentment, payout.presentment)
      ${trace ? tx`and entry.trace_number = ${trace}` : tx``}`
  return row ?? { entries: 0, debits: 0n, credits: 0n }
}

export async function saveSettled(tx: Tx, batchId: AchBatchId, on: Day): Promise<void> {
  await tx`update ach_batch set settled_on = ${on} where id = ${batchId}`
}
