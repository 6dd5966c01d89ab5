import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Browser } from '../packages/server/test/browser.ts'
import { run } from '../scripts/run.ts'
import { startWorld, type World } from './world.ts'

/** A world of its own: its clock is turned by weeks. */
let world: World
let stop: () => Promise<void>
let token: string
beforeAll(async () => {
  ;({ world, stop } = await startWorld())
  const { id, secret } = world.credentials
  const form = {
    client_id: id,
    client_secret: secret,
    grant_type: 'client_credentials',
    scope: 'Link-Core Link-Payment',
  }
  const answer = await fetch(`${world.api}/v1/tokens`, { method: 'POST', body: new URLSearchParams(form) })
  token = ((await answer.json()) as { access_token: string }).access_token
}, 120_000)
afterAll(() => stop(), 30_000)

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(world.api + path, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return JSON.parse(text) as T
}

/** Somebody links an account at a bank, as a browser does it. */
async function link(login: string): Promise<string> {
  const person = { firstName: 'Ada', lastName: login, email: `${login}@shop.example` }
  const { sessionKey } = await call<{ sessionKey: string }>('POST', '/v1/sessions', person)
  const browser = new Browser(world.client)
  const flow = await browser.open(sessionKey, { redirect: `${world.store}/` })
  await browser.signIn(flow, 'finbank-profiles-a', login, login)
  await browser.authorize(flow)
  const { data } = await call<{ data: { id: string; email: string }[] }>('GET', '/v1/customers')
  const customer = data.find(({ email }) => email === person.email)
  if (!customer) throw new Error(`${login} did not link`)
  return customer.id
}

let keys = 0
async function pay(customerId: string, value: number): Promise<string> {
  const { paymentId, paymentStatus } = await call<{ paymentId: string; paymentStatus: string }>(
    'POST',
    '/v1/payments',
    {
      source: { id: customerId, type: 'CUSTOMER' },
      destination: { id: world.merchant.id, type: 'MERCHANT' },
      amount: { value, currency: 'USD' },
      requestKey: `money-moves-${++keys}`,
    },
  )
  expect(paymentStatus).toBe('AUTHORIZED')
  return paymentId
}

type Transaction = { transactionStatus: string; transactionFailureReason?: { code: string } }
async function fateOf(id: string): Promise<string> {
  const { transactionStatus, transactionFailureReason: why } = await call<Transaction>('GET', `/v1/transactions/${id}`)
  return why ? `${transactionStatus} ${why.code}` : transactionStatus
}

const advance = (by: object | string) => call('POST', '/v1/sandbox/clock/advance', { by })
const prove = () => run(process.execPath, ['packages/server/src/main/cli.ts', 'books', 'prove'], { env: world.env })

it('takes one payment of each character through five banking days, and a dispute on the 59th day', async () => {
  const fates = {
    profile_522: 'SUCCEEDED',
    profile_closed: 'TERMINAL_FAILED R02',
    profile_frozen: 'TERMINAL_FAILED R16',
    profile_drained: 'RETRYABLE_FAILED R01',
    profile_unknown_number: 'TERMINAL_FAILED R03',
    profile_stopped: 'TERMINAL_FAILED R08',
    profile_moved: 'SUCCEEDED',
    profile_disputes: 'SUCCEEDED',
  }
  const paid = new Map<string, string>()
  const customers = new Map<string, string>()
  for (const login of Object.keys(fates)) {
    customers.set(login, await link(login))
    paid.set(login, await pay(customers.get(login) ?? '', 25))
  }
  const refunded = await pay(customers.get('profile_522') ?? '', 40)

  await advance({ bankingDays: 2 })
  const refund = await call<{ paymentId: string }>('POST', '/v1/refunds', {
    paymentId: refunded,
    amount: { value: 15, currency: 'USD' },
    requestKey: 'money-moves-refund',
  })
  await advance({ bankingDays: 3 })
  const told: Record<string, string> = {}
  for (const [login, id] of paid) told[login] = await fateOf(id)
  expect(told).toEqual(fates)
  expect(await fateOf(refund.paymentId)).toBe('SUCCEEDED')

  const { data: settlements } = await call<{ data: { status: string; amount: { value: number } }[] }>(
    'GET',
    '/v1/settlements',
  )
  expect(settlements.some(({ status }) => status === 'PAID')).toBe(true)
  const reports = join(world.env.RIALTO_DATA_DIR ?? '', 'reports', world.merchant.id)
  const report = readdirSync(reports, { recursive: true })
    .map(String)
    .find((name) => name.includes('Transactions'))
  expect(readFileSync(join(reports, report ?? ''), 'utf8')).toContain(refunded)
  expect(await prove()).toMatchObject({ code: 0 })

  await advance('P60D')
  expect(await fateOf(paid.get('profile_disputes') ?? '')).toBe('TERMINAL_FAILED R10')
  const proof = await prove()
  expect(proof.code, proof.output).toBe(0)
}, 300_000)
