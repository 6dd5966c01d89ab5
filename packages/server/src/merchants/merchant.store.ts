import type { JSONWebKeySet } from 'jose'
import type { Scope } from '../access/caller.ts'
import type { Sql, Tx } from '../db/connect.ts'
import type { ApiClientId, MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { type ApiClient, type Merchant, mostClients, mostRedirects, type SecretId } from './merchant.ts'

type MerchantRow = {
  id: MerchantId
  name: string
  status: 'active' | 'suspended'
  logo_url: string | null
  color: string | null
  support_url: string | null
  core_token_may_pay: boolean
  created_at: Date
}

const toMerchant = (row: MerchantRow): Merchant => ({
  id: row.id,
  name: row.name,
  status: row.status,
  logoUrl: row.logo_url ?? undefined,
  color: row.color ?? undefined,
  supportUrl: row.support_url ?? undefined,
  coreTokenMayPay: row.core_token_may_pay,
  createdAt: row.created_at,
})

type ClientRow = {
  id: ApiClientId
  merchant_id: MerchantId
  name: string
  status: 'active' | 'disabled'
  scopes: Scope[]
  jwks: JSONWebKeySet | null
  created_at: Date
}
type SecretRow = { id: SecretId; client_id: ApiClientId; hint: string; created_at: Date }

export const insertMerchant = (tx: Tx, m: Merchant): Promise<unknown> =>
  tx`insert into merchant (id, name, status, logo_url, color, support_url, core_token_may_pay, created_at)
     values (${m.id}, ${m.name}, ${m.status}, ${m.logoUrl ?? null}, ${m.color ?? null}, ${m.supportUrl ?? null},
             ${m.coreTokenMayPay}, ${m.createdAt})`

/** The caller holds the merchant's row, so that nobody else adds a client meanwhile. */
export async function insertClient(tx: Tx, c: ApiClient): Promise<void> {
  await tx`insert into api_client (id, merchant_id, name, status, scopes, jwks, created_at)
    values (${c.id}, ${c.merchantId}, ${c.name}, ${c.status}, ${c.scopes as Scope[]},
            ${c.jwks ? tx.json(c.jwks as never) : null}, ${c.createdAt})`
  const [row] = await tx<{ many: number }[]>`
    select count(*)::int as many from api_client where merchant_id = ${c.merchantId}`
  if ((row?.many ?? 0) > mostClients) throw new Refusal('too_many_clients')
}

export type NewSecret = Readonly<{ id: SecretId; clientId: ApiClientId; hash: string; hint: string; createdAt: Date }>

/** The database counts: a third live secret is refused even if two rotations run at once. */
export async function insertSecret(tx: Tx, s: NewSecret): Promise<void> {
  await tx`insert into api_client_secret (id, client_id, hash, hint, created_at)
    values (${s.id}, ${s.clientId}, ${s.hash}, ${s.hint}, ${s.createdAt})`.catch((error) => {
    if (error.constraint_name === 'at_most_two_live_secrets') throw new Refusal('too_many_secrets')
    throw error
  })
}

/** Whether it was live until now. */
export async function retireSecret(tx: Tx, clientId: ApiClientId, id: SecretId, at: Date): Promise<boolean> {
  const rows = await tx`update api_client_secret set retired_at = ${at}
    where id = ${id} and client_id = ${clientId} and retired_at is null returning id`
  return rows.length === 1
}

/** Locks the row until the transaction ends. */
export async function takeClient(tx: Tx, id: ApiClientId): Promise<ApiClient> {
  const rows = await tx<ClientRow[]>`select * from api_client where id = ${id} for update`
  const [client] = await withSecrets(tx, rows)
  if (!client) throw new Refusal('client_not_found', { id })
  return client
}

export const saveClientStatus = (tx: Tx, id: ApiClientId, status: ApiClient['status']): Promise<unknown> =>
  tx`update api_client set status = ${status} where id = ${id}`

/** Locks the row until the transaction ends. */
export async function takeMerchant(tx: Tx, id: MerchantId): Promise<Merchant> {
  const [row] = await tx<MerchantRow[]>`select * from merchant where id = ${id} for update`
  if (!row) throw new Refusal('merchant_not_found', { id })
  return toMerchant(row)
}

export const saveMerchantStatus = (tx: Tx, id: MerchantId, status: Merchant['status']): Promise<unknown> =>
  tx`update merchant set status = ${status} where id = ${id}`

export const saveCoreTokenMayPay = (tx: Tx, id: MerchantId, may: boolean): Promise<unknown> =>
  tx`update merchant set core_token_may_pay = ${may} where id = ${id}`

/** The caller holds the merchant's row, so that nobody else adds to the list meanwhile. */
export async function insertRedirect(tx: Tx, merchantId: MerchantId, url: string): Promise<void> {
  await tx`insert into merchant_redirect (merchant_id, url) values (${merchantId}, ${url}) on conflict do nothing`
  const [row] = await tx<{ many: number }[]>`
    select count(*)::int as many from merchant_redirect where merchant_id = ${merchantId}`
  if ((row?.many ?? 0) > mostRedirects) throw new Refusal('too_many_redirects')
}

/** Whether it was on the list. */
export async function deleteRedirect(tx: Tx, merchantId: MerchantId, url: string): Promise<boolean> {
  const rows = await tx`delete from merchant_redirect where merchant_id = ${merchantId} and url = ${url} returning url`
  return rows.length === 1
}

export async function listRedirects(sql: Sql | Tx, merchantId: MerchantId): Promise<string[]> {
  const rows = await sql<{ url: string }[]>`
    select url from merchant_redirect where merchant_id = ${merchantId} order by url limit ${mostRedirects}`
  return rows.map(({ url }) => url)
}

export async function findMerchant(sql: Sql, id: MerchantId): Promise<Merchant | undefined> {
  const [row] = await sql<MerchantRow[]>`select * from merchant where id = ${id}`
  return row && toMerchant(row)
}

/** Newest first, those before an id. */
export async function listMerchants(sql: Sql, limit: number, before: MerchantId | undefined): Promise<Merchant[]> {
  const rows = await sql<MerchantRow[]>`
    select * from merchant ${before ? sql`where id < ${before}` : sql``} order by id desc limit ${limit}`
  return rows.map(toMerchant)
}

export async function listClients(sql: Sql, merchantIds: readonly MerchantId[]): Promise<ApiClient[]> {
  const rows = await sql<ClientRow[]>`
    select * from api_client where merchant_id = any(${merchantIds as MerchantId[]}::uuid[])
    order by id limit ${merchantIds.length * mostClients}`
  return withSecrets(sql, rows)
}

async function withSecrets(sql: Sql | Tx, rows: readonly ClientRow[]): Promise<ApiClient[]> {
  const secrets = await sql<SecretRow[]>`
    select id, client_id, hint, created_at from api_client_secret
    where client_id = any(${rows.map(({ id }) => id)}::uuid[]) and retired_at is null order by created_at, id`
  return rows.map((row) => ({
    id: row.id,
    merchantId: row.merchant_id,
    name: row.name,
    status: row.status,
    scopes: row.scopes,
    jwks: row.jwks ?? undefined,
    secrets: secrets
      .filter((secret) => secret.client_id === row.id)
      .map(({ id, hint, created_at }) => ({ id, hint, createdAt: created_at })),
    createdAt: row.created_at,
  }))
}
