import type { Sql, Tx } from '../db/connect.ts'
import type { AccountId, CustomerId, LinkId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import type { Account, Mandate } from './customer.ts'

type Row = {
  id: string
  merchant_id: string
  customer_id: string
  link_id: string
  ref: string
  institution_id: string
  institution_number: number
  institution_name: string
  name: string
  type: Account['type']
  last_four: string
  routing_number: string
  tokenised: boolean
  status: Account['status']
  preferred: boolean
  balance: bigint | null
  balance_at: Date | null
  created_at: Date
}

const toAccount = (row: Row): Account =>
  ({
    id: row.id,
    merchantId: row.merchant_id,
    customerId: row.customer_id,
    linkId: row.link_id,
    ref: row.ref,
    institutionId: row.institution_id,
    institutionNumber: row.institution_number,
    institutionName: row.institution_name,
    name: row.name,
    type: row.type,
    lastFour: row.last_four,
    routingNumber: row.routing_number,
    tokenised: row.tokenised,
    status: row.status,
    preferred: row.preferred,
    balance: row.balance !== null && row.balance_at ? { amount: Money.of(row.balance), at: row.balance_at } : null,
    createdAt: row.created_at,
  }) as Account

const columns = (sql: Sql | Tx) => sql`id, merchant_id, customer_id, link_id, ref, institution_id, institution_number,
  institution_name, name, type, last_four, routing_number, tokenised, status, preferred, balance, balance_at, created_at`

/** The newest account is the one that pays. */
export async function insertPreferredAccount(tx: Tx, account: Account, numberSealed: string): Promise<void> {
  await tx`update account set preferred = false where customer_id = ${account.customerId} and preferred`
  await tx`insert into account (id, merchant_id, customer_id, link_id, ref, institution_id, institution_number,
      institution_name, name, type, last_four, routing_number, number_sealed, tokenised, status, preferred, balance,
      balance_at, created_at)
    values (${account.id}, ${account.merchantId}, ${account.customerId}, ${account.linkId}, ${account.ref},
      ${account.institutionId}, ${account.institutionNumber}, ${account.institutionName}, ${account.name}, ${account.type},
      ${account.lastFour}, ${account.routingNumber}, ${numberSealed}, ${account.tokenised}, ${account.status}, true,
      ${account.balance?.amount.minor ?? null}, ${account.balance?.at ?? null}, ${account.createdAt})`
}

/** Preferred first, then newest first. */
export async function listAccountRows(sql: Sql | Tx, customerId: CustomerId): Promise<Account[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} from account where customer_id = ${customerId} order by preferred desc, id desc limit 100`
  return rows.map(toAccount)
}

export async function findAccount(sql: Sql | Tx, id: AccountId): Promise<Account | undefined> {
  const [row] = await sql<Row[]>`select ${columns(sql)} from account where id = ${id}`
  return row && toAccount(row)
}

/** A balance as just read at the bank. An older reading never replaces a newer one, and none an erased account's. */
export async function saveBalance(sql: Sql | Tx, id: AccountId, balance: Money, at: Date): Promise<void> {
  await sql`update account set balance = ${balance.minor}, balance_at = ${at}
    where id = ${id} and status <> 'inactive' and (balance_at is null or balance_at <= ${at})`
}

/** The accounts of a link stop working, or one of them; answers those that did work. */
export async function deactivateAccounts(tx: Tx, linkId: LinkId, one: AccountId | null): Promise<Account[]> {
  const rows = await tx<Row[]>`update account set status = 'inactive'
    where link_id = ${linkId} and status in ('created', 'active') ${one ? tx`and id = ${one}` : tx``}
    returning ${columns(tx)}`
  return rows.map(toAccount)
}

/** Erases what the bank told about a customer's accounts; answers those that worked until now. */
export async function eraseAccounts(tx: Tx, customerId: CustomerId): Promise<Account[]> {
  const rows = await tx<(Row & { worked: boolean })[]>`
    with before as (select id, status in ('created', 'active') as worked from account where customer_id = ${customerId})
    update account set status = 'inactive', number_sealed = '', balance = null, balance_at = null
    from before where account.id = before.id
    returning account.*, before.worked`
  return rows.filter(({ worked }) => worked).map(toAccount)
}

export async function revokeMandates(tx: Tx, customerId: CustomerId, at: Date): Promise<void> {
  await tx`update mandate set revoked_at = ${at} where customer_id = ${customerId} and revoked_at is null`
}

export async function revokeAccountMandates(tx: Tx, accountId: AccountId, at: Date): Promise<void> {
  await tx`update mandate set revoked_at = ${at} where account_id = ${accountId} and revoked_at is null`
}

export async function insertMandate(tx: Tx, mandate: Mandate): Promise<void> {
  await tx`insert into mandate (id, merchant_id, customer_id, account_id, kind, version, text, text_hash, accepted_at,
      ip, user_agent)
    values (${mandate.id}, ${mandate.merchantId}, ${mandate.customerId}, ${mandate.accountId}, ${mandate.kind}, ${mandate.version},
      ${mandate.text}, ${mandate.textHash}, ${mandate.acceptedAt}, ${mandate.ip}, ${mandate.userAgent})`
}

export async function findMandateText(
  sql: Sql,
  id: string,
): Promise<{ text: string; version: string; acceptedAt: Date } | undefined> {
  const [row] = await sql<{ text: string; version: string; accepted_at: Date }[]>`
    select text, version, accepted_at from mandate where id = ${id}`
  return row && { text: row.text, version: row.version, acceptedAt: row.accepted_at }
}

/** Sealed account numbers, a page at a time, for sealing them again after a key rotation. */
export async function listSealedNumbers(sql: Sql, after: string | null): Promise<{ id: string; sealed: string }[]> {
  return sql<{ id: string; sealed: string }[]>`select id, number_sealed as sealed from account
    where number_sealed <> '' ${after ? sql`and id > ${after}` : sql``} order by id limit 500`
}

/** Unless the number was erased meanwhile. */
export async function replaceSealedNumber(sql: Sql, id: string, before: string, sealed: string): Promise<void> {
  await sql`update account set number_sealed = ${sealed} where id = ${id} and number_sealed = ${before}`
}
