import { importJWK, type JWK, SignJWT } from 'jose'
import type { House } from '../house.ts'
import { assert } from '../kernel/assert.ts'
import type { CustomerId, MerchantId, SessionId } from '../kernel/id.ts'
import { ensureSigningKey, keyContext } from './access.commands.ts'
import { openKeyRing } from './key-ring.ts'
import { keyToSignWith } from './signing-key.ts'

/** What came of a visit to the hosted flow, as the redirect tells it. */
export type LinkResult = Readonly<{
  sessionId: SessionId
  merchantId: MerchantId
  status: '200' | '204' | '500'
  customerId: CustomerId | null
}>

/** A merchant's backend reads it at once; an hour is plenty. */
const lifeMs = 60 * 60_000

/** Never an access token: those say `at+jwt`. */
const type = 'link-result+jwt'

export type LinkResultSigner = (result: LinkResult) => Promise<string>

/**
 * Signs what came of a visit, so that a merchant need not believe the customer's address bar: an ES256 JWT by the keys
 * of our JWKS, audience the merchant's id, subject the customer's.
 */
export async function openLinkResultSigner(house: House): Promise<LinkResultSigner> {
  await ensureSigningKey(house)
  const ring = openKeyRing(house)
  let open: { id: string; key: Awaited<ReturnType<typeof importJWK>> } | undefined
  return async ({ sessionId, merchantId, status, customerId }) => {
    const current = keyToSignWith((await ring.get()).keys, house.realNow())
    assert(current, 'there is a signing key')
    if (open?.id !== current.id) {
      const jwk = JSON.parse(await house.vault.open(current.sealed, keyContext(current.id))) as JWK
      open = { id: current.id, key: await importJWK(jwk, 'ES256') }
    }
    const jwt = new SignJWT({ status, sessionId, ...(customerId ? { customerId } : {}) })
    if (customerId) jwt.setSubject(customerId)
    return jwt
      .setProtectedHeader({ alg: 'ES256', kid: current.id, typ: type })
      .setIssuer(house.settings.apiUrl)
      .setAudience(merchantId)
      .setIssuedAt(house.realNow())
      .setExpirationTime(new Date(house.realNow().getTime() + lifeMs))
      .sign(open.key)
  }
}
