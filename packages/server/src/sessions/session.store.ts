import type { Sql, Tx } from '../db/connect.ts'
import type { CustomerId, LinkId, MandateId, MerchantId, SessionId } from '../kernel/id.ts'
import type { Offered, Session, SignInProgress } from './session.ts'

type Row = {
  id: string
  merchant_id: string
  customer_id: string
  product: Session['product']
  step: Session['step']
  redirect_url: string | null
  institution_id: string | null
  sign_in: SignInProgress | null
  link_id: string | null
  offered: Offered[]
  chosen_ref: string | null
  mandate_id: string | null
  created_at: Date
  opened_at: Date | null
  ended_at: Date | null
  expires_at: Date
}

const toSession = (row: Row): Session => ({
  id: row.id as SessionId,
  merchantId: row.merchant_id as MerchantId,
  customerId: row.customer_id as CustomerId,
  product: row.product,
  step: row.step,
  redirectUrl: row.redirect_url,
  institutionId: row.institution_id,
  signIn: row.sign_in,
  linkId: row.link_id as LinkId | null,
  offered: row.offered,
  chosenRef: row.chosen_ref,
  mandateId: row.mandate_id as MandateId | null,
  createdAt: row.created_at,
  openedAt: row.opened_at,
  endedAt: row.ended_at,
  expiresAt: row.expires_at,
})

const columns = (
  sql: Sql | Tx,
) => sql`id, merchant_id, customer_id, product, step, redirect_url, institution_id, sign_in,
  link_id, offered, chosen_ref, mandate_id, created_at, opened_at, ended_at, expires_at`

export async function insertSession(
  tx: Tx,
  session: Session,
  secrets: { keyHash: string; orderDetails: Record<string, unknown> | null },
): Promise<void> {
  await tx`insert into session (id, merchant_id, customer_id, key_hash, product, order_details, step, created_at, expires_at)
    values (${session.id}, ${session.merchantId}, ${session.customerId}, ${secrets.keyHash}, ${session.product},
      ${secrets.orderDetails ? tx.json(secrets.orderDetails as never) : null}, ${session.step}, ${session.createdAt},
      ${session.expiresAt})`
}

export async function findSession(sql: Sql | Tx, id: SessionId): Promise<Session | undefined> {
  const [row] = await sql<Row[]>`select ${columns(sql)} from session where id = ${id}`
  return row && toSession(row)
}

/** Locks the row until the transaction ends. */
export async function takeSession(tx: Tx, id: SessionId): Promise<Session | undefined> {
  const [row] = await tx<Row[]>`select ${columns(tx)} from session where id = ${id} for update`
  return row && toSession(row)
}

/** The session of a key, locked, with the browser that opened it. */
export async function takeSessionByKey(
  tx: Tx,
  keyHash: string,
): Promise<{ session: Session; browserHash: string | null } | undefined> {
  const [row] = await tx<(Row & { browser_hash: string | null })[]>`
    select ${columns(tx)}, browser_hash from session where key_hash = ${keyHash} for update`
  return row && { session: toSession(row), browserHash: row.browser_hash }
}

/** Whether this browser opened this session. Both sides are hashes. */
export async function belongsToBrowser(sql: Sql, id: SessionId, browserHash: string): Promise<boolean> {
  const rows = await sql`select 1 from session where id = ${id} and browser_hash = ${browserHash}`
  return rows.length === 1
}

export async function bindBrowser(tx: Tx, id: SessionId, browserHash: string): Promise<void> {
  await tx`update session set browser_hash = ${browserHash} where id = ${id}`
}

/** The state the bank must send back. A new one ends the old. */
export async function setState(tx: Tx, id: SessionId, stateHash: string | null): Promise<void> {
  await tx`update session set state_hash = ${stateHash} where id = ${id}`
}

/** Takes the state: the second browser return with it finds nothing, so a code is exchanged once. */
export async function claimState(tx: Tx, stateHash: string): Promise<Session | undefined> {
  const [row] = await tx<Row[]>`update session set state_hash = null where state_hash = ${stateHash}
    returning ${columns(tx)}`
  return row && toSession(row)
}

export async function saveSession(tx: Tx, next: Session): Promise<void> {
  await tx`update session set step = ${next.step}, redirect_url = ${next.redirectUrl},
      institution_id = ${next.institutionId}, sign_in = ${next.signIn ? tx.json(next.signIn as never) : null},
      link_id = ${next.linkId}, offered = ${tx.json(next.offered as never)}, chosen_ref = ${next.chosenRef},
      mandate_id = ${next.mandateId}, opened_at = ${next.openedAt}, ended_at = ${next.endedAt}
    where id = ${next.id}`
}

export async function findMerchantOfKey(sql: Sql, keyHash: string): Promise<MerchantId | undefined> {
  const [row] = await sql<{ merchant_id: MerchantId }[]>`select merchant_id from session where key_hash = ${keyHash}`
  return row?.merchant_id
}

export async function eraseOffers(tx: Tx, customerId: CustomerId): Promise<void> {
  await tx`update session set offered = '[]' where customer_id = ${customerId} and offered <> '[]'`
}
