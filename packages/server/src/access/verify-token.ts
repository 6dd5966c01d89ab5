import { hash } from 'node:crypto'
import type { House } from '../house.ts'
import { Refusal } from '../kernel/refusal.ts'
import { type AccessToken, readAccessToken } from './access-token.ts'
import type { Caller } from './caller.ts'
import { hearChanges } from './changes.ts'
import { openKeyRing } from './key-ring.ts'
import { objection, openStandings } from './standings.ts'

export type Verifier = Readonly<{
  /** Refuses: unauthorized, with `why` among its facts. */
  verify(token: string): Promise<Caller>
  close(): Promise<void>
}>

type VerifierHouse = Pick<House, 'sql' | 'realNow' | 'settings' | 'log'>

/** A process remembers this many tokens; beyond that a signature is checked again. */
const remembered = 10_000

/** An unknown key is looked for in the database at most this often. */
const keySearchMs = 100

/**
 * Tells callers by their access tokens. The signature of a token is checked once, which is most of the work. What can
 * change is read again at least once a second while a token is in use, here and on every other process: so a revoked
 * token, and the tokens of a disabled client or a suspended merchant, stop working within a second everywhere.
 */
export async function openVerifier(house: VerifierHouse): Promise<Verifier> {
  const ring = openKeyRing(house)
  const standings = openStandings(house, remembered)
  const known = new Map<string, AccessToken>()
  const stopHearing = await hearChanges(house, (change) => {
    if (change.kind === 'keys' || change.kind === 'everything') ring.doubt()
    standings.changed(change)
  })

  let lookedForKeyAt = -Infinity

  async function read(text: string): Promise<AccessToken> {
    let token = await readAccessToken(house, await ring.get(), text)
    // Perhaps a key that another process has just begun to sign with. Made-up key ids must not become queries, though.
    if (token === 'unknown_key' && performance.now() - lookedForKeyAt > keySearchMs) {
      lookedForKeyAt = performance.now()
      ring.doubt()
      token = await readAccessToken(house, await ring.get(), text)
    }
    if (typeof token === 'string') throw new Refusal('unauthorized', { why: token })
    return token
  }

  /** By a hash, so that a picture of this process's memory holds no usable token. */
  async function recall(text: string): Promise<AccessToken> {
    const name = hash('sha256', text, 'base64url')
    const token = known.get(name)
    if (token && token.expiresAt > house.realNow()) return token
    known.delete(name)
    const fresh = await read(text)
    known.set(name, fresh)
    if (known.size > remembered) known.delete(known.keys().next().value as string)
    return fresh
  }

  return {
    async verify(text) {
      const token = await recall(text)
      const standing = await standings.of(token)
      const why = objection(standing)
      if (why) throw new Refusal('unauthorized', { why })
      const { merchantId, clientId, scopes } = token
      return { merchantId, clientId, scopes, coreTokenMayPay: standing.coreTokenMayPay }
    },
    async close() {
      known.clear()
      await stopHearing()
    },
  }
}
