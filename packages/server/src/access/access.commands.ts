import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import { transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { resealAll } from '../net/reseal.ts'
import {
  deleteExpired,
  insertKey,
  insertRevoked,
  listKeys,
  lockKeys,
  replaceSealedKey,
  withdrawOtherKeys,
} from './access.store.ts'
import type { AccessToken } from './access-token.ts'
import { announceChange } from './changes.ts'
import { keyToSignWith, overlapMs, type SigningKey, withdrawnAt } from './signing-key.ts'

type KeyHouse = Pick<House, 'sql' | 'realNow' | 'vault'>

/** What the vault binds a private key to. */
export const keyContext = (id: string): string => `signing_key:${id}`

/** The private part leaves this function sealed only. */
async function makeKey(house: KeyHouse, signsFrom: Date): Promise<SigningKey> {
  const pair = await generateKeyPair('ES256', { extractable: true })
  const publicJwk = await exportJWK(pair.publicKey)
  const id = await calculateJwkThumbprint(publicJwk)
  const sealed = await house.vault.seal(JSON.stringify(await exportJWK(pair.privateKey)), keyContext(id))
  return {
    id,
    publicJwk: { ...publicJwk, kid: id, alg: 'ES256', use: 'sig' },
    sealed,
    signsFrom,
    publishedUntil: undefined,
  }
}

/** Makes the first signing key. Fifty processes that open an empty database together make one between them. */
export async function ensureSigningKey(house: KeyHouse): Promise<void> {
  if (keyToSignWith(await listKeys(house.sql, house.realNow()), house.realNow())) return
  const key = await makeKey(house, house.realNow())
  await transact(house.sql, async (tx) => {
    await lockKeys(tx)
    if (keyToSignWith(await listKeys(tx, house.realNow()), house.realNow())) return
    await insertKey(tx, key)
    await announceChange(tx, 'keys')
  })
}

/**
 * `gradual`: the new key is published now and signs in ten minutes. `immediate`: it signs now. Either way the old key
 * is published until the last token it signed has expired. `emergency`, for a key that leaked: the old ones are
 * withdrawn now, and with them every token they signed.
 */
export type Rotation = 'gradual' | 'immediate' | 'emergency'

/** Gives the token server a new signing key. Every process follows within a second. */
export async function rotateSigningKey(house: KeyHouse, rotation: Rotation = 'gradual'): Promise<SigningKey> {
  const now = house.realNow()
  const signsFrom = rotation === 'gradual' ? new Date(now.getTime() + overlapMs) : now
  const key = await makeKey(house, signsFrom)
  return transact(house.sql, async (tx) => {
    await lockKeys(tx)
    await insertKey(tx, key)
    await withdrawOtherKeys(tx, key, rotation === 'emergency' ? now : withdrawnAt(signsFrom))
    await announceChange(tx, 'keys')
    return key
  })
}

/** Ends a token before its time, on every process within a second. Ending it twice is ending it once. */
export function revokeToken(house: Pick<House, 'sql'>, token: AccessToken): Promise<void> {
  return transact(house.sql, async (tx) => {
    await insertRevoked(tx, token.jti, token.clientId, token.expiresAt)
    await announceChange(tx, 'token', token.jti)
  })
}

/** Deletes what no longer matters: revocations of expired tokens, used assertions, withdrawn keys. Bounded. */
export const forgetExpired = (house: Pick<House, 'sql' | 'realNow'>): Promise<number> =>
  deleteExpired(house.sql, house.realNow())

/** Seals signing keys again with the vault's present key. Answers how many there were. */
export const resealSigningKeys = (house: House): Promise<number> =>
  resealAll(
    house.vault,
    // There are never more than one page of them.
    async (after) =>
      after
        ? []
        : (await listKeys(house.sql, house.realNow())).map(({ id, sealed }) => ({
            id,
            sealed,
            context: keyContext(id),
          })),
    (row, sealed) => replaceSealedKey(house.sql, row.id, row.sealed, sealed),
  )
