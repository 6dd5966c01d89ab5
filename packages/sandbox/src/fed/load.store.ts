import type { Tx } from '../db/connect.ts'

export type NewBatch = Readonly<{
  position: number
  number: number
  companyName: string
  companyData: string
  companyId: string
  sec: string
  entryDescription: string
  descriptiveDate: string
  effectiveDate: string
}>

export type NewEntry = Readonly<{
  /** The position of its batch. */
  batch: number
  kind: 'entry' | 'dishonored' | 'refused_change'
  trace: string
  transactionCode: number
  routingNumber: string
  accountNumber: string
  amount: bigint
  individualId: string
  individualName: string
  discretionary: string
  dishonorCode: string | null
  dishonorTrace: string | null
  settlesAt: Date
  /** Why the operator sends it back at once. */
  refusal: string | null
}>

const toJson = (rows: readonly object[]): string =>
  JSON.stringify(rows, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value))

export async function insertBatches(tx: Tx, fileId: bigint, batches: readonly NewBatch[]): Promise<void> {
  if (batches.length === 0) return
  await tx`
    insert into fed_batch (file_id, position, number, company_name, company_data, company_id, sec, entry_description,
                           descriptive_date, effective_date)
    select ${fileId}, position, number, "companyName", "companyData", "companyId", sec, "entryDescription",
           "descriptiveDate", "effectiveDate"
    from jsonb_to_recordset(${toJson(batches)}::text::jsonb) as row (
      position int, number int, "companyName" text, "companyData" text, "companyId" text, sec text,
      "entryDescription" text, "descriptiveDate" text, "effectiveDate" text)
    order by position`
}

/** Entries the operator refuses are there too, as returned: they never settle. */
export async function insertEntries(tx: Tx, fileId: bigint, entries: readonly NewEntry[]): Promise<void> {
  if (entries.length === 0) return
  await tx`
    insert into fed_entry (batch_id, kind, trace, transaction_code, routing_number, account_number, amount,
                           individual_id, individual_name, discretionary, dishonor_code, dishonor_trace,
                           status, settles_at, refusal)
    select fed_batch.id, kind, trace, "transactionCode", "routingNumber", "accountNumber", amount,
           "individualId", "individualName", discretionary, "dishonorCode", "dishonorTrace",
           case when refusal is null then 'waiting' else 'returned' end, "settlesAt", refusal
    from jsonb_to_recordset(${toJson(entries)}::text::jsonb) as row (
      batch int, kind text, trace text, "transactionCode" int, "routingNumber" text, "accountNumber" text,
      amount bigint, "individualId" text, "individualName" text, discretionary text, "dishonorCode" text,
      "dishonorTrace" text, "settlesAt" timestamptz, refusal text)
    join fed_batch on file_id = ${fileId} and fed_batch.position = row.batch
    order by row.batch, trace`
}

/** The returns of everything the operator refused in a file. Answers how many there are of each code. */
export async function returnRefused(
  tx: Tx,
  fileId: bigint,
  when: Readonly<{ madeAt: Date; deliverAt: Date }>,
): Promise<{ code: string; count: number }[]> {
  return tx<{ code: string; count: number }[]>`
    with made as (
      insert into fed_return (kind, entry_id, code, made_at, deliver_at)
      select 'return', fed_entry.id, refusal, ${when.madeAt}, ${when.deliverAt}
      from fed_entry join fed_batch on fed_batch.id = batch_id
      where file_id = ${fileId} and refusal is not null order by fed_entry.id
      returning code)
    select code, count(*)::int as count from made group by code order by code`
}
