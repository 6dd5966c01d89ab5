import { type CryptoKey, importJWK, type JWK } from 'jose'
import type { House } from '../house.ts'
import { listKeys } from './access.store.ts'
import { believe } from './believed.ts'
import type { SigningKey } from './signing-key.ts'

/** The published keys. The same object as long as they are the same keys. */
export type KeySet = Readonly<{
  keys: readonly SigningKey[]
  /** For checking signatures, by key id. */
  publicKeys: ReadonlyMap<string, CryptoKey>
}>

export type KeyRing = Readonly<{
  get(): KeySet | Promise<KeySet>
  /** Keys were made or withdrawn: read again before the next use. */
  doubt(): void
}>

/** The signing keys as they are in the database, at most a second ago. */
export function openKeyRing(house: Pick<House, 'sql' | 'realNow'>): KeyRing {
  let last: { ids: string; set: KeySet } | undefined

  async function read(): Promise<KeySet> {
    const keys = await listKeys(house.sql, house.realNow())
    const ids = keys.map(({ id, publishedUntil }) => `${id} ${publishedUntil?.getTime()}`).join()
    if (last?.ids === ids) return last.set
    const publicKeys = new Map<string, CryptoKey>()
    for (const key of keys) publicKeys.set(key.id, await publicKeyOf(key.publicJwk))
    last = { ids, set: { keys, publicKeys } }
    return last.set
  }

  const believed = believe<undefined, KeySet>(async () => [await read()], 1)
  return { get: () => believed.get('', undefined), doubt: () => believed.doubt() }
}

const publicKeyOf = (jwk: JWK): Promise<CryptoKey> => importJWK(jwk, 'ES256') as Promise<CryptoKey>
