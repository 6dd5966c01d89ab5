import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import {
  addApiClient,
  createMerchant,
  disableClient,
  retireSecret,
  rotateSecret,
} from '../merchants/merchant.commands.ts'
import type { Credentials } from '../merchants/merchant.ts'
import { openTokenServer, type TokenServer } from './token-server.ts'

let t: TestHouse
let tokens: TokenServer
let url: string
let own: Credentials
let close: () => Promise<void>

beforeAll(async () => {
  t = await openTestHouse()
  tokens = await openTokenServer(t.house)
  const server = createServer((req, res) => void tokens.handle(req, res)).listen(0)
  url = `http://localhost:${(server.address() as AddressInfo).port}`
  own = (await createMerchant(t.house, { name: 'Corner Store' })).credentials
  close = async () => {
    server.closeAllConnections()
    server.close()
    await tokens.close()
    await t.close()
  }
})
afterAll(() => close())

type Answer = { status: number; headers: Headers; body: Record<string, unknown> }

async function post(path: string, form: Record<string, string> | string, headers = {}): Promise<Answer> {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString()
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  const response = await fetch(`${url}${path}`, { method: 'POST', body, headers: { ...type, ...headers } })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : {} }
}
const form = (more: Record<string, string> = {}, c: Credentials = own) => ({
  grant_type: 'client_credentials',
  client_id: c.clientId,
  client_secret: c.clientSecret,
  ...more,
})
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
})
const claims = (token: unknown) => JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString())

it('gives a token for a client id and secret in the form, with exactly the members of the contract', async () => {
  const { status, headers, body } = await post('/v1/tokens', form())
  expect(status).toBe(200)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('access-control-allow-origin')).toBeNull()
  expect(body).toEqual({ token_type: 'Bearer', expires_in: 3600, access_token: expect.any(String), scope: 'Link-Core' })
  const now = t.clock.now.getTime() / 1000
  expect(claims(body.access_token)).toMatchObject({
    iss: 'http://localhost:4000',
    aud: 'http://localhost:4000',
    sub: own.clientId,
    client_id: own.clientId,
    iat: now,
    exp: now + 3600,
    scope: 'Link-Core',
    merchant_id: expect.any(String),
  })
})

it('takes the same credentials as HTTP Basic, and answers at the alias of the old samples', async () => {
  const ask = { grant_type: 'client_credentials', scope: 'Link-Core Link-Payment' }
  const { status, body } = await post('/v1/token', ask, basic(own.clientId, own.clientSecret))
  expect(status).toBe(200)
  expect(body.scope).toBe('Link-Core Link-Payment')
})

it('takes an assertion that the client signed, once', async () => {
  const { client, assert } = await signingClient()
  const assertion = await assert()
  const first = await post('/v1/tokens', signed(assertion))
  expect(first.status).toBe(200)
  expect(claims(first.body.access_token).sub).toBe(client.id)
  expect(await post('/v1/tokens', signed(assertion))).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
})

it('takes an assertion once even when it is sent ten times at the same moment', async () => {
  const assertion = await (await signingClient()).assert()
  const answers = await Promise.all(Array.from({ length: 10 }, () => post('/v1/tokens', signed(assertion))))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(9)
})

it.each([
  ['signed by another key', { otherKey: true }],
  ['for another server', { audience: 'https://other.example' }],
  ['expired', { life: -120 }],
  ['that lives for a year', { life: 365 * 86_400 }],
  ['with HMAC', { alg: 'HS256' }],
])('refuses an assertion %s', async (_name, how) => {
  const assertion = await (await signingClient()).assert(how)
  const answer = await post('/v1/tokens', signed(assertion))
  expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client', errorCode: 'UNAUTHORIZED' } })
})

it('never takes a secret for a client that signs, and never an assertion for a client with a secret', async () => {
  const { client, assert } = await signingClient()
  const withSecret = await post('/v1/tokens', { ...form(), client_id: client.id })
  expect(withSecret).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  const withAssertion = await post('/v1/tokens', signed(await assert({ issuer: own.clientId })))
  expect(withAssertion).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
})

it('refuses a wrong secret, an unknown client and a made-up one in the same words', async () => {
  const wrong = await post('/v1/tokens', form({ client_secret: 'rialto_sandbox_wrong' }))
  const unknown = await post('/v1/tokens', form({ client_id: 'ffffffff-1180-7b86-b273-ff34fce19d6b' }))
  const madeUp = await post('/v1/tokens', form({ client_id: "x' or 1=1" }))
  expect(wrong.status).toBe(401)
  expect(wrong.body).toMatchObject({ error: 'invalid_client', errorCode: 'UNAUTHORIZED' })
  expect([unknown.status, madeUp.status]).toEqual([401, 401])
  expect(unknown.body).toEqual(wrong.body)
  expect(madeUp.body).toEqual(wrong.body)
})

it('says how to authenticate when Basic credentials are wrong', async () => {
  const answer = await post('/v1/tokens', { grant_type: 'client_credentials' }, basic(own.clientId, 'wrong'))
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm="http:\/\/localhost:4000"/)
})

it.each(['Basic', 'Basic !!!', 'Basic bm9jb2xvbg==', 'Basic YTo=', 'Bearer abc', `Basic ${'A'.repeat(5)}`])(
  'refuses the authorization %s as not well formed',
  async (authorization) => {
    const answer = await post('/v1/tokens', { grant_type: 'client_credentials' }, { authorization })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request', errorCode: 'INVALID_REQUEST' } })
  },
)

const tail = (more: string) => () => `${new URLSearchParams(form())}&${more}`
it.each([
  ['no client at all', () => ({ grant_type: 'client_credentials' }), 'invalid_request'],
  ['a repeated scope', tail('scope=Link-Core&scope=Link-Payment'), 'invalid_request'],
  ['a repeated client id', tail('client_id=a'), 'invalid_request'],
  ['a repeated secret', tail('client_secret=a'), 'invalid_request'],
  ['a repeated grant type', tail('grant_type=client_credentials'), 'invalid_request'],
  ['another grant type', () => form({ grant_type: 'password' }), 'unsupported_grant_type'],
  ['an unknown scope', () => form({ scope: 'Link-Everything' }), 'invalid_scope'],
  ['a known scope beside an unknown one', () => form({ scope: 'Link-Core openid' }), 'invalid_scope'],
  ['another resource', () => form({ resource: 'https://other.example' }), 'invalid_target'],
])('refuses %s', async (_name, body, error) => {
  const answer = await post('/v1/tokens', body())
  expect(answer.status).toBe(400)
  expect(answer.body).toMatchObject({ error, errorCode: error.toUpperCase(), errorMessage: expect.any(String) })
})

it('refuses two ways of authenticating at once', async () => {
  const answer = await post('/v1/tokens', form(), basic(own.clientId, own.clientSecret))
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
})

it('takes an empty scope as none', async () => {
  expect((await post('/v1/tokens', form({ scope: '' }))).body.scope).toBe('Link-Core')
})

it('refuses a scope that the client does not have', async () => {
  const { merchant } = await createMerchant(t.house, { name: 'Half' })
  const { credentials } = await addApiClient(t.house, merchant.id, { name: 'reports', scopes: ['Link-Core'] })
  expect((await post('/v1/tokens', form({}, credentials))).status).toBe(200)
  const answer = await post('/v1/tokens', form({ scope: 'Link-Payment' }, credentials))
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
})

it('says clearly that the token call is a form, not JSON', async () => {
  const answer = await post('/v1/tokens', JSON.stringify(form()), { 'content-type': 'application/json' })
  expect(answer).toMatchObject({ status: 415, body: { error: 'invalid_request', errorCode: 'UNSUPPORTED_MEDIA_TYPE' } })
})

it('has no token to give to GET, whatever the query says', async () => {
  const response = await fetch(`${url}/v1/tokens?${new URLSearchParams(form())}`)
  expect(response.status).toBe(404)
})

it('never reads credentials from the query', async () => {
  const answer = await post(`/v1/tokens?${new URLSearchParams(form())}`, { grant_type: 'client_credentials' })
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
})

it.each([
  ['with its length', true],
  ['in chunks, without a length', false],
])('refuses a huge body sent %s', async (_name, withLength) => {
  const body = `padding=${'x'.repeat(100_000)}`
  const status = await new Promise<number | undefined>((done, failed) => {
    const length = withLength ? { 'content-length': body.length } : { 'transfer-encoding': 'chunked' }
    const headers = { 'content-type': 'application/x-www-form-urlencoded', ...length }
    const call = request(`${url}/v1/tokens`, { method: 'POST', headers }, (res) => done(res.statusCode))
    call.on('error', failed)
    call.end(body)
  })
  expect(status).toBe(413)
})

it('takes both secrets during a rotation, and the retired one no more', async () => {
  const { credentials: first } = await createMerchant(t.house, { name: 'Rotating' })
  const second = await rotateSecret(t.house, first.clientId)
  expect((await post('/v1/tokens', form({}, first))).status).toBe(200)
  expect((await post('/v1/tokens', form({}, second))).status).toBe(200)
  await retireSecret(t.house, first.clientId, first.secretId)
  await within(900, async () => (await post('/v1/tokens', form({}, first))).status === 401)
  expect((await post('/v1/tokens', form({}, second))).status).toBe(200)
})

it('gives a disabled client no more tokens', async () => {
  const { credentials } = await createMerchant(t.house, { name: 'Gone' })
  expect((await post('/v1/tokens', form({}, credentials))).status).toBe(200)
  await disableClient(t.house, credentials.clientId)
  await within(900, async () => (await post('/v1/tokens', form({}, credentials))).status === 401)
})

it('describes itself by its configured address, whatever Host a caller claims', async () => {
  const path = '/.well-known/oauth-authorization-server'
  const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }
  const response = await fetch(`${url}${path}`, { headers })
  const body = (await response.json()) as Record<string, unknown>
  expect(body).toMatchObject({
    issuer: 'http://localhost:4000',
    token_endpoint: 'http://localhost:4000/v1/tokens',
    jwks_uri: 'http://localhost:4000/.well-known/jwks.json',
    introspection_endpoint: 'http://localhost:4000/v1/tokens/introspect',
    revocation_endpoint: 'http://localhost:4000/v1/tokens/revoke',
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['ES256', 'PS256', 'RS256'],
  })
  expect(body).not.toHaveProperty('authorization_endpoint')
})

it('publishes public keys only', async () => {
  const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: object[] }
  expect(keys).toHaveLength(1)
  expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
})

it('tells a client about the tokens of its own merchant, and about no other', async () => {
  const token = String((await post('/v1/tokens', form({ scope: 'Link-Payment' }))).body.access_token)
  const mine = await post('/v1/tokens/introspect', form({ token }))
  expect(mine.body).toEqual({
    active: true,
    scope: 'Link-Payment',
    client_id: own.clientId,
    sub: own.clientId,
    merchant_id: claims(token).merchant_id,
    token_type: 'Bearer',
    exp: claims(token).exp,
    iat: claims(token).iat,
    iss: 'http://localhost:4000',
    aud: 'http://localhost:4000',
    jti: claims(token).jti,
  })
  const { credentials: stranger } = await createMerchant(t.house, { name: 'Stranger' })
  expect((await post('/v1/tokens/introspect', form({ token }, stranger))).body).toEqual({ active: false })
  expect((await post('/v1/tokens/revoke', form({ token }, stranger))).status).toBe(200)
  expect((await post('/v1/tokens/introspect', form({ token }))).body.active).toBe(true)
})

it.each(['opaque', 'a.b.c', ''])('answers about the token "%s" that it is not one of ours', async (token) => {
  const { status, body } = await post('/v1/tokens/introspect', form({ token }))
  expect([status, body.active ?? body.error]).toEqual(token ? [200, false] : [400, 'invalid_request'])
  expect((await post('/v1/tokens/revoke', form({ token }))).status).toBe(token ? 200 : 400)
})

it('revokes a token, and revoking it again is as well', async () => {
  const token = String((await post('/v1/tokens', form())).body.access_token)
  for (let time = 0; time < 2; time++)
    expect(await post('/v1/tokens/revoke', form({ token }))).toMatchObject({ status: 200, body: {} })
  expect((await post('/v1/tokens/introspect', form({ token }))).body).toEqual({ active: false })
})

it('lets nobody introspect or revoke without authentication', async () => {
  const token = String((await post('/v1/tokens', form())).body.access_token)
  for (const path of ['/v1/tokens/introspect', '/v1/tokens/revoke']) {
    expect((await post(path, { token })).status).toBe(400)
    expect((await post(path, form({ token, client_secret: 'wrong' }))).status).toBe(401)
  }
  expect((await post('/v1/tokens/introspect', form({ token }))).body.active).toBe(true)
})

it('introspects for a client that signs, too', async () => {
  const { client, assert } = await signingClient()
  const token = String((await post('/v1/tokens', signed(await assert()))).body.access_token)
  const { body } = await post('/v1/tokens/introspect', { ...signed(await assert()), token })
  expect(body).toMatchObject({ active: true, client_id: client.id })
})

it('writes no secret and no token into the log', async () => {
  const token = String((await post('/v1/tokens', form())).body.access_token)
  await post('/v1/tokens', form({ client_secret: `${own.clientSecret}x` }))
  expect(t.logged()).not.toContain(own.clientSecret)
  expect(t.logged()).not.toContain(token.split('.')[2])
})

async function within(ms: number, happened: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + ms
  while (!(await happened())) if (performance.now() > until) throw new Error(`not within ${ms} ms`)
}

const signed = (assertion: string) => ({
  grant_type: 'client_credentials',
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: assertion,
})

/** A client with a key pair of its own, and a way to sign assertions, rightly or wrongly. */
async function signingClient() {
  const pair = await generateKeyPair('ES256')
  const { merchant } = await createMerchant(t.house, { name: 'Signing' })
  const jwks = { keys: [await exportJWK(pair.publicKey)] }
  const { client } = await addApiClient(t.house, merchant.id, { name: 'signs', jwks })
  type How = { otherKey?: boolean; audience?: string; life?: number; alg?: string; issuer?: string }
  async function assert({ otherKey, audience, life = 60, alg = 'ES256', issuer = client.id }: How = {}) {
    const now = Math.floor(Date.now() / 1000)
    const other = otherKey ? (await generateKeyPair('ES256')).privateKey : pair.privateKey
    return new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg })
      .setIssuer(issuer)
      .setSubject(issuer)
      .setAudience(audience ?? 'http://localhost:4000')
      .setIssuedAt(now)
      .setExpirationTime(now + life)
      .sign(alg === 'HS256' ? new TextEncoder().encode(JSON.stringify(jwks)) : other)
  }
  return { client, assert }
}
