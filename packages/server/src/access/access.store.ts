import type { JSONWebKeySet, JWK } from 'jose'
import type { Sql, Tx } from '../db/connect.ts'
import type { ApiClientId, MerchantId } from '../kernel/id.ts'
import type { Scope } from './caller.ts'
import type { SigningKey } from './signing-key.ts'

type KeyRow = {
  id: string
  public_jwk: JWK
  sealed: string
  signs_from: Date
  published_until: Date | null
}

/** The keys that are published at a moment, oldest first. */
export async function listKeys(sql: Sql | Tx, now: Date): Promise<SigningKey[]> {
  const rows = await sql<KeyRow[]>`
    select id, public_jwk, sealed, signs_from, published_until from signing_key
    where published_until is null or published_until > ${now} order by signs_from, id limit 100`
  return rows.map((row) => ({
    id: row.id,
    publicJwk: row.public_jwk,
    sealed: row.sealed,
    signsFrom: row.signs_from,
    publishedUntil: row.published_until ?? undefined,
  }))
}

/** One process at a time may decide that a key is needed. Held until the transaction ends. */
export const lockKeys = (tx: Tx): Promise<unknown> => tx`select pg_advisory_xact_lock(5280158)`

export const insertKey = (tx: Tx, key: SigningKey): Promise<unknown> =>
  tx`insert into signing_key (id, sealed, public_jwk, signs_from)
     values (${key.id}, ${key.sealed}, ${tx.json(key.publicJwk as never)}, ${key.signsFrom})`

/**
 * Every key that was there before a new one is withdrawn at a moment, or earlier if that was said before. One whose
 * turn would have come after the new one's never signs.
 */
export async function withdrawOtherKeys(tx: Tx, key: SigningKey, at: Date): Promise<void> {
  await tx`delete from signing_key where signs_from > ${key.signsFrom}`
  await tx`update signing_key set published_until = least(published_until, ${at}) where id <> ${key.id}`
}

/** What must still be true, at this moment, of a token whose signature was found good. */
export type Standing = Readonly<{
  keyStands: boolean
  revoked: boolean
  clientLives: boolean
  merchantLives: boolean
  coreTokenMayPay: boolean
}>
export type StandingQuestion = Readonly<{
  jti: string
  clientId: ApiClientId
  merchantId: MerchantId
  keyId: string
}>

/** All questions in one statement, so that each answer is one snapshot. Answers in the order of the questions. */
export function readStandings(sql: Sql, questions: readonly StandingQuestion[], now: Date): Promise<Standing[]> {
  return sql<Standing[]>`
    select (k.id is not null and (k.published_until is null or k.published_until > ${now})) as "keyStands",
           r.jti is not null as "revoked",
           coalesce(c.status = 'active', false) as "clientLives",
           coalesce(m.status = 'active', false) as "merchantLives",
           coalesce(m.core_token_may_pay, false) as "coreTokenMayPay"
    from unnest(${questions.map((q) => q.jti)}::text[], ${questions.map((q) => q.clientId)}::uuid[],
                ${questions.map((q) => q.merchantId)}::uuid[], ${questions.map((q) => q.keyId)}::text[])
         with ordinality as q (jti, client_id, merchant_id, key_id, place)
    left join signing_key k on k.id = q.key_id
    left join revoked_token r on r.jti = q.jti
    left join api_client c on c.id = q.client_id and c.merchant_id = q.merchant_id
    left join merchant m on m.id = c.merchant_id
    order by q.place`
}

/** An API client that may ask for tokens: it and its merchant are active. */
export type LiveClient = Readonly<{
  id: ApiClientId
  merchantId: MerchantId
  scopes: readonly Scope[]
  /** Public keys: the client signs assertions and has no secret. */
  jwks: JSONWebKeySet | null
  /** Hashes of its live secrets. */
  hashes: readonly string[]
  coreTokenMayPay: boolean
}>

/** Answers in the order of the ids; undefined where there is no such client, or it or its merchant is not active. */
export async function readLiveClients(sql: Sql, ids: readonly string[]): Promise<(LiveClient | undefined)[]> {
  const rows = await sql<LiveClient[]>`
    select c.id, c.merchant_id as "merchantId", c.scopes, c.jwks, m.core_token_may_pay as "coreTokenMayPay",
           array(select s.hash from api_client_secret s
                 where s.client_id = c.id and s.retired_at is null order by s.id) as hashes
    from api_client c join merchant m on m.id = c.merchant_id
    where c.id = any(${ids}::uuid[]) and c.status = 'active' and m.status = 'active'`
  const byId = new Map<string, LiveClient>(rows.map((row) => [row.id, row]))
  return ids.map((id) => byId.get(id))
}

export const insertRevoked = (tx: Tx, jti: string, clientId: ApiClientId, expiresAt: Date): Promise<unknown> =>
  tx`insert into revoked_token (jti, client_id, expires_at) values (${jti}, ${clientId}, ${expiresAt})
     on conflict (jti) do nothing`

/** Whether this was the assertion's first use. Two processes that ask at once get one yes between them. */
export async function useAssertion(sql: Sql, clientId: string, jti: string, lifeSeconds: number): Promise<boolean> {
  // The database's clock: an assertion's life is told by the client's own clock, which nobody turns.
  const rows = await sql`
    insert into used_assertion (client_id, jti, expires_at)
    values (${clientId}, ${jti}, now() + make_interval(secs => ${lifeSeconds})) on conflict do nothing returning jti`
  return rows.length === 1
}

const sweep = 5_000

/** Deletes at most a few thousand rows of each kind whose time is over. Answers how many. */
export async function deleteExpired(sql: Sql, now: Date): Promise<number> {
  const tokens = await sql`delete from revoked_token where jti in
    (select jti from revoked_token where expires_at <= ${now} order by expires_at limit ${sweep})`
  const assertions = await sql`delete from used_assertion where (client_id, jti) in
    (select client_id, jti from used_assertion where expires_at <= now() order by expires_at limit ${sweep})`
  const keys = await sql`delete from signing_key where published_until <= ${now}`
  return tokens.count + assertions.count + keys.count
}

/** Seals a key's private part anew, unless somebody else just did. */
export async function replaceSealedKey(sql: Sql, id: string, before: string, sealed: string): Promise<void> {
  await sql`update signing_key set sealed = ${sealed} where id = ${id} and sealed = ${before}`
}
