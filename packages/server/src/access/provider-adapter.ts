import { type Adapter, type AdapterFactory, type AdapterPayload, errors } from 'oidc-provider'
import type { House } from '../house.ts'
import { assert } from '../kernel/assert.ts'
import { looksLikeId } from '../kernel/id.ts'
import { type LiveClient, useAssertion } from './access.store.ts'
import type { Believed } from './believed.ts'

/** An assertion may not ask to be remembered longer than this. */
const longestAssertionSeconds = 3_600

export type Clients = Believed<string, LiveClient | undefined>

/**
 * What oidc-provider keeps, it keeps here. It asks for clients, and for the memory of used assertions. Tokens are
 * signed and kept by nobody, and there is no sign-in, so there is nothing else.
 */
export function adapterFor(house: Pick<House, 'sql'>, clients: Clients): AdapterFactory {
  return (name) => {
    if (name === 'Client') return { ...nothing, find: (id) => findClient(clients, id) }
    if (name === 'ReplayDetection') return { ...nothing, upsert: (id, use, life) => remember(house, id, use, life) }
    return nothing
  }
}

const nothing: Adapter = {
  upsert: (id) => Promise.reject(new Error(`the token server stores nothing under '${id}'`)),
  find: () => Promise.resolve(undefined),
  findByUserCode: () => Promise.resolve(undefined),
  findByUid: () => Promise.resolve(undefined),
  consume: () => Promise.resolve(undefined),
  destroy: () => Promise.resolve(undefined),
  revokeByGrantId: () => Promise.resolve(undefined),
}

/**
 * An unknown or disabled client is found, too, as one with no secret. So the wrong secret of a real client and any
 * secret of a made-up one take the same way through the code, and end in the same refusal.
 */
async function findClient(clients: Clients, id: string): Promise<AdapterPayload> {
  const name = id.toLowerCase()
  const client = looksLikeId(name) ? await clients.get(name, name) : undefined
  return client ? metadataOf(client) : metadataOf(nobody)
}

const nobody = { id: 'nobody', merchantId: 'nobody', scopes: ['Link-Core'], jwks: null, hashes: [] }

type Described = Pick<LiveClient, 'jwks' | 'hashes'> & { id: string; merchantId: string; scopes: readonly string[] }

const metadataOf = (client: Described): AdapterPayload => ({
  client_id: client.id,
  merchant_id: client.merchantId,
  scope: client.scopes.join(' '),
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
  // A client with keys has no secret to fall back to, or the weaker way would be the way in.
  ...(client.jwks
    ? { token_endpoint_auth_method: 'private_key_jwt', jwks: client.jwks as never }
    : { token_endpoint_auth_method: 'client_secret_basic', client_secret: writeHashes(client.hashes) }),
})

/** oidc-provider holds one text as the secret; ours is the list of hashes. It must not be empty. */
const separator = ' '
const writeHashes = (hashes: readonly string[]): string => ['hashes', ...hashes].join(separator)
export const readHashes = (text: string): readonly string[] => text.split(separator).slice(1)

/**
 * oidc-provider first looks whether an assertion was used and then notes it, between which another process may do the
 * same. Here looking finds nothing, and noting is an insert that succeeds once.
 */
async function remember(house: Pick<House, 'sql'>, id: string, use: AdapterPayload, lifeSeconds = 0): Promise<void> {
  assert(use.iss, 'an assertion names its client')
  if (lifeSeconds > longestAssertionSeconds) throw new errors.InvalidClientAuth('the assertion lives too long')
  if (!(await useAssertion(house.sql, use.iss, id, lifeSeconds)))
    throw new errors.InvalidClientAuth('client assertion tokens must only be used once')
}
