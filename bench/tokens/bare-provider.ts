import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

/**
 * The yardstick: oidc-provider as it comes, its own memory for a store, issuing what the platform issues: ES256 access
 * tokens (at+jwt) for one API, for client credentials sent as a form. `PORT`, `CLIENT_ID` and `CLIENT_SECRET` come in.
 */
const { PORT = '', CLIENT_ID = '', CLIENT_SECRET = '' } = process.env
const origin = `http://localhost:${PORT}`
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })

const provider = new Provider(origin, {
  jwks: { keys: [{ ...key, kid: 'bench', alg: 'ES256', use: 'sig' }] },
  routes: { token: '/v1/tokens' },
  scopes: ['Link-Core', 'Link-Payment'],
  responseTypes: [],
  clients: [
    {
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      scope: 'Link-Core Link-Payment',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      id_token_signed_response_alg: 'ES256',
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  clientAuthMethods: ['client_secret_post'],
  extraTokenClaims: () => ({ merchant_id: '01a204e6-1a3b-76f4-9f24-9f6b7e37d3b9' }),
  ttl: { ClientCredentials: 3_600 },
  cookies: { keys: ['bench'] },
  features: {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    dPoP: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => origin,
      getResourceServerInfo: () => ({
        scope: 'Link-Core Link-Payment',
        audience: origin,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256', kid: 'bench' } },
      }),
    },
  },
})

createServer(provider.callback()).listen(Number(PORT), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
