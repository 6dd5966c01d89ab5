import { findReceiver } from '../banks/receiver.ts'
import type { Sql, Tx } from '../db/connect.ts'
import { reachAccounts } from './account.store.ts'
import type { Day } from './banking-day.ts'

/** Everything about one entry, for whoever looks at it through the control API. */
export type EntryView = Readonly<{
  id: bigint
  kind: 'entry' | 'dishonored' | 'refused_change'
  trace: string
  status: 'waiting' | 'settled' | 'returned'
  transactionCode: number
  routingNumber: string
  accountNumber: string
  amount: bigint
  individualId: string
  individualName: string
  companyName: string
  companyId: string
  sec: string
  entryDescription: string
  effectiveDate: string
  fileName: string
  batchNumber: number
  settlesAt: Date
  settledAt: Date | null
  settlementDate: Day | null
  posted: boolean
}>

/** A trace number may come round again after ten million others: the newest entry is meant. */
export async function findEntryByTrace(sql: Sql | Tx, trace: string): Promise<EntryView | undefined> {
  const [row] = await sql<EntryView[]>`
    select fed_entry.id, kind, trace, status, transaction_code as "transactionCode",
      routing_number as "routingNumber", account_number as "accountNumber", amount,
      individual_id as "individualId", individual_name as "individualName", company_name as "companyName",
      company_id as "companyId", sec, entry_description as "entryDescription", effective_date as "effectiveDate",
      name as "fileName", number as "batchNumber", settles_at as "settlesAt", settled_at as "settledAt",
      settlement_date::text as "settlementDate", posted
    from fed_entry join fed_batch on fed_batch.id = batch_id join fed_file on fed_file.id = file_id
    where trace = ${trace} order by fed_entry.id desc limit 1`
  return row
}

export type Answer = Readonly<{
  kind: 'return' | 'correction' | 'contested'
  code: string
  information: string
  trace: string | null
  deliverAt: Date
  settlementDate: Day | null
  file: string | null
  isRepeated: boolean
}>

/** What the bank said about an entry, and when the platform reads it or has read it. */
export async function listAnswers(sql: Sql, entryId: bigint): Promise<Answer[]> {
  return sql<Answer[]>`
    select fed_return.kind, code, information, trace, deliver_at as "deliverAt",
      settlement_date::text as "settlementDate", fed_report.name as file, repeats is not null as "isRepeated"
    from fed_return left join fed_report on fed_report.id = report_id
    where entry_id = ${entryId} order by fed_return.id limit 100`
}

type Reached = Readonly<{ id: string; bank: string; kind: string; holder: string }>

/** The account an entry's numbers lead to at this moment. */
export async function findReachedAccount(
  tx: Tx,
  entry: Pick<EntryView, 'routingNumber' | 'accountNumber'>,
  at: Date,
): Promise<Reached | undefined> {
  const bank = findReceiver(entry.routingNumber)?.slug ?? ''
  const [reached] = await reachAccounts(tx, [{ bank, number: entry.accountNumber }], at)
  if (!reached) return undefined
  const [row] = await tx<Reached[]>`
    select account.id, account.bank, kind, first_name || ' ' || last_name as holder
    from account join customer on customer.id = customer_id where account.id = ${reached.accountId}`
  return row
}
