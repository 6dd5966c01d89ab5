import type { Sql, Tx } from '../db/connect.ts'
import type { Consent, Ending } from './consent.ts'

type Row = Omit<Consent, 'status'> & { status: 'ACTIVE' | 'REVOKED' }

const columns = (sql: Sql) => sql`
  id, bank, customer_id as "customerId", client_id as "clientId", status, duration_type as "durationType",
  duration_days as "durationDays", lookback_days as "lookbackDays", clusters, created_at as "createdAt",
  updated_at as "updatedAt", expires_at as "expiresAt",
  array(select account_id from consent_account join account on account.id = account_id
        where consent_id = consent.id order by position) as "accountIds"`

/** Expiry is a matter of the clock, not of a column somebody must remember to write. */
const toConsent = (row: Row, now: Date): Consent =>
  row.status === 'ACTIVE' && row.expiresAt <= now ? { ...row, status: 'EXPIRED' } : row

export async function insertConsent(tx: Tx, consent: Consent, revokeAt: Date | undefined): Promise<void> {
  await tx`
    insert into consent (id, bank, customer_id, client_id, status, duration_type, duration_days, lookback_days, clusters,
                         created_at, updated_at, expires_at, revoke_at)
    values (${consent.id}, ${consent.bank}, ${consent.customerId}, ${consent.clientId}, 'ACTIVE', ${consent.durationType},
            ${consent.durationDays}, ${consent.lookbackDays}, ${[...consent.clusters]}, ${consent.createdAt},
            ${consent.updatedAt}, ${consent.expiresAt}, ${revokeAt ?? null})`
  const rows = consent.accountIds.map((accountId) => ({ consent_id: consent.id, account_id: accountId }))
  await tx`insert into consent_account ${tx(rows)}`
}

export async function findConsent(sql: Sql, bank: string, id: string, now: Date): Promise<Consent | undefined> {
  const [row] = await sql<Row[]>`select ${columns(sql)} from consent where bank = ${bank} and id = ${id}`
  return row && toConsent(row, now)
}

export async function listConsents(sql: Sql, customerId: string, now: Date): Promise<Consent[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} from consent where customer_id = ${customerId} order by created_at desc limit 50`
  return rows.map((row) => toConsent(row, now))
}

/** Marks a running consent as ended and kills its grant and tokens. False when it had ended already. */
export async function saveEnding(tx: Tx, bank: string, id: string, ending: Ending, now: Date): Promise<boolean> {
  const ended = await tx`
    update consent set status = 'REVOKED', revoked_by = ${ending.by}, revoked_why = ${ending.why}, updated_at = ${now}
    where bank = ${bank} and id = ${id} and status = 'ACTIVE' and expires_at > ${now} returning id`
  await tx`delete from oidc_record where bank = ${bank} and grant_id = ${id}`
  return ended.length === 1
}

export async function isRevocationDue(sql: Sql, bank: string, id: string, now: Date): Promise<boolean> {
  const rows = await sql`
    select 1 from consent where bank = ${bank} and id = ${id} and status = 'ACTIVE' and revoke_at <= ${now}`
  return rows.length === 1
}

/** Moves the end of every running consent of a customer (or of the whole bank) to now. Returns how many. */
export async function expireConsents(sql: Sql, bank: string, login: string | undefined, now: Date): Promise<number> {
  const rows = await sql`
    update consent set expires_at = ${now}, updated_at = ${now}
    where bank = ${bank} and status = 'ACTIVE' and expires_at > ${now}
      ${login ? sql`and customer_id in (select id from customer where bank = ${bank} and login = ${login})` : sql``}
    returning id`
  return rows.length
}
