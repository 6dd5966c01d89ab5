import type { JWK } from 'jose'

/** How long an access token lives. */
export const tokenLifeSeconds = 3_600

/** A new key is published this long before it signs, so that whoever keeps our JWKS has it in time. */
export const overlapMs = 10 * 60_000

/** Added to the life of a superseded key's last token before the key is withdrawn: clocks differ a little. */
const marginMs = 60_000

export type SigningKey = Readonly<{
  id: string
  publicJwk: JWK
  /** The private part, for the vault. */
  sealed: string
  signsFrom: Date
  publishedUntil: Date | undefined
}>

/** When a key that is superseded at a moment may be withdrawn: no token it signed is alive by then. */
export const withdrawnAt = (supersededAt: Date): Date =>
  new Date(supersededAt.getTime() + tokenLifeSeconds * 1_000 + marginMs)

/**
 * The key whose turn it is: the latest that has begun. When none has, which takes a clock that was set back, the one
 * that begins first.
 */
export function keyToSignWith(keys: readonly SigningKey[], now: Date): SigningKey | undefined {
  const inTurn = keys
    .filter((key) => key.publishedUntil === undefined || key.publishedUntil > now)
    // When the clock stands still two keys may begin together; then it is the one that was not superseded.
    .toSorted(
      (a, b) => a.signsFrom.getTime() - b.signsFrom.getTime() || Number(!a.publishedUntil) - Number(!b.publishedUntil),
    )
  return inTurn.findLast((key) => key.signsFrom <= now) ?? inTurn[0]
}
