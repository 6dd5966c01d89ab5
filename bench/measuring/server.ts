import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts, node, output, start, stop, untilAnswers } from './processes.ts'

const root = join(import.meta.dirname, '../..')
const cli = join(root, 'packages/server/src/main/cli.ts')

/** What `rialto status --json` says, as far as a bench needs it. */
export type Status = Readonly<{
  pid: number
  urls: Readonly<{ api: string; client: string; sandbox: string }>
  merchant: Readonly<{ id: string; name: string }>
  client: Readonly<{ id: string; secret: string }>
  databases: Readonly<{ server: string; sandbox: string }>
}>

/** A folder and ports of our own; nothing of the developer's running Rialto is touched. */
export type Place = Readonly<{
  dataDir: string
  env: NodeJS.ProcessEnv
  apiPort: number
  clientPort: number
  sandboxPort: number
}>

export async function newPlace(): Promise<Place> {
  const [apiPort = 0, clientPort = 0, sandboxPort = 0] = await freePorts(3)
  const dataDir = mkdtempSync(join(tmpdir(), 'rialto-bench-'))
  process.once('exit', () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))
  const { DATABASE_URL: _, RIALTO_ENV: __, RIALTO_API_URL: ___, RIALTO_CLIENT_URL: ____, ...inherited } = process.env
  const own = {
    RIALTO_DATA_DIR: dataDir,
    RIALTO_API_PORT: String(apiPort),
    RIALTO_CLIENT_PORT: String(clientPort),
    RIALTO_LOG_LEVEL: 'warn',
    SANDBOX_PORT: String(sandboxPort),
    SANDBOX_URL: `http://localhost:${sandboxPort}`,
  }
  return { dataDir, env: { ...inherited, ...own }, apiPort, clientPort, sandboxPort }
}

export const removePlace = ({ dataDir }: Place): void =>
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })

export type Server = Readonly<{ child: ChildProcess; readyAfterMs: number; place: Place }>

/**
 * `rialto serve` as its own process, as an operator starts it. Its time to ready counts from the start of the process.
 */
export async function startServer(place: Place, nodeArgs: readonly string[] = []): Promise<Server> {
  const log = join(place.dataDir, '..', `${place.dataDir.split('/').at(-1)}.log`)
  const out = openSync(log, 'a', 0o600)
  const from = performance.now()
  const child = start(node, [...nodeArgs, cli, 'serve'], {
    env: place.env,
    stdio: ['ignore', out, out],
    cwd: place.dataDir,
  })
  try {
    await untilAnswers(`http://127.0.0.1:${place.apiPort}/ready`, child)
  } catch (cause) {
    await stop(child)
    throw new Error(`rialto serve did not become ready: ${readFileSync(log, 'utf8').slice(-1_000)}`, { cause })
  } finally {
    rmSync(log, { force: true })
  }
  return { child, readyAfterMs: performance.now() - from, place }
}

/** The server answers /ready a moment before it has written down where things are; so this is tried a few times. */
async function statusOf(place: Place, tries = 10): Promise<Status> {
  const printed = await output(node, [cli, 'status', '--json'], { env: place.env, limitMs: 20_000 }).catch(
    async (error: unknown) => {
      if (tries <= 1) throw error
      await sleep(200)
      return undefined
    },
  )
  return printed === undefined ? statusOf(place, tries - 1) : (JSON.parse(printed) as Status)
}

/** The pretend banks, beside the server, knowing it as their client. */
export async function startBanks(place: Place, status: Status): Promise<ChildProcess> {
  const clients = [
    {
      clientId: 'rialto',
      name: 'Rialto',
      jwksUri: `${status.urls.api}/.well-known/bank-client-jwks.json`,
      redirectUris: [`${status.urls.client}/bank/return`],
    },
  ]
  const env = { ...place.env, SANDBOX_DATABASE_URL: status.databases.sandbox, SANDBOX_CLIENTS: JSON.stringify(clients) }
  const child = start(node, [join(root, 'packages/sandbox/src/main.ts')], { env, stdio: 'ignore' })
  await untilAnswers(`${status.urls.sandbox}/finbank-oauth/.well-known/openid-configuration`, child, 30_000, 50)
  return child
}

/** A bench's own server, stopped and swept away afterwards whatever happens. */
export async function withServer<T>(
  work: (server: Server, status: Status) => Promise<T>,
  nodeArgs: readonly string[] = [],
) {
  const place = await newPlace()
  try {
    const server = await startServer(place, nodeArgs)
    try {
      return await work(server, await statusOf(place))
    } finally {
      await stop(server.child)
    }
  } finally {
    removePlace(place)
  }
}

/** An access token, got as a merchant's server gets one. */
export async function tokenFor(status: Status, scope: string): Promise<string> {
  const answer = await fetch(`${status.urls.api}/v1/tokens`, { method: 'POST', body: tokenForm(status.client, scope) })
  const { access_token: token } = (await answer.json()) as { access_token?: string }
  if (!token) throw new Error(`no access token: ${answer.status}`)
  return token
}

export const tokenForm = (client: Status['client'], scope: string): URLSearchParams =>
  new URLSearchParams({ grant_type: 'client_credentials', client_id: client.id, client_secret: client.secret, scope })
