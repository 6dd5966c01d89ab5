import type { Tx } from '../db/connect.ts'
import type { Day } from './banking-day.ts'
import { balancedAmong, isOffsetEntry } from './offset.store.ts'

/** Whom return files are for: one for each sender of files whose entries come back. */
export async function listRecipients(tx: Tx, at: Date): Promise<{ immediateOrigin: string; originName: string }[]> {
  return tx<{ immediateOrigin: string; originName: string }[]>`
    select immediate_origin as "immediateOrigin", max(origin_name) as "originName"
    from fed_return join fed_entry on fed_entry.id = entry_id join fed_batch on fed_batch.id = batch_id
    join fed_file on fed_file.id = file_id
    where report_id is null and deliver_at <= ${at} group by 1 order by 1`
}

const HIGHEST_SEQUENCE = 9_999_999

/** So many trace numbers in a row, none of them given before within ten million. Answers the one before the first. */
async function takeSequence(tx: Tx, count: number): Promise<number> {
  const [row] = await tx<{ last: number }[]>`
    update fed_trace_counter
    set last = case when last + ${count} > ${HIGHEST_SEQUENCE} then ${count} else last + ${count} end returning last`
  return row!.last - count
}

export type Addressed = Readonly<{ reportId: bigint; at: Date; day: Day; immediateOrigin: string; operator: string }>

/**
 * Puts everything that is due into one file, in its order there: returns before corrections, batch by batch as they
 * were sent, bank by bank. What the operator refused comes from the operator itself.
 */
export async function placeReturns(tx: Tx, to: Addressed): Promise<void> {
  const due = tx`
    select fed_return.id, fed_return.kind = 'correction' as corrects, batch_id,
      case when refusal is null then left(routing_number, 8) else ${to.operator} end as sender
    from fed_return join fed_entry on fed_entry.id = entry_id join fed_batch on fed_batch.id = batch_id
    join fed_file on fed_file.id = file_id
    where report_id is null and deliver_at <= ${to.at} and immediate_origin = ${to.immediateOrigin}`
  const [counted] = await tx<{ count: number }[]>`select count(*)::int as count from (${due}) as due`
  const before = await takeSequence(tx, counted!.count)
  await tx`
    with placed as (
      select id, sender, row_number() over (order by corrects, batch_id, sender, id) as place from (${due}) as due)
    update fed_return set report_id = ${to.reportId}, position = place, settlement_date = ${to.day},
      trace = sender || lpad((${before} + place)::text, 7, '0')
    from placed where fed_return.id = placed.id`
}

/** A record of a return file, with everything it repeats of the entry it is about. */
export type Placed = Readonly<{
  kind: 'return' | 'correction' | 'contested'
  position: number
  trace: string
  code: string
  information: string
  dateOfDeath: Day | null
  batchId: bigint
  companyName: string
  companyData: string
  companyId: string
  sec: string
  entryDescription: string
  descriptiveDate: string
  effectiveDate: string
  entryTrace: string
  transactionCode: number
  routingNumber: string
  accountNumber: string
  amount: bigint
  individualId: string
  individualName: string
  discretionary: string
  contests: bigint | null
  dishonorCode: string | null
  entrySettled: Day | null
}>

export async function listPlaced(tx: Tx, reportId: bigint, after: number, limit: number): Promise<Placed[]> {
  return tx<Placed[]>`
    select fed_return.kind, fed_return.position, fed_return.trace, code, information,
      date_of_death::text as "dateOfDeath", batch_id as "batchId", company_name as "companyName",
      company_data as "companyData", company_id as "companyId", sec, entry_description as "entryDescription",
      descriptive_date as "descriptiveDate", effective_date as "effectiveDate", fed_entry.trace as "entryTrace",
      transaction_code as "transactionCode", routing_number as "routingNumber", account_number as "accountNumber",
      amount, individual_id as "individualId", individual_name as "individualName", discretionary, contests,
      dishonor_code as "dishonorCode", fed_entry.settlement_date::text as "entrySettled"
    from fed_return join fed_entry on fed_entry.id = entry_id join fed_batch on fed_batch.id = batch_id
    where report_id = ${reportId} and fed_return.position > ${after} order by fed_return.position limit ${limit}`
}

/**
 * What a file of returns does to the platform's money. What never settled takes nothing back, unless an offset had
 * moved its money all the same. An offset that comes back takes back what it moved.
 */
export async function sumPlaced(tx: Tx, reportId: bigint, debitCodes: readonly number[]): Promise<bigint> {
  const placed = tx`
    select fed_entry.* from fed_return join fed_entry on fed_entry.id = entry_id
    where report_id = ${reportId} and fed_return.kind <> 'correction'`
  const [row] = await tx<{ sum: bigint }[]>`
    with balanced as (${balancedAmong(tx, placed)}),
    fed_entry as (
      select *, case when transaction_code = any(${[...debitCodes]}) then -amount else amount end as back
      from (${placed}) as placed)
    select coalesce(sum(case when ${isOffsetEntry(tx)} then -back else back end), 0)::bigint as sum
    from fed_entry
    where settled_at is not null or (batch_id in (select batch_id from balanced) and not ${isOffsetEntry(tx)})`
  return row!.sum
}
