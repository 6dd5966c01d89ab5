import { request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { basic, claims, openTokenDesk, signed, type TokenDesk } from '../../test/token-desk.ts'
import {
  addApiClient,
  createMerchant,
  disableClient,
  retireSecret,
  rotateSecret,
} from '../merchants/merchant.commands.ts'

let desk: TokenDesk
beforeAll(async () => {
  desk = await openTokenDesk()
})
afterAll(() => desk.close())

it('gives a token for a client id and secret in the form, with exactly the members of the contract', async () => {
  const { status, headers, body } = await desk.post('/v1/tokens', desk.form())
  expect(status).toBe(200)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('access-control-allow-origin')).toBeNull()
  expect(body).toEqual({ token_type: 'Bearer', expires_in: 3600, access_token: expect.any(String), scope: 'Link-Core' })
  const now = desk.t.clock.now.getTime() / 1000
  expect(claims(body.access_token)).toMatchObject({
    iss: 'http://localhost:4000',
    aud: 'http://localhost:4000',
    sub: desk.own.clientId,
    client_id: desk.own.clientId,
    iat: now,
    exp: now + 3600,
    scope: 'Link-Core',
    merchant_id: expect.any(String),
  })
})

it('takes the same credentials as HTTP Basic, and answers at the alias of the old samples', async () => {
  const ask = { grant_type: 'client_credentials', scope: 'Link-Core Link-Payment' }
  const { status, body } = await desk.post('/v1/token', ask, basic(desk.own.clientId, desk.own.clientSecret))
  expect(status).toBe(200)
  expect(body.scope).toBe('Link-Core Link-Payment')
})

it('takes an assertion that the client signed, once', async () => {
  const { client, assert } = await desk.signingClient()
  const assertion = await assert()
  const first = await desk.post('/v1/tokens', signed(assertion))
  expect(first.status).toBe(200)
  expect(claims(first.body.access_token).sub).toBe(client.id)
  expect(await desk.post('/v1/tokens', signed(assertion))).toMatchObject({
    status: 401,
    body: { error: 'invalid_client' },
  })
})

it('takes an assertion once even when it is sent ten times at the same moment', async () => {
  const assertion = await (await desk.signingClient()).assert()
  const answers = await Promise.all(Array.from({ length: 10 }, () => desk.post('/v1/tokens', signed(assertion))))
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
  const assertion = await (await desk.signingClient()).assert(how)
  const answer = await desk.post('/v1/tokens', signed(assertion))
  expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client', errorCode: 'UNAUTHORIZED' } })
})

it('never takes a secret for a client that signs, and never an assertion for a client with a secret', async () => {
  const { client, assert } = await desk.signingClient()
  const withSecret = await desk.post('/v1/tokens', { ...desk.form(), client_id: client.id })
  expect(withSecret).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  const withAssertion = await desk.post('/v1/tokens', signed(await assert({ issuer: desk.own.clientId })))
  expect(withAssertion).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
})

it('refuses a wrong secret, an unknown client and a made-up one in the same words', async () => {
  const wrong = await desk.post('/v1/tokens', desk.form({ client_secret: 'rialto_sandbox_wrong' }))
  const unknown = await desk.post('/v1/tokens', desk.form({ client_id: 'ffffffff-1180-7b86-b273-ff34fce19d6b' }))
  const madeUp = await desk.post('/v1/tokens', desk.form({ client_id: "x' or 1=1" }))
  expect(wrong.status).toBe(401)
  expect(wrong.body).toMatchObject({ error: 'invalid_client', errorCode: 'UNAUTHORIZED' })
  expect([unknown.status, madeUp.status]).toEqual([401, 401])
  expect(unknown.body).toEqual(wrong.body)
  expect(madeUp.body).toEqual(wrong.body)
})

it('says how to authenticate when Basic credentials are wrong', async () => {
  const answer = await desk.post('/v1/tokens', { grant_type: 'client_credentials' }, basic(desk.own.clientId, 'wrong'))
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm="http:\/\/localhost:4000"/)
})

it.each(['Basic', 'Basic !!!', 'Basic bm9jb2xvbg==', 'Basic YTo=', 'Bearer abc', `Basic ${'A'.repeat(5)}`])(
  'refuses the authorization %s as not well formed',
  async (authorization) => {
    const answer = await desk.post('/v1/tokens', { grant_type: 'client_credentials' }, { authorization })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request', errorCode: 'INVALID_REQUEST' } })
  },
)

const tail = (more: string) => () => `${new URLSearchParams(desk.form())}&${more}`
it.each([
  ['no client at all', () => ({ grant_type: 'client_credentials' }), 'invalid_request'],
  ['a repeated scope', tail('scope=Link-Core&scope=Link-Payment'), 'invalid_request'],
  ['a repeated client id', tail('client_id=a'), 'invalid_request'],
  ['a repeated secret', tail('client_secret=a'), 'invalid_request'],
  ['a repeated grant type', tail('grant_type=client_credentials'), 'invalid_request'],
  ['another grant type', () => desk.form({ grant_type: 'password' }), 'unsupported_grant_type'],
  ['an unknown scope', () => desk.form({ scope: 'Link-Everything' }), 'invalid_scope'],
  ['a known scope beside an unknown one', () => desk.form({ scope: 'Link-Core openid' }), 'invalid_scope'],
  ['another resource', () => desk.form({ resource: 'https://other.example' }), 'invalid_target'],
])('refuses %s', async (_name, body, error) => {
  const answer = await desk.post('/v1/tokens', body())
  expect(answer.status).toBe(400)
  expect(answer.body).toMatchObject({ error, errorCode: error.toUpperCase(), errorMessage: expect.any(String) })
})

it('refuses two ways of authenticating at once', async () => {
  const answer = await desk.post('/v1/tokens', desk.form(), basic(desk.own.clientId, desk.own.clientSecret))
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
})

it('takes an empty scope as none', async () => {
  expect((await desk.post('/v1/tokens', desk.form({ scope: '' }))).body.scope).toBe('Link-Core')
})

it('refuses a scope that the client does not have', async () => {
  const { merchant } = await createMerchant(desk.t.house, { name: 'Half' })
  const { credentials } = await addApiClient(desk.t.house, merchant.id, { name: 'reports', scopes: ['Link-Core'] })
  expect((await desk.post('/v1/tokens', desk.form({}, credentials))).status).toBe(200)
  const answer = await desk.post('/v1/tokens', desk.form({ scope: 'Link-Payment' }, credentials))
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
})

it('says clearly that the token call is a form, not JSON', async () => {
  const answer = await desk.post('/v1/tokens', JSON.stringify(desk.form()), { 'content-type': 'application/json' })
  expect(answer).toMatchObject({ status: 415, body: { error: 'invalid_request', errorCode: 'UNSUPPORTED_MEDIA_TYPE' } })
})

it('has no token to give to GET, whatever the query says', async () => {
  const response = await fetch(`${desk.url}/v1/tokens?${new URLSearchParams(desk.form())}`)
  expect(response.status).toBe(404)
})

it('never reads credentials from the query', async () => {
  const answer = await desk.post(`/v1/tokens?${new URLSearchParams(desk.form())}`, { grant_type: 'client_credentials' })
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
    const call = request(`${desk.url}/v1/tokens`, { method: 'POST', headers }, (res) => done(res.statusCode))
    call.on('error', failed)
    call.end(body)
  })
  expect(status).toBe(413)
})

it('takes both secrets during a rotation, and the retired one no more', async () => {
  const { credentials: first } = await createMerchant(desk.t.house, { name: 'Rotating' })
  const second = await rotateSecret(desk.t.house, first.clientId)
  expect((await desk.post('/v1/tokens', desk.form({}, first))).status).toBe(200)
  expect((await desk.post('/v1/tokens', desk.form({}, second))).status).toBe(200)
  await retireSecret(desk.t.house, first.clientId, first.secretId)
  await within(900, async () => (await desk.post('/v1/tokens', desk.form({}, first))).status === 401)
  expect((await desk.post('/v1/tokens', desk.form({}, second))).status).toBe(200)
})

it('gives a disabled client no more tokens', async () => {
  const { credentials } = await createMerchant(desk.t.house, { name: 'Gone' })
  expect((await desk.post('/v1/tokens', desk.form({}, credentials))).status).toBe(200)
  await disableClient(desk.t.house, credentials.clientId)
  await within(900, async () => (await desk.post('/v1/tokens', desk.form({}, credentials))).status === 401)
})

it('writes no secret and no token into the log', async () => {
  const token = String((await desk.post('/v1/tokens', desk.form())).body.access_token)
  await desk.post('/v1/tokens', desk.form({ client_secret: `${desk.own.clientSecret}x` }))
  expect(desk.t.logged()).not.toContain(desk.own.clientSecret)
  expect(desk.t.logged()).not.toContain(token.split('.')[2])
})

async function within(ms: number, happened: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + ms
  while (!(await happened())) if (performance.now() > until) throw new Error(`not within ${ms} ms`)
}
