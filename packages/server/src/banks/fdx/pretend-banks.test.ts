import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { databaseUrl } from '../../../test/postgres.setup.ts'
import { connect } from '../../db/connect.ts'
import { bankConnectorContract, type Drive } from '../bank-connector.contract.ts'
import { parseBanks } from './settings.ts'
import { openTestConnector, redirectUri } from './tiny-bank.fixture.ts'

const program = new URL('../../../../sandbox/src/main.ts', import.meta.url).pathname

/** The banks of docs/internals/outside-world.md, as an operator would write them down. */
const pretendBanks = (url: string) => {
  const bank = (slug: string, number: number, name: string, signIn: string, fdxVersion: number) => ({
    id: slug,
    number,
    name,
    domain: `${slug}.example`,
    monogram: 'FB',
    color: '#1d4ed8',
    popularity: 100 - number,
    signIn,
    issuer: `${url}/${slug}`,
    fdxBase: `${url}/${slug}/fdx/v${fdxVersion}`,
    fdxVersion,
    clientId: 'rialto',
    scopes: [
      'openid',
      'offline_access',
      'fdx:accountbasic:read',
      'fdx:accountdetailed:read',
      'fdx:balances:read',
      'fdx:paymentsupport:read',
      'fdx:customercontact:read',
    ],
    tokenAuth: 'private_key_jwt',
    par: signIn === 'redirect',
    pkce: true,
    dataClusters: ['ACCOUNT_BASIC', 'ACCOUNT_DETAILED', 'BALANCES', 'PAYMENT_SUPPORT', 'CUSTOMER_CONTACT'],
  })
  const banks = parseBanks(
    [
      bank('finbank-oauth', 1, 'Finbank OAuth', 'redirect', 6),
      bank('finbank-profiles-a', 2, 'FinBank Profiles - A', 'credentials', 6),
      bank('finbank-profiles-b', 3, 'FinBank Profiles - B', 'credentials', 5),
    ],
    { allowInsecure: true },
  )
  if ('problems' in banks) throw new Error(banks.problems.join('\n'))
  return banks
}

/** The pretend banks as a program of their own, on their own database, and a connector that talks to them over HTTP. */
async function openPretendBanks(): Promise<Drive & { url: string; fault(fault: object): Promise<void> }> {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const banks = pretendBanks(url)
  const test = openTestConnector(banks)
  const keys = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(test.publicJwks))
  }).listen(0, '127.0.0.1')
  await once(keys, 'listening')
  const jwksUri = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks.json`

  const name = `banks_${randomBytes(6).toString('hex')}`
  const admin = connect(inject('postgresUrl'), { max: 1 })
  await admin`create database ${admin(name)}`
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      SANDBOX_DATABASE_URL: databaseUrl(inject('postgresUrl'), name),
      SANDBOX_PORT: String(port),
      SANDBOX_URL: url,
      SANDBOX_CLIENTS: JSON.stringify([{ clientId: 'rialto', name: 'Rialto', jwksUri, redirectUris: [redirectUri] }]),
    },
  })
  await untilHealthy(url, child)
  const control = async (path: string, body: object) => {
    const response = await fetch(`${url}/control/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  }
  const others: (() => string)[] = []

  return {
    url,
    connector: test.connector,
    elsewhere() {
      const other = openTestConnector(banks, { signingKey: test.signingKey })
      others.push(other.logged)
      return other.connector
    },
    visit,
    endConsents: (bank, login) => control('consents/expire', { bank, login }),
    fault: (fault) => control('faults', fault),
    logged: () => [test.logged, ...others].map((logged) => logged()).join(''),
    async close() {
      if (child.exitCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      keys.close()
      await admin`drop database ${admin(name)} with (force)`
      await admin.end()
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`the pretend banks ended with ${child.exitCode}`)
    const answer = await fetch(`${url}/health`).catch(() => undefined)
    if (answer?.ok) return
    await wait(100)
  }
  throw new Error('the pretend banks do not start')
}

/** A browser without a screen: keeps cookies, follows redirects, fills in the forms it is shown. */
async function visit(redirectTo: string, login: string, decision: 'allow' | 'deny'): Promise<Record<string, string>> {
  const jar = new Map<string, string>()
  let response = await request(jar, redirectTo)
  for (let steps = 0; steps < 20; steps++) {
    const location = response.headers.get('location')
    if (location) {
      const next = new URL(location, response.url)
      if (`${next.origin}${next.pathname}` === redirectUri) return Object.fromEntries(next.searchParams)
      response = await request(jar, next.href)
      continue
    }
    const page = await response.text()
    const [, action = ''] = /<form method="post" action="([^"]+)" class="stack">/.exec(page) ?? []
    if (action === '') throw new Error(`no form to fill in: ${response.status} ${page.slice(0, 2_000)}`)
    const form = new URLSearchParams({ form_token: /name="form_token" value="([^"]+)"/.exec(page)?.[1] ?? '' })
    if (action.endsWith('/consent')) {
      for (const [, account = ''] of page.matchAll(/name="account" value="([^"]+)"/g)) form.append('account', account)
      form.set('decision', decision)
    } else {
      form.set('login', login)
      form.set('password', login)
    }
    response = await request(jar, new URL(action, response.url).href, form)
  }
  throw new Error('the bank sends the browser in circles')
}

async function request(jar: Map<string, string>, url: string, form?: URLSearchParams): Promise<Response> {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const response = await fetch(url, {
    redirect: 'manual',
    method: form ? 'POST' : 'GET',
    headers: cookie ? { cookie } : {},
    ...(form ? { body: form } : {}),
  })
  for (const line of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (value === '') jar.delete(name)
    else jar.set(name, value)
  }
  return response
}

describe('the FDX connector at the pretend banks', () => {
  bankConnectorContract(['finbank-oauth', 'finbank-profiles-a', 'finbank-profiles-b'], openPretendBanks)
})

describe('a pretend bank with a fault', () => {
  let banks: Awaited<ReturnType<typeof openPretendBanks>>
  beforeAll(async () => {
    banks = await openPretendBanks()
  }, 90_000)
  afterAll(() => banks.close())

  it.each([
    ['html_502', 'payment-networks', 'ok'],
    ['too_many_requests', 'payment-networks', 'ok'],
    ['not_authenticated', 'payment-networks', 'ok'],
    ['empty_networks', 'payment-networks', 'account_unusable'],
    ['no_ach', 'payment-networks', 'account_unusable'],
    ['no_debits', 'payment-networks', 'account_unusable'],
    ['account_closed', 'payment-networks', 'account_unusable'],
    ['account_locked', 'payment-networks', 'account_unusable'],
    ['version_not_supported', 'payment-networks', 'bank_unavailable'],
  ])('%s once at %s is %s', async (kind, resource, expected) => {
    const bank = 'finbank-profiles-b'
    const answer = await banks.connector.signIn(bank, { username: 'profile_522', password: 'profile_522' })
    if (answer.kind !== 'signed_in') throw new Error(answer.kind)
    const ref = answer.accounts.find(({ eligible }) => eligible)?.ref ?? ''
    await banks.fault({ bank, kind, resource, times: 1 })
    const numbers = await banks.connector.numbers(bank, answer.grant, ref, async () => undefined)
    expect(numbers.kind).toBe(expected)
  })

  it('still lets a customer in when its list of accounts never ends', async () => {
    const bank = 'finbank-profiles-a'
    await banks.fault({ bank, kind: 'repeated_cursor', resource: 'accounts', times: 2 })
    const answer = await banks.connector.signIn(bank, { username: 'profile_522', password: 'profile_522' })
    expect(answer.kind).toBe('signed_in')
  })

  it('gives tokenised numbers, new at each consent, where it keeps the real ones', async () => {
    const bank = 'finbank-oauth'
    const numbers = await Promise.all(
      ['one', 'two'].map(async (state) => {
        const begun = await banks.connector.begin(bank, state)
        if (begun.kind !== 'redirect') throw new Error(begun.kind)
        const query = await banks.visit(begun.redirectTo, 'profile_522', 'allow')
        const answer = await banks.connector.finish(bank, begun.secret, query)
        if (answer.kind !== 'signed_in') throw new Error(answer.kind)
        const ref = answer.accounts.find(({ eligible }) => eligible)?.ref ?? ''
        const found = await banks.connector.numbers(bank, answer.grant, ref, async () => undefined)
        return found.kind === 'ok' ? found.value : undefined
      }),
    )
    expect(numbers).toMatchObject([{ tokenised: true }, { tokenised: true }])
    expect(numbers[0]?.accountNumber).not.toBe(numbers[1]?.accountNumber)
  })
})
