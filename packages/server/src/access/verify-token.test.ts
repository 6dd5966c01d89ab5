import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { connect } from '../db/connect.ts'
import type { House } from '../house.ts'
import { Refusal } from '../kernel/refusal.ts'
import {
  createMerchant,
  disableClient,
  enableClient,
  letCoreTokensPay,
  resumeMerchant,
  suspendMerchant,
} from '../merchants/merchant.commands.ts'
import type { Credentials, Merchant } from '../merchants/merchant.ts'
import { forgetExpired, keyContext } from './access.commands.ts'
import { openTokenServer } from './token-server.ts'
import { verifySecret } from './verify-secret.ts'
import { openVerifier, type Verifier } from './verify-token.ts'

let t: TestHouse
let url: string
let merchant: Merchant
let own: Credentials
/** Two processes, as far as they know: each with its own connections. The second hears no notifications. */
let here: Verifier
let there: Verifier
let closeAll: () => Promise<unknown>

beforeAll(async () => {
  t = await openTestHouse()
  const tokens = await openTokenServer(t.house)
  const server = createServer((req, res) => void tokens.handle(req, res)).listen(0)
  url = `http://localhost:${(server.address() as AddressInfo).port}`
  const made = await createMerchant(t.house, { name: 'Corner Store' })
  merchant = made.merchant
  own = made.credentials
  const elsewhere = connect(t.databaseUrl, { max: 2 })
  const deaf = Object.assign(elsewhere, { listen: () => Promise.reject(new Error('the pooler does not do that')) })
  here = await openVerifier(t.house)
  there = await openVerifier({ ...t.house, sql: deaf })
  closeAll = async () => {
    server.closeAllConnections()
    server.close()
    await Promise.all([here.close(), there.close(), tokens.close()])
    await elsewhere.end()
    await t.close()
  }
})
afterAll(() => closeAll())

async function post(path: string, more: Record<string, string>, c: Credentials = own) {
  const form = { grant_type: 'client_credentials', client_id: c.clientId, client_secret: c.clientSecret, ...more }
  return fetch(`${url}${path}`, { method: 'POST', body: new URLSearchParams(form) })
}
async function newToken(scope = 'Link-Core', c: Credentials = own): Promise<string> {
  const response = await post('/v1/tokens', { scope }, c)
  return ((await response.json()) as { access_token: string }).access_token
}
const whyNot = (verifier: Verifier, token: string) =>
  verifier.verify(token).then(
    () => 'accepted',
    (error) => (error instanceof Refusal && error.code === 'unauthorized' ? error.facts.why : error),
  )

/** The token is in use on both processes all the time; how long until neither takes it? */
async function msUntilRefused(token: string, change: () => Promise<unknown>): Promise<number> {
  expect([await whyNot(here, token), await whyNot(there, token)]).toEqual(['accepted', 'accepted'])
  await change()
  const from = performance.now()
  for (;;) {
    const answers = [await whyNot(here, token), await whyNot(there, token)]
    if (!answers.includes('accepted')) return performance.now() - from
    if (performance.now() - from > 5_000) throw new Error('still accepted after five seconds')
    await new Promise((go) => setTimeout(go, 5))
  }
}

it('tells who calls, and for what', async () => {
  const caller = await here.verify(await newToken('Link-Payment Link-Core'))
  expect(caller).toEqual({
    merchantId: merchant.id,
    clientId: own.clientId,
    scopes: new Set(['Link-Payment', 'Link-Core']),
    coreTokenMayPay: false,
  })
})

it('takes no token a second after its client was disabled, on any process, even one that hears nothing', {
  retry: 2,
}, async () => {
  const token = await newToken()
  expect(await msUntilRefused(token, () => disableClient(t.house, own.clientId))).toBeLessThan(1_000)
  expect(await whyNot(there, token)).toBe('client_disabled')
  await enableClient(t.house, own.clientId)
})

it('takes no token a second after it was revoked, and still takes the others', { retry: 2 }, async () => {
  const [revoked, other] = [await newToken(), await newToken()]
  expect(await msUntilRefused(revoked, () => post('/v1/tokens/revoke', { token: revoked }))).toBeLessThan(1_000)
  expect(await whyNot(there, revoked)).toBe('revoked')
  expect([await whyNot(here, other), await whyNot(there, other)]).toEqual(['accepted', 'accepted'])
})

it('takes no token a second after its merchant was suspended, and takes it again when that is undone', {
  retry: 2,
}, async () => {
  const token = await newToken()
  expect(await msUntilRefused(token, () => suspendMerchant(t.house, merchant.id))).toBeLessThan(1_000)
  expect(await whyNot(there, token)).toBe('merchant_suspended')
  await resumeMerchant(t.house, merchant.id)
  await new Promise((go) => setTimeout(go, 1_000))
  expect([await whyNot(here, token), await whyNot(there, token)]).toEqual(['accepted', 'accepted'])
})

it('tells on the next call, where notifications arrive, that a merchant lets Link-Core tokens pay', async () => {
  const token = await newToken()
  expect((await here.verify(token)).coreTokenMayPay).toBe(false)
  await letCoreTokensPay(t.house, merchant.id, true)
  await new Promise((go) => setTimeout(go, 100))
  expect((await here.verify(token)).coreTokenMayPay).toBe(true)
})

it('takes no expired token, by the time of the house', async () => {
  const token = await newToken()
  expect(await whyNot(here, token)).toBe('accepted')
  t.clock.forward(3_599_000)
  expect(await whyNot(here, token)).toBe('accepted')
  t.clock.forward(1_000)
  expect([await whyNot(here, token), await whyNot(there, token)]).toEqual(['expired', 'expired'])
})

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const read = (token: string, at: number) => JSON.parse(Buffer.from(token.split('.')[at] ?? '', 'base64url').toString())

async function signingKey(house: House): Promise<{ kid: string; privateKey: CryptoKey; publicJwk: JWK }> {
  const [row] = await house.sql<{ id: string; sealed: string; public_jwk: JWK }[]>`select * from signing_key`
  const jwk = JSON.parse(await house.vault.open(row?.sealed ?? '', keyContext(row?.id ?? '')))
  const privateKey = (await importJWK(jwk, 'ES256')) as CryptoKey
  return { kid: row?.id ?? '', privateKey, publicJwk: row?.public_jwk ?? {} }
}

it('takes no forged token', async () => {
  const token = await newToken()
  const { kid, publicJwk } = await signingKey(t.house)
  const [header, payload] = [read(token, 0), read(token, 1)]
  const [head, body, signature] = token.split('.')
  const another = (await generateKeyPair('ES256')).privateKey
  const hmac = new TextEncoder().encode(JSON.stringify(publicJwk))
  const forged: Record<string, string> = {
    'alg none': `${part({ ...header, alg: 'none' })}.${body}.`,
    'alg none, signature kept': `${part({ ...header, alg: 'none' })}.${body}.${signature}`,
    'HMAC with the public key': await new SignJWT(payload).setProtectedHeader({ ...header, alg: 'HS256' }).sign(hmac),
    'another key': await new SignJWT(payload).setProtectedHeader({ ...header, kid }).sign(another),
    'a key of its own in the header': await new SignJWT(payload)
      .setProtectedHeader({ ...header, kid: 'x', jwk: await exportJWK((await generateKeyPair('ES256')).publicKey) })
      .sign(another),
    'payload altered': `${head}.${part({ ...payload, scope: 'Link-Payment' })}.${signature}`,
    'signature cut': token.slice(0, -4),
    'no signature': `${head}.${body}.`,
    'two parts': `${head}.${body}`,
    'not a token': 'hello',
    empty: '',
    'very long': `${token}${'A'.repeat(100_000)}`,
  }
  for (const [how, text] of Object.entries(forged))
    expect([how, await whyNot(here, text)]).toEqual([
      how,
      expect.stringMatching(/^(malformed|bad_signature|unknown_key)$/),
    ])
})

it.each([
  ['by another issuer', { iss: 'https://other.example' }, {}],
  ['for another audience', { aud: 'https://other.example' }, {}],
  ['of another type', {}, { typ: 'JWT' }],
  ['for a client that is not its subject', { sub: 'someone' }, {}],
  ['without an id', { jti: undefined }, {}],
  ['without an end', { exp: undefined }, {}],
  ['for another merchant than its client belongs to', { merchant_id: '019b8eac-1180-7fec-ab66-ffc86f38d9ff' }, {}],
])('takes no token that our own key signed %s', async (_how, claims, header) => {
  const token = await newToken()
  const { privateKey } = await signingKey(t.house)
  const odd = await new SignJWT({ ...read(token, 1), jti: _how, ...claims })
    .setProtectedHeader({ ...read(token, 0), ...header })
    .sign(privateKey)
  expect(await whyNot(here, odd)).toMatch(/^(not_for_us|malformed|client_disabled)$/)
})

it('asks the database now and then, however many calls there are', async () => {
  const token = await newToken()
  await here.verify(token)
  const asked = async () => {
    const [row] = await t.house.sql<{ calls: bigint }[]>`
      select xact_commit as calls from pg_stat_database where datname = current_database()`
    return Number(row?.calls)
  }
  const before = await asked()
  for (let round = 0; round < 200; round++) {
    for (let i = 0; i < 100; i++) await here.verify(token)
    await new Promise((go) => setImmediate(go))
  }
  // A busy machine takes longer and so asks more often, but never once in twenty calls.
  expect((await asked()) - before).toBeLessThan(1_000)
})

it('says so, and takes nothing, when the database cannot be asked', async () => {
  const token = await newToken()
  const sql = connect(t.databaseUrl, { max: 1 })
  const alone = await openVerifier({ ...t.house, sql })
  expect(await whyNot(alone, token)).toBe('accepted')
  await alone.close()
  await sql.end({ timeout: 0 })
  await new Promise((go) => setTimeout(go, 950))
  await expect(alone.verify(token)).rejects.toThrow()
})

it('forgets revocations of tokens that have expired, and no others', async () => {
  const token = await newToken()
  await post('/v1/tokens/revoke', { token })
  await forgetExpired(t.house)
  expect(await whyNot(there, token)).toBe('revoked')
  t.clock.forward(3_601_000)
  expect(await forgetExpired(t.house)).toBeGreaterThan(0)
  expect(await t.house.sql`select 1 from revoked_token`).toHaveLength(0)
})

it('tells a caller by Basic credentials, where a call takes them', async () => {
  const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
  const caller = await verifySecret(t.house, basic(own.clientId, own.clientSecret))
  expect(caller).toMatchObject({ merchantId: merchant.id, clientId: own.clientId })
  for (const authorization of [
    basic(own.clientId, 'wrong'),
    basic('x', own.clientSecret),
    'Basic',
    'Basic !',
    '',
    'Bearer a',
  ])
    await expect(verifySecret(t.house, authorization)).rejects.toMatchObject({ code: 'unauthorized' })
})
