import type { JSONWebKeySet } from 'jose'
import { scopes as allScopes } from '../access/caller.ts'
import { announceChange } from '../access/changes.ts'
import { hashSecret, hintOf, secretBytes, writeSecret } from '../access/secret.ts'
import { type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import type { ApiClientId, MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { openMerchantAccounts } from '../ledger/ledger.store.ts'
import * as store from './merchant.store.ts'
import {
  type ApiClient,
  type Credentials,
  colorFrom,
  jwksFrom,
  logoFrom,
  type Merchant,
  nameFrom,
  type SecretId,
  scopesFrom,
  webAddressFrom,
} from './merchant.ts'
import { whyNotRedirect } from './redirect.ts'

export type NewMerchant = Readonly<{
  name: string
  redirects?: readonly string[]
  logoUrl?: string | undefined
  color?: string | undefined
  supportUrl?: string | undefined
  coreTokenMayPay?: boolean
}>

export type NewClient = Readonly<{
  name: string
  /** Both, unless said otherwise. */
  scopes?: readonly string[] | undefined
  /** Public keys: the client signs assertions, and is given no secret. */
  jwks?: unknown
}>

/**
 * Takes in a merchant, with its accounts in the books and a first API client that may do everything. The client's
 * secret is in the answer and nowhere else.
 * Refuses: invalid_request (a name, an address or a colour that is none), too_many_redirects.
 */
export function createMerchant(
  house: House,
  input: NewMerchant,
): Promise<{ merchant: Merchant; client: ApiClient; credentials: Credentials }> {
  const redirects = (input.redirects ?? []).map((url) => redirectFrom(house, url))
  const merchant: Merchant = {
    id: house.newId(),
    name: nameFrom(input.name),
    status: 'active',
    logoUrl: logoFrom(input.logoUrl),
    color: colorFrom(input.color),
    supportUrl: webAddressFrom('supportUrl', input.supportUrl),
    coreTokenMayPay: input.coreTokenMayPay ?? false,
    createdAt: house.now(),
  }
  return transact(house.sql, async (tx) => {
    await store.insertMerchant(tx, merchant)
    await openMerchantAccounts(tx, merchant.id)
    for (const url of redirects) await store.insertRedirect(tx, merchant.id, url)
    const client = await openClient(house, tx, merchant.id, { name: 'first client' })
    return { merchant, client, credentials: await giveSecret(house, tx, client.id) }
  })
}

/**
 * Gives a merchant another API client: with a secret, or, when it brings public keys, without.
 * Refuses: merchant_not_found, invalid_request (name, scopes, keys), too_many_clients.
 */
export function addApiClient(
  house: House,
  merchantId: MerchantId,
  input: NewClient,
): Promise<{ client: ApiClient; credentials: Credentials | undefined }> {
  return transact(house.sql, async (tx) => {
    await store.takeMerchant(tx, merchantId)
    const client = await openClient(house, tx, merchantId, input)
    return { client, credentials: client.jwks ? undefined : await giveSecret(house, tx, client.id) }
  })
}

async function openClient(house: House, tx: Tx, merchantId: MerchantId, input: NewClient): Promise<ApiClient> {
  const jwks: JSONWebKeySet | undefined = input.jwks === undefined ? undefined : jwksFrom(input.jwks)
  const client: ApiClient = {
    id: house.newId(),
    merchantId,
    name: nameFrom(input.name),
    status: 'active',
    scopes: scopesFrom(input.scopes ?? allScopes),
    jwks,
    secrets: [],
    createdAt: house.now(),
  }
  await store.insertClient(tx, client)
  await announceChange(tx, 'client', client.id)
  return client
}

async function giveSecret(house: House, tx: Tx, clientId: ApiClientId): Promise<Credentials> {
  const clientSecret = writeSecret(house.settings.secretPrefix, house.random(secretBytes))
  const secretId: SecretId = house.newId()
  const hash = hashSecret(clientSecret)
  await store.insertSecret(tx, { id: secretId, clientId, hash, hint: hintOf(clientSecret), createdAt: house.now() })
  await announceChange(tx, 'client', clientId)
  return { clientId, secretId, clientSecret }
}

/**
 * Gives a client a second secret. Both work until one is retired, so that nothing stops in between.
 * Refuses: client_not_found, client_signs (it brought keys), too_many_secrets.
 */
export function rotateSecret(house: House, clientId: ApiClientId): Promise<Credentials> {
  return transact(house.sql, async (tx) => {
    const client = await store.takeClient(tx, clientId)
    if (client.jwks) throw new Refusal('client_signs', { id: clientId })
    return giveSecret(house, tx, clientId)
  })
}

/**
 * Ends one of a client's secrets; it asks for no more tokens within a second. Tokens it has asked for live on: to end
 * those, disable the client. The only secret may be ended, too: a leaked one must not wait for its successor.
 * Refuses: client_not_found, secret_not_found (not the client's, or ended before).
 */
export function retireSecret(house: House, clientId: ApiClientId, secretId: SecretId): Promise<void> {
  return transact(house.sql, async (tx) => {
    await store.takeClient(tx, clientId)
    if (!(await store.retireSecret(tx, clientId, secretId, house.now())))
      throw new Refusal('secret_not_found', { id: secretId })
    await announceChange(tx, 'client', clientId)
  })
}

/** It gets no more tokens, and those it has stop working everywhere within a second. Refuses: client_not_found. */
export const disableClient = (house: House, id: ApiClientId): Promise<void> => setClientStatus(house, id, 'disabled')

/** Undoes disabling: tokens that have not expired work again. Refuses: client_not_found. */
export const enableClient = (house: House, id: ApiClientId): Promise<void> => setClientStatus(house, id, 'active')

function setClientStatus(house: House, id: ApiClientId, status: ApiClient['status']): Promise<void> {
  return transact(house.sql, async (tx) => {
    await store.takeClient(tx, id)
    await store.saveClientStatus(tx, id, status)
    await announceChange(tx, 'client', id)
  })
}

/** None of the merchant's clients is served, on every process within a second. Refuses: merchant_not_found. */
export const suspendMerchant = (house: House, id: MerchantId): Promise<void> =>
  changeMerchant(house, id, (tx) => store.saveMerchantStatus(tx, id, 'suspended'))

/** Undoes suspending. Refuses: merchant_not_found. */
export const resumeMerchant = (house: House, id: MerchantId): Promise<void> =>
  changeMerchant(house, id, (tx) => store.saveMerchantStatus(tx, id, 'active'))

/** Lets Link-Core tokens pay, as some old integrations need, or no longer. Refuses: merchant_not_found. */
export const letCoreTokensPay = (house: House, id: MerchantId, may: boolean): Promise<void> =>
  changeMerchant(house, id, (tx) => store.saveCoreTokenMayPay(tx, id, may))

function changeMerchant(house: House, id: MerchantId, change: (tx: Tx) => Promise<unknown>): Promise<void> {
  return transact(house.sql, async (tx) => {
    await store.takeMerchant(tx, id)
    await change(tx)
    await announceChange(tx, 'merchant', id)
  })
}

/**
 * Adding an address twice is adding it once.
 * Refuses: merchant_not_found, invalid_request (not an address we send customers to), too_many_redirects.
 */
export function addRedirect(house: House, merchantId: MerchantId, text: string): Promise<void> {
  const url = redirectFrom(house, text)
  return transact(house.sql, async (tx) => {
    await store.takeMerchant(tx, merchantId)
    await store.insertRedirect(tx, merchantId, url)
  })
}

/** Refuses: merchant_not_found, redirect_not_listed. */
export function removeRedirect(house: House, merchantId: MerchantId, url: string): Promise<void> {
  return transact(house.sql, async (tx) => {
    await store.takeMerchant(tx, merchantId)
    if (!(await store.deleteRedirect(tx, merchantId, url))) throw new Refusal('redirect_not_listed', { url })
  })
}

function redirectFrom(house: House, url: string): string {
  const message = whyNotRedirect(house.settings.localRedirects, url)
  if (message) throw new Refusal('invalid_request', { errors: [{ pointer: '/redirectUrl', code: 'invalid', message }] })
  return url
}
