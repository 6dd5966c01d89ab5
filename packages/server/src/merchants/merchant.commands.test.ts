import { exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import type { ApiClientId, MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import {
  addApiClient,
  addRedirect,
  createMerchant,
  disableClient,
  enableClient,
  removeRedirect,
  retireSecret,
  rotateSecret,
  suspendMerchant,
} from './merchant.commands.ts'
import { getMerchant, listMerchants, listRedirects } from './merchant.queries.ts'
import type { SecretId } from './merchant.ts'

let t: TestHouse
beforeAll(async () => {
  t = await openTestHouse()
})
afterAll(() => t.close())

const nobody = 'ffffffff-1180-7b86-b273-ff34fce19d6b' as MerchantId & ApiClientId & SecretId
const refusalOf = (doing: () => Promise<unknown>) =>
  Promise.resolve()
    .then(doing)
    .then(
      () => 'done',
      (error) => (error instanceof Refusal ? error.code : error),
    )

it('takes in a merchant with a first client, whose secret is told once', async () => {
  const { merchant, client, credentials } = await createMerchant(t.house, {
    name: '  Corner Store ',
    redirects: ['https://shop.example/done'],
    logoUrl: 'data:image/svg+xml;base64,PHN2Zy8+',
    color: '#1A2B3C',
  })
  expect(await getMerchant(t.house, merchant.id)).toEqual({ ...merchant, name: 'Corner Store', color: '#1a2b3c' })
  expect(credentials.clientSecret).toMatch(/^rialto_sandbox_[A-Za-z0-9_-]{43}$/)
  expect(await listRedirects(t.house, merchant.id)).toEqual(['https://shop.example/done'])
  const [found] = await listMerchants(t.house)
  expect(found?.clients[0]).toMatchObject({
    id: client.id,
    scopes: ['Link-Core', 'Link-Payment'],
    secrets: [{ id: credentials.secretId, hint: credentials.clientSecret.slice(-4) }],
  })
  expect(JSON.stringify(found)).not.toContain(credentials.clientSecret)
})

it.each([
  ['no name', { name: ' ' }],
  ['a name of 101 characters', { name: 'x'.repeat(101) }],
  ['a name with a line break in it', { name: 'a\nb' }],
  ['a logo from elsewhere', { name: 'a', logoUrl: 'https://shop.example/logo.svg' }],
  ['a logo that is too large', { name: 'a', logoUrl: `data:image/png;base64,${'A'.repeat(22_000)}` }],
  ['a logo that is a script', { name: 'a', logoUrl: 'javascript:alert(1)' }],
  ['a colour that is a word', { name: 'a', color: 'red' }],
  ['an address that is not https', { name: 'a', redirects: ['http://shop.example/'] }],
])('refuses a merchant with %s, and leaves nothing behind', async (_what, input) => {
  const before = await t.house.sql`select id from merchant`
  expect(await refusalOf(() => createMerchant(t.house, input))).toBe('invalid_request')
  expect(await t.house.sql`select id from merchant`).toHaveLength(before.length)
})

it('lets two secrets live, refuses a third, and takes one again when the first is retired', async () => {
  const { credentials: first } = await createMerchant(t.house, { name: 'Rotating' })
  const second = await rotateSecret(t.house, first.clientId)
  expect(await refusalOf(() => rotateSecret(t.house, first.clientId))).toBe('too_many_secrets')
  await retireSecret(t.house, first.clientId, first.secretId)
  expect(await refusalOf(() => retireSecret(t.house, first.clientId, first.secretId))).toBe('secret_not_found')
  expect(await refusalOf(() => rotateSecret(t.house, first.clientId))).toBe('done')
  expect(second.clientSecret).not.toBe(first.clientSecret)
})

it('gives out one secret when ten people rotate at once', async () => {
  const { credentials } = await createMerchant(t.house, { name: 'Rotating' })
  const rotating = Array.from({ length: 10 }, () => refusalOf(() => rotateSecret(t.house, credentials.clientId)))
  const answers = await Promise.all(rotating)
  expect(answers.filter((answer) => answer === 'done')).toHaveLength(1)
  expect(answers.filter((answer) => answer === 'too_many_secrets')).toHaveLength(9)
})

it('retires no secret of another client', async () => {
  const { credentials: mine } = await createMerchant(t.house, { name: 'Mine' })
  const { credentials: yours } = await createMerchant(t.house, { name: 'Yours' })
  expect(await refusalOf(() => retireSecret(t.house, mine.clientId, yours.secretId))).toBe('secret_not_found')
})

it('takes the public keys of a client that signs, gives it no secret, and never one later', async () => {
  const { merchant } = await createMerchant(t.house, { name: 'Signing' })
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const added = await addApiClient(t.house, merchant.id, { name: 'a', jwks: { keys: [await exportJWK(publicKey)] } })
  expect(added.credentials).toBeUndefined()
  expect(await refusalOf(() => rotateSecret(t.house, added.client.id))).toBe('client_signs')
  for (const keys of [
    [await exportJWK(privateKey)],
    [],
    [{ kty: 'oct', k: 'AAAA' }],
    [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }],
    [7],
  ])
    expect(await refusalOf(() => addApiClient(t.house, merchant.id, { name: 'a', jwks: { keys } }))).toBe(
      'invalid_request',
    )
})

it('refuses a scope there is not, and a client without any', async () => {
  const { merchant } = await createMerchant(t.house, { name: 'Scoped' })
  for (const scopes of [['Link-Everything'], []])
    expect(await refusalOf(() => addApiClient(t.house, merchant.id, { name: 'a', scopes }))).toBe('invalid_request')
})

it('gives a merchant fifty clients and a hundred addresses, and no more', async () => {
  const { merchant } = await createMerchant(t.house, { name: 'Many' })
  for (let i = 1; i < 50; i++) await addApiClient(t.house, merchant.id, { name: `client ${i}` })
  expect(await refusalOf(() => addApiClient(t.house, merchant.id, { name: 'one more' }))).toBe('too_many_clients')
  for (let i = 0; i < 100; i++) await addRedirect(t.house, merchant.id, `https://shop.example/${i}`)
  expect(await refusalOf(() => addRedirect(t.house, merchant.id, 'https://shop.example/x'))).toBe('too_many_redirects')
  expect(await refusalOf(() => addRedirect(t.house, merchant.id, 'https://shop.example/7'))).toBe('done')
})

it('adds an address once, and removes only what is on the list', async () => {
  const { merchant } = await createMerchant(t.house, { name: 'Addresses' })
  for (let time = 0; time < 2; time++) await addRedirect(t.house, merchant.id, 'https://shop.example/a')
  expect(await listRedirects(t.house, merchant.id)).toEqual(['https://shop.example/a'])
  await removeRedirect(t.house, merchant.id, 'https://shop.example/a')
  expect(await refusalOf(() => removeRedirect(t.house, merchant.id, 'https://shop.example/a'))).toBe(
    'redirect_not_listed',
  )
})

it('knows no merchant and no client that is not there', async () => {
  expect(await refusalOf(() => getMerchant(t.house, nobody))).toBe('merchant_not_found')
  expect(await refusalOf(() => addApiClient(t.house, nobody, { name: 'a' }))).toBe('merchant_not_found')
  expect(await refusalOf(() => suspendMerchant(t.house, nobody))).toBe('merchant_not_found')
  expect(await refusalOf(() => addRedirect(t.house, nobody, 'https://shop.example/'))).toBe('merchant_not_found')
  for (const verb of [disableClient, enableClient, rotateSecret])
    expect(await refusalOf(() => verb(t.house, nobody))).toBe('client_not_found')
  expect(await refusalOf(() => retireSecret(t.house, nobody, nobody))).toBe('client_not_found')
})
