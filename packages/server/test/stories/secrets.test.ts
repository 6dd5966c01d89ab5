import { afterAll, beforeAll, expect, it } from 'vitest'
import { accountNumber, password, rightCode } from '../fake-banks.ts'
import { openTestApi, type TestApi } from '../test-api.ts'

let t: TestApi
const secrets: Record<string, readonly string[]> = {}
let dump = ''
let logs = ''

beforeAll(async () => {
  t = await openTestApi({ balanceBudgetMs: 100 })
  const { merchant } = t
  const key = await merchant.session({ firstName: 'Whole', lastName: 'Journey' })
  const browser = t.browser()
  const flowId = await browser.open(key)
  await browser.signIn(flowId, 'harbor', 'ada', `${password}-mistyped`)
  await browser.signIn(flowId, 'harbor', 'mfa', password)
  await browser.step(flowId, 'sign-in', { username: 'mfa', password })
  await browser.step(flowId, 'sign-in/code', { code: rightCode })
  await browser.authorize(flowId)
  await browser.get(`/bank/return?code=the-code-of-a-bank&state=${flowId}.x`)
  const { customerId } = await merchant.link()
  const at = await merchant.pay(customerId, 1, {}, { 'idempotency-key': 'once' })
  await merchant.pay(customerId, 1, {}, { 'idempotency-key': 'once' })
  t.clock.forward(120_000)
  t.banks.balance.delayMs = 1_000
  await merchant.pay(customerId, 2)
  t.banks.balance.delayMs = 0
  await t.runJobs()
  t.banks.relink.add('harbor')
  t.clock.forward(120_000)
  await merchant.pay(customerId, 3)
  await merchant.call('POST', '/v1/payments', { body: { accountNumber, password, token: await merchant.token() } })
  await merchant.call('POST', `/v1/payments?access_token=${await merchant.token()}`, { raw: `{"${accountNumber}"` })
  await merchant.call('GET', `/v1/payments/${await merchant.token()}`)
  await t.house.sql`alter table payment add constraint broken check (amount < 0) not valid`
  const broken = await merchant.pay(customerId, 4)
  expect([at.status, broken.status]).toEqual([200, 500])

  Object.assign(secrets, {
    'full account number': [accountNumber],
    'refresh token': t.banks.refreshTokens,
    'client secret': [merchant.clientSecret],
    'session key': [key],
    'browser cookie': [...browser.cookies.values()],
    password: [password],
    'one-time code': [rightCode],
    'access token': [await merchant.token(), (await merchant.token()).split('.')[2] ?? ''],
    'code of the bank': ['the-code-of-a-bank'],
    'secret of the sign-in': ['the-code-verifier', 'otp-mfa'],
  })
  logs = t.logged()
  dump = await everyText()
})
afterAll(() => t.close())

/** Every text there is in the database, the job runner's and the migrations' tables among them. */
async function everyText(): Promise<string> {
  const { sql } = t.house
  const columns = await sql<{ place: string; name: string; column: string }[]>`
    select table_schema as place, table_name as name, column_name as column from information_schema.columns
    join information_schema.tables using (table_schema, table_name)
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
      and (data_type in ('text', 'jsonb', 'json', 'ARRAY', 'bytea', 'character varying', 'USER-DEFINED'))`
  expect(columns.length).toBeGreaterThan(60)
  const parts: string[] = []
  for (const { place, name, column } of columns) {
    const rows = await sql<
      { text: string | null }[]
    >`select ${sql(column)}::text as text from ${sql(place)}.${sql(name)}`
    parts.push(...rows.map(({ text }) => `${name}.${column}: ${text}`))
  }
  return parts.join('\n')
}

const names = [
  ...['full account number', 'refresh token', 'client secret', 'session key', 'browser cookie', 'password'],
  ...['one-time code', 'access token', 'code of the bank', 'secret of the sign-in'],
]

it('looked at a journey that left something behind', () => {
  expect(logs).toContain('"request"')
  expect(logs).toContain('broken promise')
  expect(dump).toContain('Journey')
  expect(dump).toMatch(/account.number_sealed: eyJ/)
})

it.each(names)('writes no %s into a log', (name) => {
  const found = secrets[name]?.filter((secret) => logs.includes(secret))
  expect(secrets[name]?.every((secret) => secret.length >= 6)).toBe(true)
  expect(found).toEqual([])
})

it.each(names)('keeps no %s readable in the database', (name) => {
  expect(secrets[name]?.filter((secret) => dump.includes(secret))).toEqual([])
})

it('keeps the account number sealed for its own row only', async () => {
  const rows = await t.house.sql<{ id: string; number_sealed: string }[]>`select id, number_sealed from account`
  const [first, second] = rows
  expect(await t.house.vault.open(first?.number_sealed ?? '', `account:${first?.id}`)).toBe(accountNumber)
  await expect(t.house.vault.open(second?.number_sealed ?? '', `account:${first?.id}`)).rejects.toThrow('another row')
})
