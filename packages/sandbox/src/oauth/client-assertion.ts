import { createRemoteJWKSet, type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { Provider } from 'oidc-provider'
import type { Client } from '../config.ts'
import { SIGNING_ALG } from './keys.ts'

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
/** A client that started again with new keys is believed after this long. */
const KEYS_COOL_MS = 1_000

export type ClientAuthentication = (
  provider: Provider,
  form: Readonly<Record<string, string | undefined>>,
  audiences: readonly string[],
) => Promise<Client | undefined>

/**
 * Knows clients by `private_key_jwt`: signed with a key from the client's own jwks_uri, meant for one of the
 * audiences, not expired, and never seen before. Undefined is "I do not know you", whatever the reason.
 */
export function clientAuthentication(clients: readonly Client[]): ClientAuthentication {
  const known = new Map<string, readonly [Client, JWTVerifyGetKey]>()
  for (const client of clients)
    known.set(client.clientId, [
      client,
      createRemoteJWKSet(new URL(client.jwksUri), { cooldownDuration: KEYS_COOL_MS }),
    ])

  return async (provider, form, audiences) => {
    if (form.client_assertion_type !== ASSERTION_TYPE || !form.client_assertion) return undefined
    for (const [client, keys] of known.values()) {
      if (form.client_id !== undefined && form.client_id !== client.clientId) continue
      try {
        const { payload } = await jwtVerify(form.client_assertion, keys, {
          algorithms: [SIGNING_ALG],
          issuer: client.clientId,
          subject: client.clientId,
          audience: [...audiences],
          requiredClaims: ['jti', 'exp'],
        })
        const isFirst = await provider.ReplayDetection.unique(client.clientId, payload.jti ?? '', payload.exp ?? 0)
        return isFirst ? client : undefined
      } catch {
        // Not this client's, or not valid; the caller learns no more than that.
      }
    }
    return undefined
  }
}
