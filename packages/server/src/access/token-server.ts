import type { IncomingMessage, ServerResponse } from 'node:http'
import type { House } from '../house.ts'
import { type RefusalCode, refusals } from '../kernel/refusal.ts'
import { ensureSigningKey } from './access.commands.ts'
import { readLiveClients } from './access.store.ts'
import { believe } from './believed.ts'
import { type AccessChange, hearChanges } from './changes.ts'
import { openKeyRing } from './key-ring.ts'
import { paths } from './provider.ts'
import type { Clients } from './provider-adapter.ts'
import { keepProvider } from './running-provider.ts'
import { openStandings } from './standings.ts'

type Method = 'GET' | 'POST'

export type TokenServer = Readonly<{
  /** Answers a request whose body nobody has read yet. Never rejects. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>
  /** What to mount. */
  paths: readonly Readonly<{ method: Method; path: string }>[]
  close(): Promise<void>
}>

/** Every path we answer at, its method, and the path oidc-provider knows it by. */
const mounted: ReadonlyMap<string, { method: Method; path: string }> = new Map([
  [paths.token, { method: 'POST', path: paths.token }],
  ['/v1/token', { method: 'POST', path: paths.token }],
  [paths.introspection, { method: 'POST', path: paths.introspection }],
  [paths.revocation, { method: 'POST', path: paths.revocation }],
  [paths.jwks, { method: 'GET', path: paths.jwks }],
  [paths.discovery, { method: 'GET', path: paths.discovery }],
])

/** oidc-provider reads no more than this, and a token request has a few hundred bytes. */
const bodyLimit = 56 * 1_024
const rememberedClients = 10_000
const rememberedTokens = 1_000

/**
 * The OAuth server, by oidc-provider: access tokens for client credentials, discovery, keys, introspection, revocation.
 * The first one to open an empty database makes the signing key.
 */
export async function openTokenServer(house: House): Promise<TokenServer> {
  await ensureSigningKey(house)
  const ring = openKeyRing(house)
  const clients: Clients = believe((ids) => readLiveClients(house.sql, ids), rememberedClients)
  const standings = openStandings(house, rememberedTokens)
  const stopHearing = await hearChanges(house, (change) => {
    if (change.kind === 'keys' || change.kind === 'everything') ring.doubt()
    doubtClients(clients, change)
    standings.changed(change)
  })
  const provider = keepProvider(house, ring, clients, standings)
  const origin = new URL(house.settings.apiUrl)

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      const objection = whyNot(req)
      if (objection) return refuse(res, ...objection)
      // Discovery and the audience of assertions are built from the configured origin, whatever Host a caller claims;
      // and what stands in a query is never read, so that no secret is taken from a URL.
      req.url = mounted.get(pathOf(req))?.path
      Object.assign(req.headers, { host: origin.host, 'x-forwarded-host': origin.host })
      req.headers['x-forwarded-proto'] = origin.protocol.slice(0, -1)
      const answer = await provider()
      await answer(req, res)
    } catch (error) {
      house.log.error({ err: error }, 'the token server could not answer')
      refuse(res, 'unavailable', 'server_error')
    }
  }

  await provider()
  return {
    handle,
    paths: [...mounted].map(([path, { method }]) => ({ method, path })),
    close: stopHearing,
  }
}

function doubtClients(clients: Clients, { kind, id }: AccessChange): void {
  if (kind === 'client') clients.doubt((clientId) => clientId === id)
  // A client that is not known to live may be one of the merchant's.
  if (kind === 'merchant') clients.doubt((_, client) => client === undefined || client.merchantId === id)
  if (kind === 'everything') clients.doubt()
}

const pathOf = (req: IncomingMessage): string => req.url?.split('?', 1)[0] ?? ''

/** What is wrong with a request before oidc-provider sees it. */
function whyNot(req: IncomingMessage): [RefusalCode, string, Record<string, string>?] | undefined {
  const route = mounted.get(pathOf(req))
  const method = req.method === 'HEAD' ? 'GET' : req.method
  if (!route || method !== route.method) return ['not_found', 'invalid_request']
  if (method === 'GET') return undefined
  if (Number(req.headers['content-length'] ?? 0) > bodyLimit)
    return ['payload_too_large', 'invalid_request', { connection: 'close' }]
  const type = req.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== undefined && type !== 'application/x-www-form-urlencoded')
    return ['unsupported_media_type', 'invalid_request']
  return undefined
}

function refuse(res: ServerResponse, code: RefusalCode, error: string, headers: Record<string, string> = {}): void {
  if (res.headersSent) return void res.destroy()
  const [status, errorCode, , message, remedy] = refusals[code]
  const body = { error, error_description: `${message} ${remedy}`, errorCode, errorMessage: message }
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers })
  res.end(JSON.stringify(body))
}
