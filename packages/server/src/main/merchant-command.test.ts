import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { rialto as rialtoOf } from '../../test/rialto.ts'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'

let t: TestHouse
beforeAll(async () => {
  t = await openTestHouse()
})
afterAll(() => t.close())

const rialto = (...words: string[]) => rialtoOf(t.house, ...words)
const json = async (...words: string[]) => JSON.parse((await rialto(...words, '--json')).out)

it('prints the credentials of a new merchant, and warns on the other stream that they are shown once', async () => {
  const { out, note, code } = await rialto(
    'merchant',
    'create',
    '--name',
    'Corner Store',
    '--redirect',
    'https://a.example/',
  )
  expect(code).toBe(0)
  expect(out).toMatch(/merchant id {4}[0-9a-f-]{36}\nclient id {6}[0-9a-f-]{36}\nclient secret {2}rialto_sandbox_/)
  expect(note).toContain('cannot be shown again')
})

it('leads a script through a merchant’s whole life', async () => {
  const { merchantId, clientId, clientSecret, secretId } = await json('merchant', 'create', '--name', 'Scripted')
  expect(clientSecret).toMatch(/^rialto_sandbox_/)
  const second = await json('merchant', 'secret', 'rotate', clientId)
  expect(second).toMatchObject({ clientId, clientSecret: expect.any(String) })
  expect(await json('merchant', 'secret', 'retire', clientId, secretId)).toEqual({ done: 'retire', id: secretId })
  await rialto('merchant', 'redirect', 'add', merchantId, 'http://localhost:4020/done')
  expect(await json('merchant', 'redirect', 'list', merchantId)).toEqual({ redirects: ['http://localhost:4020/done'] })
  await rialto('merchant', 'redirect', 'remove', merchantId, 'http://localhost:4020/done')
  expect((await rialto('merchant', 'redirect', 'list', merchantId)).out).toContain('no addresses')
  const added = await json('merchant', 'client', 'add', merchantId, '--name', 'reports', '--scope', 'Link-Core')
  expect((await rialto('merchant', 'client', 'disable', added.clientId)).code).toBe(0)
  expect((await rialto('merchant', 'list')).out).toContain(`client ${added.clientId}  reports  disabled  Link-Core`)
  expect((await rialto('merchant', 'client', 'enable', added.clientId)).code).toBe(0)
  expect((await rialto('merchant', 'suspend', merchantId)).out).toContain('suspend')
  expect((await rialto('merchant', 'list')).out).toContain('Scripted  (suspended)')
  expect((await rialto('merchant', 'resume', merchantId)).code).toBe(0)
})

it('takes a client’s public keys from a file', async () => {
  const { merchantId } = await json('merchant', 'create', '--name', 'Signing')
  const file = join(await mkdtemp(join(tmpdir(), 'rialto-')), 'jwks.json')
  await writeFile(file, JSON.stringify({ keys: [await exportJWK((await generateKeyPair('ES256')).publicKey)] }))
  const added = await json('merchant', 'client', 'add', merchantId, '--name', 'signs', '--jwks', file)
  expect(added).toEqual({ clientId: expect.any(String) })
  const missing = await rialto('merchant', 'client', 'add', merchantId, '--name', 'signs', '--jwks', `${file}.not`)
  expect(missing).toMatchObject({ code: 1, out: '' })
})

it('says what is wrong, and what to do, with exit code 1 when it is refused', async () => {
  const nobody = 'ffffffff-1180-7fec-ab66-ffc86f38d952'
  const unknown = await rialto('merchant', 'client', 'disable', nobody)
  expect(unknown).toMatchObject({ code: 1, out: '' })
  expect(unknown.note).toBe('NOT_FOUND: There is no such API client.\n  List clients with rialto merchant list.\n')
  const wrong = await rialto('merchant', 'create', '--name', 'x', '--redirect', 'http://shop.example/')
  expect(wrong).toMatchObject({
    code: 1,
    note: 'INVALID_REQUEST: The request is not valid.\n  redirectUrl must be https\n',
  })
})

it.each([
  [['merchant', 'create']],
  [['merchant', 'create', '--name', 'x', '--nonsense']],
  [['merchant', 'client', 'disable', 'not-an-id']],
  [['merchant', 'nonsense']],
  [['keys', 'rotate', '--when', 'sometime']],
])('ends with 2 when it is used wrongly: %j', async (words) => {
  expect(await rialto(...words)).toMatchObject({ code: 2, out: '', note: expect.stringMatching(/./) })
})

it('shows an example in the help of every verb', async () => {
  const verbs = ['create', 'list', 'show', 'set', 'suspend', 'resume', 'client add', 'client disable', 'client enable']
  const more = ['payout-account', 'secret rotate', 'secret retire', 'redirect add', 'redirect remove', 'redirect list']
  for (const verb of [...verbs, ...more]) {
    const { out, code } = await rialto('merchant', ...verb.split(' '), '--help')
    expect([verb, code, out.includes(`Example:\n  rialto merchant ${verb}`)]).toEqual([verb, 0, true])
  }
})

it('makes a new signing key', async () => {
  const answer = await json('keys', 'rotate')
  expect(new Date(answer.signsFrom).getTime() - t.clock.now.getTime()).toBe(600_000)
  expect((await rialto('keys', 'rotate', '--when', 'immediate')).out).toContain(t.clock.now.toISOString())
})
