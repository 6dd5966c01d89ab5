import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SignJWT } from 'jose'
import pino from 'pino'
import type { Grant } from '../bank-connector.ts'
import { type FdxConnectorDeps, openFdxConnector } from './connector.ts'
import type { FdxBank } from './settings.ts'

/** What a test makes the bank say instead of its usual answer. */
export type Saying = Readonly<{ status?: number; json?: unknown; raw?: string; type?: string; headers?: object }>
type Handler = (request: IncomingMessage, form: URLSearchParams, response: ServerResponse) => Saying | Promise<Saying>

export type TinyBank = Readonly<{
  bank: FdxBank
  /** The method and last part of the path of each call so far, such as `GET accounts`. */
  calls: string[]
  /** Refresh tokens presented so far, in order. */
  refreshed: string[]
  /** Says these, in order, before the usual answer of an endpoint comes back. */
  next(endpoint: string, ...sayings: Saying[]): void
  /** Changes an endpoint for good. */
  on(endpoint: string, handler: Handler): void
  /** From now on ID tokens answer some other sign-in. */
  forgeNonce(): void
  /** Makes every access token given so far worthless. */
  expireAccessTokens(): void
  close(): Promise<void>
}>

const account = {
  accountCategory: 'DEPOSIT_ACCOUNT',
  accountId: 'acc-1',
  accountType: 'CHECKING',
  accountNumberDisplay: '4321',
  productName: 'Checking',
  status: 'OPEN',
  currency: { currencyCode: 'USD' },
  currentBalance: 12.34,
  availableBalance: 12.34,
}
const ach = { type: 'US_ACH', bankId: '011111111', identifier: '9876501234', transferIn: true, transferOut: true }

/** A bank of one customer, small enough to be told exactly how to misbehave. */
export async function openTinyBank(settings: Partial<FdxBank> = {}): Promise<TinyBank> {
  const calls: string[] = []
  const refreshed: string[] = []
  const queued = new Map<string, Saying[]>()
  const good = new Set<string>()
  const idKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  let count = 0
  let nonce: string | undefined
  let forgedNonce: string | undefined
  let live = 'none'

  async function tokens(form: URLSearchParams): Promise<Saying> {
    if (form.get('grant_type') === 'refresh_token') {
      const presented = form.get('refresh_token') ?? ''
      refreshed.push(presented)
      if (presented !== live) return { status: 400, json: { error: 'invalid_grant' } }
    }
    live = `refresh-token-${++count}`
    const accessToken = `access-token-${count}`
    good.add(accessToken)
    const idToken = new SignJWT({ ...(nonce === undefined ? {} : { nonce: forgedNonce ?? nonce }) })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(issuer)
      .setAudience('rialto')
      .setSubject('customer')
      .setIssuedAt()
      .setExpirationTime('5m')
    return {
      json: {
        access_token: accessToken,
        token_type: 'bearer',
        expires_in: 900,
        refresh_token: live,
        grant_id: 'consent-1',
        id_token: await idToken.sign(idKey),
      },
    }
  }

  const handlers = new Map<string, Handler>([
    [
      'openid-configuration',
      () => ({
        json: {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          pushed_authorization_request_endpoint: `${issuer}/par`,
          revocation_endpoint: `${issuer}/revoke`,
          authorization_challenge_endpoint: `${issuer}/challenge`,
          response_types_supported: ['code'],
          id_token_signing_alg_values_supported: ['ES256'],
        },
      }),
    ],
    ['par', () => ({ status: 201, json: { request_uri: 'urn:request:1', expires_in: 60 } })],
    ['challenge', () => ({ json: { authorization_code: 'the-code' } })],
    ['token', (_request, form) => tokens(form)],
    ['revoke', () => ({ raw: '' })],
    ['accounts', () => ({ json: { page: {}, accounts: [account] } })],
    ['acc-1', () => ({ json: account })],
    ['payment-networks', () => ({ json: { page: {}, paymentNetworks: [ach] } })],
    ['contact', () => ({ json: { holders: [{ relationship: 'PRIMARY', name: { first: 'Ada', last: 'Lovelace' } }] } })],
    ['revocation', () => ({ status: 204 })],
  ])

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://bank')
    const endpoint = pathname.split('/').at(-1) ?? ''
    calls.push(`${request.method} ${endpoint}`)
    const form = new URLSearchParams(await text(request))
    nonce = form.get('nonce') ?? nonce
    const bearer = (request.headers.authorization ?? '').replace('Bearer ', '')
    const isApi = pathname.includes('/fdx/')
    const saying: Saying =
      queued.get(endpoint)?.shift() ??
      (isApi && !good.has(bearer)
        ? { status: 401, json: { code: '603', message: 'no' } }
        : ((await handlers.get(endpoint)?.(request, form, response)) ?? { status: 404, raw: 'what?' }))
    if (response.headersSent) return
    const { status = 200, json, raw, type, headers } = saying
    const body = raw ?? (json === undefined ? '' : JSON.stringify(json))
    response.writeHead(status, { 'content-type': type ?? 'application/json', ...headers }).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tiny`

  return {
    bank: { ...tinySettings, issuer, fdxBase: `${issuer}/fdx/v6/`, ...settings },
    calls,
    refreshed,
    next: (endpoint, ...sayings) => void queued.set(endpoint, [...(queued.get(endpoint) ?? []), ...sayings]),
    on: (endpoint, handler) => void handlers.set(endpoint, handler),
    forgeNonce() {
      forgedNonce = 'of-another-sign-in'
    },
    expireAccessTokens: () => good.clear(),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const tinySettings: Omit<FdxBank, 'issuer' | 'fdxBase'> = {
  id: 'tiny-bank',
  number: 1,
  name: 'Tiny Bank',
  domain: 'tiny.example',
  monogram: 'T',
  color: '#112233',
  popularity: 1,
  signIn: 'credentials',
  notice: null,
  fdxVersion: 6,
  clientId: 'rialto',
  scopes: ['openid', 'offline_access', 'fdx:accountbasic:read'],
  tokenAuth: 'private_key_jwt',
  par: true,
  pkce: true,
}

export const redirectUri = 'http://localhost:4001/bank/return'

/** A connector to these banks, with a clock to turn, a diary of kept grants, and its log. */
export function openTestConnector(banks: readonly FdxBank[], more: Partial<FdxConnectorDeps> = {}) {
  const clock = { now: new Date('2026-01-05T15:00:00.000Z') }
  const lines: string[] = []
  const kept: Grant[] = []
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signingKey = { kid: 'test-key', privateJwk: privateKey.export({ format: 'jwk' }) }
  const connector = openFdxConnector({
    banks,
    redirectUri,
    signingKey,
    now: () => clock.now,
    random: randomBytes,
    log: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }),
    allowInsecure: true,
    ...more,
  })
  return {
    connector,
    signingKey,
    clock,
    kept,
    keep: async (grant: Grant) => void kept.push(grant),
    logged: () => lines.join(''),
    publicJwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'test-key', alg: 'ES256', use: 'sig' }] },
  }
}
