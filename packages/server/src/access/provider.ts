import type { JWK } from 'jose'
import Provider, { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { House } from '../house.ts'
import { assert } from '../kernel/assert.ts'
import { isScope, scopes } from './caller.ts'
import { adapterFor, type Clients, readHashes } from './provider-adapter.ts'
import { isOneOf } from './secret.ts'
import { keyToSignWith, type SigningKey, tokenLifeSeconds } from './signing-key.ts'

export const paths = {
  token: '/v1/tokens',
  introspection: '/v1/tokens/introspect',
  revocation: '/v1/tokens/revoke',
  jwks: '/.well-known/jwks.json',
  discovery: '/.well-known/oauth-authorization-server',
} as const

export type ProviderHouse = Pick<House, 'sql' | 'realNow' | 'random' | 'settings'>

/** One oidc-provider for one set of keys: it takes its keys once, so another set means another instance. */
export function buildProvider(
  house: ProviderHouse,
  keys: readonly SigningKey[],
  privateJwks: readonly JWK[],
  clients: Clients,
): Provider {
  const provider = new Provider(house.settings.apiUrl, configuration(house, keys, privateJwks, clients))
  provider.Client.prototype.compareClientSecret = function compare(this: { clientSecret?: string }, offered: string) {
    return isOneOf(readHashes(this.clientSecret ?? ''), offered)
  }
  // Set by token-server.ts from the settings, whatever the request says.
  provider.proxy = true
  return provider
}

function configuration(
  house: ProviderHouse,
  keys: readonly SigningKey[],
  privateJwks: readonly JWK[],
  clients: Clients,
): Configuration {
  const { apiUrl } = house.settings
  return {
    adapter: adapterFor(house, clients),
    jwks: { keys: [...privateJwks] },
    routes: { ...paths, authorization: '/never-mounted' },
    scopes: [...scopes],
    responseTypes: [],
    clientDefaults: { grant_types: ['client_credentials'], response_types: [], id_token_signed_response_alg: 'ES256' },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['ES256', 'PS256', 'RS256'] },
    extraClientMetadata: { properties: ['merchant_id'] },
    extraTokenClaims: (ctx) => ({ merchant_id: ctx.oidc.client?.merchant_id }),
    ttl: { ClientCredentials: tokenLifeSeconds },
    // Browsers may not read what is answered here; a server that sends a stray Origin is served like any other.
    clientBasedCORS: () => true,
    renderError: (ctx, out) => {
      ctx.body = out
    },
    cookies: { keys: [house.random(32).toString('base64url')] },
    formats: {
      customizers: {
        // oidc-provider dates tokens by the system's clock. Ours are dated, and judged, by the one the house lends.
        jwt: (_ctx, _token, { payload }) => {
          const now = Math.floor(house.realNow().getTime() / 1_000)
          Object.assign(payload, { iat: now, exp: now + tokenLifeSeconds })
        },
      },
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      dPoP: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => apiUrl,
        getResourceServerInfo: (ctx, resource) => resourceServer(house, keys, ctx, resource),
      },
    },
  }
}

/** The one API there is. oidc-provider would drop a scope it does not know without a word; here that is refused. */
function resourceServer(house: ProviderHouse, keys: readonly SigningKey[], ctx: KoaContextWithOIDC, resource: string) {
  if (resource !== house.settings.apiUrl) throw new errors.InvalidTarget()
  const params = ctx.oidc.params as { scope?: string }
  params.scope ??= 'Link-Core'
  const unknown = params.scope.split(' ').find((scope) => !isScope(scope))
  if (unknown !== undefined) throw new errors.InvalidScope(`the scopes are ${scopes.join(' and ')}`, unknown)
  const key = keyToSignWith(keys, house.realNow())
  assert(key, 'there is a key to sign with')
  return {
    scope: scopes.join(' '),
    audience: house.settings.apiUrl,
    accessTokenFormat: 'jwt' as const,
    jwt: { sign: { alg: 'ES256' as const, kid: key.id } },
  }
}
