import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { openTokenServer } from '../src/access/token-server.ts'
import { addApiClient, createMerchant } from '../src/merchants/merchant.commands.ts'
import type { Credentials } from '../src/merchants/merchant.ts'
import { openTestHouse } from './test-house.ts'

type Answer = { status: number; headers: Headers; body: Record<string, unknown> }
type Odd = { otherKey?: boolean; audience?: string; life?: number; alg?: string; issuer?: string }

/** A token server on a port of its own, a merchant with credentials, and ways to ask. */
export async function openTokenDesk() {
  const t = await openTestHouse()
  const tokens = await openTokenServer(t.house)
  const server = createServer((req, res) => void tokens.handle(req, res)).listen(0)
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const { credentials: own } = await createMerchant(t.house, { name: 'Corner Store' })

  async function post(path: string, form: Record<string, string> | string, headers = {}): Promise<Answer> {
    const body = typeof form === 'string' ? form : new URLSearchParams(form).toString()
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const response = await fetch(`${url}${path}`, { method: 'POST', body, headers: { ...type, ...headers } })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : {} }
  }

  /** A client with a key pair of its own, and a way to sign assertions, rightly or wrongly. */
  async function signingClient() {
    const pair = await generateKeyPair('ES256')
    const { merchant } = await createMerchant(t.house, { name: 'Signing' })
    const jwks = { keys: [await exportJWK(pair.publicKey)] }
    const { client } = await addApiClient(t.house, merchant.id, { name: 'signs', jwks })
    async function assert({ otherKey, audience, life = 60, alg = 'ES256', issuer = client.id }: Odd = {}) {
      const now = Math.floor(Date.now() / 1000)
      const key = otherKey ? (await generateKeyPair('ES256')).privateKey : pair.privateKey
      return new SignJWT({ jti: crypto.randomUUID() })
        .setProtectedHeader({ alg })
        .setIssuer(issuer)
        .setSubject(issuer)
        .setAudience(audience ?? 'http://localhost:4000')
        .setIssuedAt(now)
        .setExpirationTime(now + life)
        .sign(alg === 'HS256' ? new TextEncoder().encode(JSON.stringify(jwks)) : key)
    }
    return { client, assert }
  }

  return {
    t,
    url,
    own,
    post,
    signingClient,
    form: (more: Record<string, string> = {}, c: Credentials = own) => ({
      grant_type: 'client_credentials',
      client_id: c.clientId,
      client_secret: c.clientSecret,
      ...more,
    }),
    async close() {
      server.closeAllConnections()
      server.close()
      await tokens.close()
      await t.close()
    },
  }
}
export type TokenDesk = Awaited<ReturnType<typeof openTokenDesk>>

export const signed = (assertion: string) => ({
  grant_type: 'client_credentials',
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: assertion,
})

export const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
})

export const claims = (token: unknown) =>
  JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString())
