import { hash, timingSafeEqual } from 'node:crypto'

/** A client has this many live secrets at most, so that one can be replaced without an outage. */
const liveSecrets = 2

/** The random bytes a new secret asks of the house. */
export const secretBytes = 32

/** A secret as the merchant sees it, once. Its prefix says which deployment a leaked one belongs to. */
export const writeSecret = (prefix: string, random: Buffer): string => `${prefix}${random.toString('base64url')}`

/**
 * What is stored. One round of SHA-256 is right here and would be wrong for a password: a secret is 256 random bits, so
 * nobody guesses it however fast guessing is, and a slow hash would only make the token call slow.
 */
export const hashSecret = (secret: string): string => hash('sha256', secret, 'base64url')

/** The last characters, so that a person can tell two secrets apart. */
export const hintOf = (secret: string): string => secret.slice(-4)

/** Compared with where there is no secret; a match would not count. */
const nothing = Buffer.alloc(32)

/**
 * Whether a secret is one of a client's live ones. Takes the same time whether it is the first, the second or none, and
 * whether the client has two secrets, one or none at all.
 */
export function isOneOf(hashes: readonly string[], secret: string): boolean {
  const offered = hash('sha256', secret, 'buffer')
  let found = 0
  for (let slot = 0; slot < liveSecrets; slot++) {
    const text = hashes[slot]
    const stored = text === undefined ? nothing : Buffer.from(text, 'base64url')
    found |= Number(stored.length === offered.length && timingSafeEqual(stored, offered)) & Number(text !== undefined)
  }
  return found === 1
}
