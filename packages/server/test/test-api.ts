import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { handOverDue } from '../src/agenda/agenda.commands.ts'
import type { House, Settings } from '../src/house.ts'
import { startJobs } from '../src/jobs/runner.ts'
import { buildApi, buildHosted } from '../src/main/api.ts'
import { taskList } from '../src/main/worker.ts'
import { createMerchant } from '../src/merchants/merchant.commands.ts'
import type { SimulationParts } from '../src/simulations/simulation-parts.ts'
import { numberEvents } from '../src/webhooks/event.commands.ts'
import { type Answer, answerOf, type Json } from './answer.ts'
import { Browser } from './browser.ts'
import { type FakeBanks, openFakeBanks, password } from './fake-banks.ts'
import { openTestHouse, type TestHouse } from './test-house.ts'

export type Sent = Readonly<{
  body?: unknown
  /** Sent as it is, in place of a body. */
  raw?: string | undefined
  headers?: Readonly<Record<string, string>>
  scope?: string
}>

export type TestMerchant = Readonly<{
  id: string
  clientId: string
  clientSecret: string
  /** A token that is good now. */
  token(scope?: string): Promise<string>
  call(method: string, path: string, sent?: Sent): Promise<Answer>
  get(path: string): Promise<Answer>
  /** A session for a customer; answers its key. */
  session(person?: object): Promise<string>
  /** Links an account through the hosted flow, as a customer does. */
  link(person?: object, how?: Readonly<{ bank?: string; account?: number }>): Promise<Linked>
  /** A payment of this many dollars, decided or not. */
  pay(customerId: string, dollars: number, more?: object, headers?: Readonly<Record<string, string>>): Promise<Answer>
}>

export type Linked = Readonly<{ customerId: string; flowId: string; browser: Browser; view: Json }>

export type TestApi = TestHouse &
  Readonly<{
    api: FastifyInstance
    apiUrl: string
    hostedUrl: string
    banks: FakeBanks
    merchant: TestMerchant
    newMerchant(name?: string): Promise<TestMerchant>
    /** A customer's browser, with a jar for cookies. */
    browser(): Browser
    /** Hands over what is due and works until nothing is left to do now. */
    runJobs(): Promise<void>
  }>

/** The page that the hosted flow's build would bring. */
const page =
  '<!doctype html><html><head><style nonce="__CSP_NONCE__">a{}</style></head><body><div id="root"></div>' +
  '<script type="module" nonce="__CSP_NONCE__" src="/assets/flow.js"></script></body></html>'

function hostedFiles(): { flow: string; sdk: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'rialto-hosted-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), page)
  writeFileSync(join(folder, 'assets/flow.js'), 'export {}')
  writeFileSync(join(folder, 'sdk.js'), 'export const api = "__RIALTO_API_URL__"')
  return { flow: folder, sdk: join(folder, 'sdk.js'), remove: () => rmSync(folder, { recursive: true }) }
}

/** Both origins on free ports, a real database, banks that do as the test says, and a merchant. */
export async function openTestApi(
  settings: Partial<Settings> = {},
  simulate?: (t: TestHouse) => SimulationParts,
  lent: Partial<Pick<House, 'originatingBanks'>> = {},
): Promise<TestApi> {
  const banks = openFakeBanks()
  const t = await openTestHouse({ banks: banks.connector, settings, ...lent })
  const files = hostedFiles()
  const api = await buildApi(t.house, { keys: [] }, simulate?.(t))
  const hosted = await buildHosted(t.house, files)
  const [apiUrl, hostedUrl] = await Promise.all([
    api.listen({ host: '127.0.0.1', port: 0 }),
    hosted.listen({ host: '127.0.0.1', port: 0 }),
  ])
  const browser = () => new Browser(hostedUrl)
  const newMerchant = (name = 'Corner Store') => openMerchant(t, apiUrl, browser, name)
  return {
    ...t,
    ...{ api, apiUrl, hostedUrl, banks, browser, newMerchant },
    merchant: await newMerchant(),
    runJobs: () => runJobs(t),
    async close() {
      await Promise.all([api.close(), hosted.close()])
      files.remove()
      await t.close()
    },
  }
}

async function runJobs(t: TestHouse): Promise<void> {
  const { sql } = t.house
  const jobs = await startJobs(t.databaseUrl, taskList(t.house), t.house.log, { concurrency: 4 })
  try {
    for (let quiet = false; !quiet; ) {
      const numbered = await numberEvents(t.house)
      const handed = await handOverDue(sql, t.house.now())
      const [row] = await sql<{ left: number }[]>`select count(*)::int as left from graphile_worker._private_jobs
        where is_available and run_at <= now() or locked_at is not null`
      quiet = numbered === 0 && handed === 0 && row?.left === 0
      if (!quiet) await sleep(10)
    }
  } finally {
    await jobs.stop()
  }
}

let people = 0
export const person = (more: object = {}) => ({
  ...{ firstName: 'Ada', lastName: 'Byron', email: `ada${++people}@example.com`, phoneNumber: '+15550001111' },
  ...more,
})

export async function send(url: string, method: string, sent: Sent = {}): Promise<Answer> {
  const text = sent.raw ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body))
  const type: Record<string, string> = text === undefined ? {} : { 'content-type': 'application/json' }
  const headers = { ...type, ...sent.headers }
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    ...(text === undefined ? {} : { body: text }),
  })
  return answerOf(response)
}

let keys = 0

async function openMerchant(
  t: TestHouse,
  apiUrl: string,
  newBrowser: () => Browser,
  name: string,
): Promise<TestMerchant> {
  const { merchant, credentials } = await createMerchant(t.house, { name, redirects: ['https://shop.example/done'] })
  const { clientId, clientSecret } = credentials
  const kept = new Map<string, { token: string; until: number }>()

  async function token(scope = 'Link-Core Link-Payment'): Promise<string> {
    const known = kept.get(scope)
    if (known && known.until > t.clock.real.getTime()) return known.token
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope }
    const response = await fetch(`${apiUrl}/v1/tokens`, { method: 'POST', body: new URLSearchParams(form) })
    const { access_token: fresh } = (await response.json()) as { access_token: string }
    kept.set(scope, { token: fresh, until: t.clock.real.getTime() + 3_500_000 })
    return fresh
  }

  async function call(method: string, path: string, sent: Sent = {}): Promise<Answer> {
    const authorization = `Bearer ${await token(sent.scope)}`
    return send(apiUrl + path, method, { ...sent, headers: { authorization, ...sent.headers } })
  }

  async function session(who: object = {}): Promise<string> {
    return String((await call('POST', '/v1/sessions', { body: person(who) })).body.sessionKey)
  }

  return {
    ...{ id: merchant.id, clientId, clientSecret, token, call, session },
    get: (path) => call('GET', path),
    async link(who = {}, { bank = 'harbor', account = 0 } = {}) {
      const browser = newBrowser()
      const flowId = await browser.open(await session(who))
      await browser.signIn(flowId, bank, 'ada', password)
      const view = await browser.authorize(flowId, account)
      const [row] = await t.house.sql<{ customer_id: string }[]>`select customer_id from session where id = ${flowId}`
      return { customerId: row?.customer_id ?? '', flowId, browser, view: view.body }
    },
    pay: (customerId, dollars, more = {}, headers = {}) =>
      call('POST', '/v1/payments', { body: payment(merchant.id, customerId, dollars, more), headers }),
  }
}

/** The body of a payment with a request key of its own. */
export const payment = (merchantId: string, customerId: string, dollars: number, more: object = {}) => ({
  source: { id: customerId, type: 'CUSTOMER' },
  destination: { id: merchantId, type: 'MERCHANT' },
  amount: { value: dollars, currency: 'USD' },
  requestKey: `order-${++keys}`,
  ...more,
})
