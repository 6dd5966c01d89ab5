import { errors, type JWTPayload, jwtVerify } from 'jose'
import type { House } from '../house.ts'
import { type ApiClientId, looksLikeId, type MerchantId } from '../kernel/id.ts'
import { isScope, type Scope } from './caller.ts'
import type { KeySet } from './key-ring.ts'

/** What one of our access tokens says. Its signature and dates are good; whether it was revoked is another matter. */
export type AccessToken = Readonly<{
  jti: string
  keyId: string
  clientId: ApiClientId
  merchantId: MerchantId
  scopes: ReadonlySet<Scope>
  issuedAt: Date
  expiresAt: Date
}>

export type NotAToken = 'malformed' | 'unknown_key' | 'bad_signature' | 'expired' | 'not_for_us'

/** Ours are about 600 characters; nothing much longer is worth the hashing. */
const longest = 4_096

/** Reads a token by the published keys. A token that is not right in every respect is only told why, never read. */
export async function readAccessToken(
  house: Pick<House, 'realNow' | 'settings'>,
  { publicKeys }: KeySet,
  text: string,
): Promise<AccessToken | NotAToken> {
  if (text.length > longest) return 'malformed'
  let keyId = ''
  const keyFor = ({ kid = '' }: { kid?: string }) => {
    const key = publicKeys.get(kid)
    if (!key) throw new errors.JWKSNoMatchingKey()
    keyId = kid
    return key
  }
  try {
    const { payload } = await jwtVerify(text, keyFor, {
      // The only algorithm there is, whatever the header asks for.
      algorithms: ['ES256'],
      typ: 'at+jwt',
      issuer: house.settings.apiUrl,
      audience: house.settings.apiUrl,
      requiredClaims: ['exp', 'iat', 'jti'],
      currentDate: house.realNow(),
    })
    return claimsOf(payload, keyId)
  } catch (error) {
    return whyNot(error)
  }
}

function claimsOf(payload: JWTPayload, keyId: string): AccessToken | NotAToken {
  const { client_id: clientId, merchant_id: merchantId, scope } = payload
  if (typeof clientId !== 'string' || !looksLikeId(clientId) || payload.sub !== clientId) return 'malformed'
  if (typeof merchantId !== 'string' || !looksLikeId(merchantId) || typeof scope !== 'string') return 'malformed'
  const { jti, iat, exp } = payload
  if (typeof jti !== 'string' || iat === undefined || exp === undefined) return 'malformed'
  return {
    jti,
    keyId,
    clientId: clientId as ApiClientId,
    merchantId: merchantId as MerchantId,
    scopes: new Set(scope.split(' ').filter(isScope)),
    issuedAt: new Date(iat * 1_000),
    expiresAt: new Date(exp * 1_000),
  }
}

function whyNot(error: unknown): NotAToken {
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWKSNoMatchingKey) return 'unknown_key'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad_signature'
  if (error instanceof errors.JWTClaimValidationFailed) return 'not_for_us'
  if (error instanceof errors.JOSEError) return 'malformed'
  throw error
}
