import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import * as oauth from 'openid-client'

export const SCOPE =
  'openid offline_access fdx:accountbasic:read fdx:accountdetailed:read fdx:balances:read fdx:paymentsupport:read fdx:customercontact:read'

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export const consentRequest = (clusters: readonly string[]): string =>
  JSON.stringify([
    {
      type: 'fdx_v1.0',
      consentRequest: {
        durationType: 'TIME_BOUND',
        durationPeriod: 90,
        lookbackPeriod: 30,
        resources: [{ resourceType: 'ACCOUNT', dataClusters: clusters }],
      },
    },
  ])

export const ALL_CLUSTERS = ['ACCOUNT_BASIC', 'ACCOUNT_DETAILED', 'BALANCES', 'PAYMENT_SUPPORT', 'CUSTOMER_CONTACT']

export type Tokens = Awaited<ReturnType<typeof oauth.authorizationCodeGrant>>
export type Answer = Readonly<{ status: number; body: Record<string, unknown> }>

/** A client of the banks as the platform is one: with real keys, served at a real address. */
export async function openPlatform() {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'platform', alg: 'ES256', use: 'sig' }
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ keys: [jwk] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const redirectUri = `${origin}/bank/return`

  const assertion = (audience: string, claims: object = {}) =>
    new SignJWT({ jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'platform' })
      .setIssuer('rialto')
      .setSubject('rialto')
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(privateKey)

  return {
    client: { clientId: 'rialto', name: 'Rialto', jwksUri: `${origin}/jwks.json`, redirectUris: [redirectUri] },
    redirectUri,
    assertion,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),

    discover: (issuer: string) =>
      oauth.discovery(
        new URL(issuer),
        'rialto',
        { token_endpoint_auth_method: 'private_key_jwt' },
        oauth.PrivateKeyJwt({ key: privateKey, kid: 'platform' }),
        { execute: [oauth.allowInsecureRequests] },
      ),

    /** One call of the challenge endpoint, properly signed. */
    async challenge(issuer: string, form: Record<string, string>): Promise<Answer> {
      const endpoint = `${issuer}/authorization-challenge`
      const body = new URLSearchParams({
        client_id: 'rialto',
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: await assertion(issuer),
        ...form,
      })
      const response = await fetch(endpoint, { method: 'POST', body })
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    },
  }
}

/** One call of a bank's data interface. */
export async function call(api: string, path: string, token: string, init: RequestInit = {}) {
  const response = await fetch(`${api}${path}`, {
    ...init,
    headers: {
      Authorization: `Bearer ${token}`,
      'x-fapi-interaction-id': '11111111-1111-4111-8111-111111111111',
      ...init.headers,
    },
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
}
