import type { Sql, Tx } from '../../db/connect.ts'
import type { AchBatchId, AchFileId } from './ach-file.ts'

export type StoredOffset = Readonly<{ batchId: AchBatchId; traceNumber: string; amount: bigint }>

/** What balances the batches of a file, as far as it has its trace numbers. */
export const listOffsets = (sql: Sql, fileId: AchFileId): Promise<StoredOffset[]> =>
  sql<StoredOffset[]>`
    select id as "batchId", offset_trace as "traceNumber", amount from ach_batch
    where file_id = ${fileId} and offset_trace is not null`

export async function listUnnumbered(tx: Tx, fileId: AchFileId): Promise<AchBatchId[]> {
  const rows = await tx<{ id: AchBatchId }[]>`
    select id from ach_batch where file_id = ${fileId} and offset_trace is null order by number`
  return rows.map(({ id }) => id)
}

export async function saveOffsetTrace(tx: Tx, batchId: AchBatchId, traceNumber: string): Promise<void> {
  await tx`update ach_batch set offset_trace = ${traceNumber} where id = ${batchId}`
}

/** Which of these trace numbers are those of offset entries. */
export async function findOffsetTraces(tx: Tx, bankId: string, traces: readonly string[]): Promise<Set<string>> {
  if (traces.length === 0) return new Set()
  const rows = await tx<{ trace: string }[]>`
    select offset_trace as trace from ach_batch join ach_file on ach_file.id = file_id
    where bank_id = ${bankId} and offset_trace = any(${[...new Set(traces)]}::text[])`
  return new Set(rows.map(({ trace }) => trace))
}
