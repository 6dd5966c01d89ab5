import type { Sql } from '../db/connect.ts'
import type { Account, Transaction } from './account.ts'

const columns = (sql: Sql) => sql`
  account.id, account.bank, customer_id as "customerId", kind, product_name as "productName", number, status,
  current_balance as "currentBalance", available_balance as "availableBalance", balance_at as "balanceAt"`

/** All accounts of a customer, in the order the bank shows them. */
export async function listAccounts(sql: Sql, customerId: string): Promise<Account[]> {
  return sql<Account[]>`select ${columns(sql)} from account where customer_id = ${customerId} order by position`
}

/** The accounts a consent covers, in the order the bank shows them. */
export async function listConsentedAccounts(sql: Sql, consentId: string): Promise<Account[]> {
  return sql<Account[]>`
    select ${columns(sql)} from account join consent_account on account_id = account.id
    where consent_id = ${consentId} order by position`
}

export async function findAccountOfLogin(sql: Sql, bank: string, login: string, kind: string) {
  const [row] = await sql<Account[]>`
    select ${columns(sql)} from account join customer on customer.id = customer_id
    where account.bank = ${bank} and login = ${login} and kind = ${kind}`
  return row
}

/** Finds by the number on an ACH entry: the real one, one that stands for it under some consent, or a former one. */
export async function findAccountByNumber(
  sql: Sql,
  bank: string,
  number: string,
  now: Date,
): Promise<Account | undefined> {
  const [row] = await sql<Account[]>`
    select ${columns(sql)} from account
    where bank = ${bank} and (number = ${number}
      or id = (select account_id from account_token where number = ${number})
      or id = (select account_id from other_number
               where other_number.bank = ${bank} and number = ${number} and until > ${now}))
    order by number = ${number} desc limit 1`
  return row
}

export async function saveBalances(
  sql: Sql,
  id: string,
  balances: Readonly<{ current: bigint; available: bigint; status: Account['status']; at: Date }>,
): Promise<void> {
  await sql`
    update account set current_balance = ${balances.current}, available_balance = ${balances.available},
      status = ${balances.status}, balance_at = ${balances.at} where id = ${id}`
}

export type TransactionRange = Readonly<{ from?: Date; before?: Date; offset: number; limit: number }>

/** Newest first. */
export async function listTransactions(sql: Sql, accountId: string, range: TransactionRange): Promise<Transaction[]> {
  return sql<Transaction[]>`
    select id, posted_at as "postedAt", description, amount from account_transaction
    where account_id = ${accountId}
      ${range.from ? sql`and posted_at >= ${range.from}` : sql``}
      ${range.before ? sql`and posted_at < ${range.before}` : sql``}
    order by posted_at desc, id offset ${range.offset} limit ${range.limit}`
}

/** One number stands for one account under one consent; asking again gives the same one. */
export async function tokenFor(sql: Sql, consentId: string, accountId: string, fresh: string): Promise<string> {
  await sql`
    insert into account_token (consent_id, account_id, number) values (${consentId}, ${accountId}, ${fresh})
    on conflict (consent_id, account_id) do nothing`
  const [row] = await sql<{ number: string }[]>`
    select number from account_token where consent_id = ${consentId} and account_id = ${accountId}`
  return row!.number
}
