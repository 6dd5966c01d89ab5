import type { Sql, Tx } from '../db/connect.ts'
import { addDays, type Day, easternDay } from './banking-day.ts'
import { debitCodes } from './direction.ts'
import { DISPUTABLE_DAYS, isDisputable } from './entry.commands.ts'
import { takeEntry } from './return.store.ts'
import { makeReturns } from './returns.ts'
import { returnFileAfter } from './windows.ts'

/** A debit on a customer's statement that came by ACH. */
export type PaymentView = Readonly<{
  /** The line on the statement. */
  transactionId: string
  entryId: bigint
  accountId: string
  amount: bigint
  companyName: string
  companyId: string
  entryDescription: string
  settled: Day
  status: 'settled' | 'returned'
  isStopped: boolean
}>

const payments = (sql: Sql | Tx) => sql`
  select account_transaction.id as "transactionId", fed_entry.id as "entryId", fed_entry.account_id as "accountId",
    fed_entry.amount, fed_batch.company_name as "companyName", fed_batch.company_id as "companyId",
    entry_description as "entryDescription", settlement_date::text as settled, status,
    stop_payment.account_id is not null as "isStopped"
  from account_transaction join fed_entry on fed_entry.id = ach_entry join fed_batch on fed_batch.id = batch_id
  left join stop_payment on stop_payment.account_id = fed_entry.account_id
    and stop_payment.company_name = fed_batch.company_name and stop_payment.company_id = fed_batch.company_id
  where account_transaction.amount < 0 and transaction_code = any(${[...debitCodes]})`

/** Which lines of a statement are debits that came by ACH. */
export async function listPayments(sql: Sql, transactionIds: readonly string[]): Promise<PaymentView[]> {
  return sql<PaymentView[]>`${payments(sql)} and account_transaction.id = any(${[...transactionIds]})`
}

export async function findPayment(
  sql: Sql | Tx,
  accountId: string,
  transactionId: string,
): Promise<PaymentView | undefined> {
  const [row] = await sql<PaymentView[]>`
    ${payments(sql)} and account_transaction.id = ${transactionId} and account_transaction.account_id = ${accountId}`
  return row
}

/** Until when a customer may dispute a payment, or undefined when that is over, or it came back already. */
export function disputableUntil(payment: PaymentView, now: Date): Day | undefined {
  if (payment.status !== 'settled' || !isDisputable(payment.settled, easternDay(now))) return undefined
  return addDays(payment.settled, DISPUTABLE_DAYS)
}

/**
 * The account holder says that a debit was not authorized, and signs it. The money is back at once; the platform reads
 * R10 in the next file of returns. False when it is too late, or the payment came back already.
 */
export async function disputePayment(
  tx: Tx,
  at: Date,
  disputed: Readonly<{ accountId: string; transactionId: string; statement: string }>,
): Promise<boolean> {
  const seen = await findPayment(tx, disputed.accountId, disputed.transactionId)
  const entry = seen && (await takeEntry(tx, seen.entryId))
  const payment = entry && (await findPayment(tx, disputed.accountId, disputed.transactionId))
  if (!payment || !disputableUntil(payment, at)) return false
  const deliverAt = returnFileAfter(at)
  await makeReturns(tx, [{ entry, code: 'R10', deliverAt, statement: disputed.statement }], at)
  return true
}
