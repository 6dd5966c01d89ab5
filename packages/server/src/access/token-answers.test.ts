import { afterAll, beforeAll, expect, it } from 'vitest'
import { claims, openTokenDesk, signed, type TokenDesk } from '../../test/token-desk.ts'
import { createMerchant } from '../merchants/merchant.commands.ts'

let desk: TokenDesk
beforeAll(async () => {
  desk = await openTokenDesk()
})
afterAll(() => desk.close())

it('describes itself by its configured address, whatever Host a caller claims', async () => {
  const path = '/.well-known/oauth-authorization-server'
  const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }
  const response = await fetch(`${desk.url}${path}`, { headers })
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
  const { keys } = (await (await fetch(`${desk.url}/.well-known/jwks.json`)).json()) as { keys: object[] }
  expect(keys).toHaveLength(1)
  expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
})

it('tells a client about the tokens of its own merchant, and about no other', async () => {
  const token = String((await desk.post('/v1/tokens', desk.form({ scope: 'Link-Payment' }))).body.access_token)
  const mine = await desk.post('/v1/tokens/introspect', desk.form({ token }))
  expect(mine.body).toEqual({
    active: true,
    scope: 'Link-Payment',
    client_id: desk.own.clientId,
    sub: desk.own.clientId,
    merchant_id: claims(token).merchant_id,
    token_type: 'Bearer',
    exp: claims(token).exp,
    iat: claims(token).iat,
    iss: 'http://localhost:4000',
    aud: 'http://localhost:4000',
    jti: claims(token).jti,
  })
  const { credentials: stranger } = await createMerchant(desk.t.house, { name: 'Stranger' })
  expect((await desk.post('/v1/tokens/introspect', desk.form({ token }, stranger))).body).toEqual({ active: false })
  expect((await desk.post('/v1/tokens/revoke', desk.form({ token }, stranger))).status).toBe(200)
  expect((await desk.post('/v1/tokens/introspect', desk.form({ token }))).body.active).toBe(true)
})

it.each(['opaque', 'a.b.c', ''])('answers about the token "%s" that it is not one of ours', async (token) => {
  const { status, body } = await desk.post('/v1/tokens/introspect', desk.form({ token }))
  expect([status, body.active ?? body.error]).toEqual(token ? [200, false] : [400, 'invalid_request'])
  expect((await desk.post('/v1/tokens/revoke', desk.form({ token }))).status).toBe(token ? 200 : 400)
})

it('revokes a token, and revoking it again is as well', async () => {
  const token = String((await desk.post('/v1/tokens', desk.form())).body.access_token)
  for (let time = 0; time < 2; time++)
    expect(await desk.post('/v1/tokens/revoke', desk.form({ token }))).toMatchObject({ status: 200, body: {} })
  expect((await desk.post('/v1/tokens/introspect', desk.form({ token }))).body).toEqual({ active: false })
})

it('lets nobody introspect or revoke without authentication', async () => {
  const token = String((await desk.post('/v1/tokens', desk.form())).body.access_token)
  for (const path of ['/v1/tokens/introspect', '/v1/tokens/revoke']) {
    expect((await desk.post(path, { token })).status).toBe(400)
    expect((await desk.post(path, desk.form({ token, client_secret: 'wrong' }))).status).toBe(401)
  }
  expect((await desk.post('/v1/tokens/introspect', desk.form({ token }))).body.active).toBe(true)
})

it('introspects for a client that signs, too', async () => {
  const { client, assert } = await desk.signingClient()
  const token = String((await desk.post('/v1/tokens', signed(await assert()))).body.access_token)
  const { body } = await desk.post('/v1/tokens/introspect', { ...signed(await assert()), token })
  expect(body).toMatchObject({ active: true, client_id: client.id })
})
