import type { Tx } from '../db/connect.ts'

export type NewReturn = Readonly<{
  kind: 'return' | 'correction' | 'contested'
  entryId: bigint
  code: string
  information: string
  dateOfDeath: string | null
  statement: string | null
  untimely: boolean
  contests: bigint | null
  madeAt: Date
  deliverAt: Date
}>

const toJson = (rows: readonly object[]): string =>
  JSON.stringify(rows, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value))

/** Answers the ids, in the order of the rows. */
export async function insertReturns(tx: Tx, rows: readonly NewReturn[]): Promise<bigint[]> {
  if (rows.length === 0) return []
  const made = await tx<{ id: bigint }[]>`
    insert into fed_return (kind, entry_id, code, information, date_of_death, statement, untimely, contests, made_at,
                            deliver_at)
    select kind, "entryId", code, information, "dateOfDeath", statement, untimely, contests, "madeAt", "deliverAt"
    from rows from (jsonb_to_recordset(${toJson(rows)}::text::jsonb) as (
      kind text, "entryId" bigint, code text, information text, "dateOfDeath" date, statement text, untimely boolean,
      contests bigint, "madeAt" timestamptz, "deliverAt" timestamptz)) with ordinality
    order by ordinality returning id`
  return made.map(({ id }) => id)
}

/** The same return once more, in a later file. */
export async function repeatReturn(tx: Tx, id: bigint, deliverAt: Date): Promise<void> {
  await tx`
    insert into fed_return (kind, entry_id, code, information, date_of_death, made_at, deliver_at, repeats)
    select kind, entry_id, code, information, date_of_death, made_at, ${deliverAt}, id from fed_return where id = ${id}`
}

export async function markReturned(tx: Tx, entryIds: readonly bigint[]): Promise<void> {
  await tx`update fed_entry set status = 'returned' where id = any(${entryIds.map(String)}::bigint[])`
}

/** An entry that a bank has, or has had, and what is needed to give its money back. */
export type Returnable = Readonly<{
  id: bigint
  amount: bigint
  transactionCode: number
  accountId: string | null
  posted: boolean
  companyName: string
  entryDescription: string
  laterCode: string | null
}>

const returnable = (tx: Tx) => tx`
  fed_entry.id, amount, transaction_code as "transactionCode", account_id as "accountId", posted,
  company_name as "companyName", entry_description as "entryDescription", later_code as "laterCode"`

/** Settled entries whose bank, or whose customer, has had enough by now. */
export async function takeLater(tx: Tx, at: Date, limit: number): Promise<Returnable[]> {
  return tx<Returnable[]>`
    select ${returnable(tx)} from fed_entry join fed_batch on fed_batch.id = batch_id
    where status = 'settled' and later_at <= ${at} order by fed_entry.id limit ${limit} for update of fed_entry`
}

export async function takeEntry(tx: Tx, id: bigint): Promise<Returnable | undefined> {
  const [row] = await tx<Returnable[]>`
    select ${returnable(tx)} from fed_entry join fed_batch on fed_batch.id = batch_id
    where fed_entry.id = ${id} for update of fed_entry`
  return row
}
