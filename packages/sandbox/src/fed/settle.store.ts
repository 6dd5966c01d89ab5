import type { Tx } from '../db/connect.ts'
import type { Day } from './banking-day.ts'
import { balancedAmong, isOffsetEntry } from './offset.store.ts'

/** An entry that waits for its settlement, with what its batch says about the company. */
export type Waiting = Readonly<{
  id: bigint
  kind: 'entry' | 'dishonored' | 'refused_change'
  trace: string
  transactionCode: number
  routingNumber: string
  accountNumber: string
  amount: bigint
  individualId: string
  individualName: string
  companyName: string
  companyId: string
  entryDescription: string
  dishonorCode: string | null
  dishonorTrace: string | null
}>

export type Due = Readonly<{ at: Date; after: bigint; only?: bigint; limit: number }>

/** The next few that are due, in the order in which they came. One that is named is due whatever the time. */
export async function takeWaiting(tx: Tx, { at, after, only, limit }: Due): Promise<Waiting[]> {
  return tx<Waiting[]>`
    select fed_entry.id, kind, trace, transaction_code as "transactionCode", routing_number as "routingNumber",
      account_number as "accountNumber", amount, individual_id as "individualId",
      individual_name as "individualName", company_name as "companyName", company_id as "companyId",
      entry_description as "entryDescription", dishonor_code as "dishonorCode", dishonor_trace as "dishonorTrace"
    from fed_entry join fed_batch on fed_batch.id = batch_id
    where status = 'waiting' and fed_entry.id > ${after}
      ${only === undefined ? tx`and settles_at <= ${at}` : tx`and fed_entry.id = ${only}`}
    order by fed_entry.id limit ${limit} for update of fed_entry`
}

export async function openSettlement(tx: Tx, at: Date, day: Day): Promise<bigint> {
  const [row] = await tx<{ id: bigint }[]>`insert into fed_settlement (at, day) values (${at}, ${day}) returning id`
  return row!.id
}

export type Settled = Readonly<{
  id: bigint
  accountId: string | null
  posted: boolean
  laterCode: string | null
  laterAt: Date | null
}>

export async function markSettled(
  tx: Tx,
  rows: readonly Settled[],
  settlement: Readonly<{ id: bigint; at: Date; day: Day }>,
): Promise<void> {
  const json = JSON.stringify(rows, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  await tx`
    update fed_entry set status = 'settled', settlement_id = ${settlement.id}, settled_at = ${settlement.at},
      settlement_date = ${settlement.day}, account_id = row."accountId", posted = row.posted,
      later_code = row."laterCode", later_at = row."laterAt"
    from jsonb_to_recordset(${json}::text::jsonb) as row (
      id bigint, "accountId" text, posted boolean, "laterCode" text, "laterAt" timestamptz)
    where fed_entry.id = row.id`
}

/** A line for each batch: what of it settled then. */
export type AdviceLine = Readonly<{
  immediateOrigin: string
  creationDate: string
  fileIdModifier: string
  batchNumber: number
  entries: number
  debits: bigint
  credits: bigint
  /** Empty: the line is about the whole batch. */
  trace: string
}>

/** `outOfTurn`: one entry alone has settled, and the line names it. Offsets are the platform's own, and not told of. */
export async function listAdvice(
  tx: Tx,
  settlementId: bigint,
  debitCodes: readonly number[],
  outOfTurn: boolean,
): Promise<AdviceLine[]> {
  return tx<AdviceLine[]>`
    select immediate_origin as "immediateOrigin", creation_date as "creationDate",
      file_id_modifier as "fileIdModifier", number as "batchNumber", count(*)::int as entries,
      coalesce(sum(amount) filter (where transaction_code = any(${[...debitCodes]})), 0)::bigint as debits,
      coalesce(sum(amount) filter (where transaction_code <> all(${[...debitCodes]})), 0)::bigint as credits,
      case when ${outOfTurn}::boolean then min(trace) else '' end as trace
    from fed_entry join fed_batch on fed_batch.id = batch_id join fed_file on fed_file.id = file_id
    where settlement_id = ${settlementId} and not ${isOffsetEntry(tx)}
    group by fed_file.id, fed_batch.id order by fed_file.id, fed_batch.position`
}

/**
 * What a settlement does to the platform's account. Where a batch has an offset, that is the posting, whole, whatever
 * becomes of the other entries; otherwise the bank posts what settled, of its own accord.
 */
export async function sumSettled(tx: Tx, settlementId: bigint, debitCodes: readonly number[]): Promise<bigint> {
  const settled = tx`select * from fed_entry where settlement_id = ${settlementId}`
  const [row] = await tx<{ sum: bigint }[]>`
    with balanced as (${balancedAmong(tx, settled)}),
    fed_entry as (
      select *, case when transaction_code = any(${[...debitCodes]}) then amount else -amount end as taken
      from (${settled}) as settled)
    select coalesce(sum(case
      when ${isOffsetEntry(tx)} then -taken
      when batch_id in (select batch_id from balanced) then 0
      else taken end), 0)::bigint as sum
    from fed_entry`
  return row!.sum
}
