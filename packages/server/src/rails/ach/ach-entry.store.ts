import type { Sql, Tx } from '../../db/connect.ts'
import type { Day } from '../../kernel/banking-day.ts'
import type { MerchantId } from '../../kernel/id.ts'
import type { AchBatchId, AchFileId } from './ach-file.ts'
import type { Order, SubjectKind } from './order.ts'

export type AchBatch = Readonly<{
  id: AchBatchId
  number: number
  merchantId: MerchantId
  secCode: Order['secCode']
  description: string
  companyName: string
  direction: Order['direction']
}>

type BatchRow = {
  id: AchBatchId
  number: number
  merchant_id: MerchantId
  sec_code: Order['secCode']
  description: string
  company_name: string
  direction: Order['direction']
}

const toBatch = (row: BatchRow): AchBatch => ({
  id: row.id,
  number: row.number,
  merchantId: row.merchant_id,
  secCode: row.sec_code,
  description: row.description,
  companyName: row.company_name,
  direction: row.direction,
})

export async function listBatches(sql: Sql | Tx, fileId: AchFileId): Promise<AchBatch[]> {
  const rows = await sql<BatchRow[]>`
    select id, number, merchant_id, sec_code, description, company_name, direction from ach_batch
    where file_id = ${fileId} order by number`
  return rows.map(toBatch)
}

export async function insertBatch(tx: Tx, fileId: AchFileId, batch: AchBatch): Promise<void> {
  await tx`insert into ach_batch (id, file_id, number, merchant_id, sec_code, description, company_name, direction)
    values (${batch.id}, ${fileId}, ${batch.number}, ${batch.merchantId}, ${batch.secCode}, ${batch.description},
      ${batch.companyName}, ${batch.direction})`
}

/** The next `many` numbers for traces, of ten million that are used in turn. The bank is held. */
export async function takeTraceNumbers(tx: Tx, bankId: string, many: number): Promise<bigint> {
  const [row] = await tx<{ first: bigint }[]>`
    insert into ach_counter (bank_id, next_trace) values (${bankId}, 1 + ${many}::int)
    on conflict (bank_id) do update set next_trace = ach_counter.next_trace + ${many}::int
    returning next_trace - ${many}::int as first`
  return row?.first ?? 1n
}

export type NewEntry = Readonly<{ order: Order; batchId: AchBatchId; traceNumber: string; transactionCode: number }>

/** Writes the entries of a file in one statement, and adds them to their batches. */
export async function insertEntries(
  tx: Tx,
  file: { id: AchFileId; bankId: string; effectiveOn: Day },
  entries: readonly NewEntry[],
): Promise<void> {
  const column = <T>(pick: (entry: NewEntry) => T): T[] => entries.map(pick)
  await tx`
    with row as (
      select * from unnest(
        ${column((e) => e.traceNumber)}::text[], ${column((e) => e.batchId)}::uuid[],
        ${column((e) => e.order.kind)}::text[], ${column((e) => e.order.id)}::uuid[],
        ${column((e) => e.order.presentment)}::int[], ${column((e) => e.order.amount.minor.toString())}::bigint[],
        ${column((e) => e.order.direction)}::text[], ${column((e) => e.transactionCode)}::int[],
        ${column((e) => e.order.account.routingNumber)}::text[], ${column((e) => e.order.account.numberSealed)}::text[],
        ${column((e) => e.order.account.numberContext)}::text[], ${column((e) => e.order.receiverName)}::text[],
        ${column((e) => e.order.individualId)}::text[], ${column((e) => e.order.discretionary)}::text[],
        ${column((e) => e.order.addenda)}::text[])
      as row (trace_number, batch_id, subject_kind, subject_id, presentment, amount, direction, transaction_code,
        routing_number, number_sealed, number_context, receiver_name, individual_id, discretionary, addenda)),
    batched as (
      update ach_batch set entries = entries + more.many, amount = ach_batch.amount + more.amount
      from (select batch_id, count(*)::int as many, sum(amount)::int8 as amount from row group by batch_id) as more
      where ach_batch.id = more.batch_id)
    insert into ach_entry (bank_id, trace_number, file_id, batch_id, subject_kind, subject_id, presentment, amount,
      direction, transaction_code, routing_number, number_sealed, number_context, receiver_name, individual_id,
      discretionary, addenda, effective_on)
    select ${file.bankId}, trace_number, ${file.id}::uuid, batch_id, subject_kind, subject_id, presentment, amount,
      direction, transaction_code, routing_number, number_sealed, number_context, receiver_name, individual_id,
      discretionary, addenda, ${file.effectiveOn}::date
    from row`
}

export type EntryToWrite = Readonly<{
  traceNumber: string
  amount: bigint
  transactionCode: number
  routingNumber: string
  numberSealed: string
  numberContext: string
  receiverName: string
  individualId: string
  discretionary: string
  addenda: string | null
}>

/** A batch's entries in the order of their traces, those after a trace. */
export const listEntriesToWrite = (
  sql: Sql,
  batchId: AchBatchId,
  after: string,
  limit: number,
): Promise<EntryToWrite[]> =>
  sql<EntryToWrite[]>`
    select trace_number as "traceNumber", amount, transaction_code as "transactionCode",
      routing_number as "routingNumber", number_sealed as "numberSealed", number_context as "numberContext",
      receiver_name as "receiverName", individual_id as "individualId", discretionary, addenda
    from ach_entry where batch_id = ${batchId} and trace_number > ${after} order by trace_number limit ${limit}`

export type EntrySubject = Readonly<{ traceNumber: string; kind: SubjectKind; id: string; presentment: number }>

/** Whose entries stand in a batch, in the order of their traces, those after a trace; or of one of them. */
export const listSubjects = (
  sql: Sql | Tx,
  batchId: AchBatchId,
  after: string,
  limit: number,
  only?: string,
): Promise<EntrySubject[]> =>
  sql<EntrySubject[]>`
    select trace_number as "traceNumber", subject_kind as kind, subject_id as id, presentment
    from ach_entry where batch_id = ${batchId} and trace_number > ${after}
      ${only ? sql`and trace_number = ${only}` : sql``}
    order by trace_number limit ${limit}`

export type FoundEntry = EntrySubject &
  Readonly<{
    amount: bigint
    direction: Order['direction']
    routingNumber: string
    effectiveOn: Day
    fileId: AchFileId
  }>

/** Entries by trace number, newest first where a number was used again. */
export async function findEntries(
  tx: Tx,
  bankId: string,
  traces: readonly string[],
): Promise<Map<string, FoundEntry[]>> {
  const rows = await tx<FoundEntry[]>`
    select trace_number as "traceNumber", subject_kind as kind, subject_id as id, presentment, amount, direction,
      routing_number as "routingNumber", effective_on as "effectiveOn", file_id as "fileId"
    from ach_entry
    where bank_id = ${bankId} and trace_number = any(${[...new Set(traces)]}::text[]) and not voided
    order by effective_on desc`
  return Map.groupBy(rows, ({ traceNumber }) => traceNumber)
}
