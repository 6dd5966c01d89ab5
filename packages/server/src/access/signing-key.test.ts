import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { connect } from '../db/connect.ts'
import { createMerchant } from '../merchants/merchant.commands.ts'
import type { Credentials } from '../merchants/merchant.ts'
import { ensureSigningKey, forgetExpired, rotateSigningKey } from './access.commands.ts'
import { listKeys } from './access.store.ts'
import { keyToSignWith } from './signing-key.ts'
import { openTokenServer } from './token-server.ts'
import { openVerifier } from './verify-token.ts'

let t: TestHouse
const closing: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  t = await openTestHouse()
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await t.close()
})

/** A process that serves tokens on a port of its own. */
async function open(house = t.house) {
  const tokens = await openTokenServer(house)
  const server = createServer((req, res) => void tokens.handle(req, res)).listen(0)
  closing.push(async () => {
    server.closeAllConnections()
    server.close()
    await tokens.close()
  })
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    async keyIds(): Promise<string[]> {
      const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] }
      return keys.map(({ kid }) => kid)
    },
    async token(c: Credentials): Promise<string> {
      const body = { grant_type: 'client_credentials', client_id: c.clientId, client_secret: c.clientSecret }
      const response = await fetch(`${url}/v1/tokens`, { method: 'POST', body: new URLSearchParams(body) })
      return ((await response.json()) as { access_token: string }).access_token
    },
  }
}
const kidOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
const moment = (ms: number) => new Promise((go) => setTimeout(go, ms))

it('makes one key when fifty processes open an empty database at once', async () => {
  await Promise.all(Array.from({ length: 50 }, () => ensureSigningKey(t.house)))
  expect(await t.house.sql`select id from signing_key`).toHaveLength(1)
})

it('keeps its key over a restart, so that tokens from before still work', async () => {
  const { credentials } = await createMerchant(t.house, { name: 'Corner Store' })
  const before = await open()
  const token = await before.token(credentials)
  const after = await open()
  expect(await after.keyIds()).toEqual(await before.keyIds())
  const verifier = await openVerifier(t.house)
  closing.push(verifier.close)
  await expect(verifier.verify(token)).resolves.toMatchObject({ clientId: credentials.clientId })
})

it('publishes a new key now, signs with it in ten minutes, and keeps the old one as long as its tokens', async () => {
  const { credentials } = await createMerchant(t.house, { name: 'Corner Store' })
  const elsewhere = connect(t.databaseUrl, { max: 2 })
  const [here, there] = [await open(), await open({ ...t.house, sql: elsewhere })]
  closing.unshift(() => elsewhere.end())
  const [first] = await here.keyIds()
  const next = await rotateSigningKey(t.house)
  await moment(1_000)
  expect([await here.keyIds(), await there.keyIds()]).toEqual(Array(2).fill([first, next.id]))
  t.clock.forward(10 * 60_000 - 1_000)
  const old = await there.token(credentials)
  expect(kidOf(old)).toBe(first)
  t.clock.forward(1_000)
  expect([kidOf(await here.token(credentials)), kidOf(await there.token(credentials))]).toEqual([next.id, next.id])

  const verifier = await openVerifier({ ...t.house, sql: elsewhere })
  closing.push(verifier.close)
  t.clock.forward(3_598_000)
  await expect(verifier.verify(old)).resolves.toMatchObject({ clientId: credentials.clientId })
  t.clock.forward(120_000)
  await moment(1_000)
  expect(await here.keyIds()).toEqual([next.id])
  expect(await forgetExpired(t.house)).toBe(1)
  expect(await t.house.sql`select id from signing_key`).toEqual([{ id: next.id }])
})

it('signs with the new key at once if told so, and a verifier that has not seen it yet looks for it', async () => {
  const { credentials } = await createMerchant(t.house, { name: 'Corner Store' })
  const here = await open()
  const elsewhere = connect(t.databaseUrl, { max: 2 })
  const deaf = Object.assign(elsewhere, { listen: () => Promise.reject(new Error('the pooler does not do that')) })
  const verifier = await openVerifier({ ...t.house, sql: deaf })
  closing.unshift(() => elsewhere.end())
  closing.push(verifier.close)
  await verifier.verify(await here.token(credentials))
  const next = await rotateSigningKey(t.house, 'immediate')
  await moment(50)
  const token = await here.token(credentials)
  expect(kidOf(token)).toBe(next.id)
  await expect(verifier.verify(token)).resolves.toMatchObject({ clientId: credentials.clientId })
})

it('never gives its turn to a key that was made for later when another took over meanwhile', async () => {
  await ensureSigningKey(t.house)
  const later = await rotateSigningKey(t.house, 'gradual')
  const atOnce = await rotateSigningKey(t.house, 'immediate')
  const keys = await listKeys(t.house.sql, t.house.realNow())
  expect(keys.map(({ id }) => id)).not.toContain(later.id)
  t.clock.forward(10 * 60_000)
  expect(keyToSignWith(keys, t.house.realNow())?.id).toBe(atOnce.id)
})

it('voids every token of a key that leaked, everywhere within a second', async () => {
  const { credentials } = await createMerchant(t.house, { name: 'Corner Store' })
  const here = await open()
  const verifier = await openVerifier(t.house)
  closing.push(verifier.close)
  const token = await here.token(credentials)
  await verifier.verify(token)
  const next = await rotateSigningKey(t.house, 'emergency')
  await moment(1_000)
  await expect(verifier.verify(token)).rejects.toMatchObject({ facts: { why: 'key_withdrawn' } })
  expect(await here.keyIds()).toEqual([next.id])
  await expect(verifier.verify(await here.token(credentials))).resolves.toBeDefined()
})

it('leaves neither a secret nor a private key readable in the database', async () => {
  const { credentials } = await createMerchant(t.house, { name: 'Corner Store' })
  await ensureSigningKey(t.house)
  const [key] = await t.house.sql<{ id: string; sealed: string }[]>`select id, sealed from signing_key`
  const { d } = JSON.parse(await t.house.vault.open(key?.sealed ?? '', `signing_key:${key?.id}`)) as { d: string }
  const tables = await t.house.sql<{ name: string }[]>`
    select quote_ident(table_name) as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'`
  let dump = ''
  for (const { name } of tables) dump += JSON.stringify(await t.house.sql.unsafe(`select t::text from ${name} t`))
  expect(dump).toContain(credentials.clientId)
  expect(dump).not.toContain(credentials.clientSecret)
  expect(dump).not.toContain(credentials.clientSecret.slice('rialto_sandbox_'.length))
  expect(d.length).toBeGreaterThan(40)
  expect(dump).not.toContain(d)
})
