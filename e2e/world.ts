import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from '../scripts/build.ts'
import { Problem } from '../scripts/problem.ts'
import { run, tail } from '../scripts/run.ts'
import { type Program, type Supervisor, supervise } from '../scripts/supervisor.ts'

/** Where everything of a running deployment is, and the merchant who uses it. */
export type World = Readonly<{
  api: string
  client: string
  banks: string
  store: string
  merchant: Readonly<{ id: string; name: string }>
  credentials: Readonly<{ id: string; secret: string }>
  databases: Readonly<{ server: string; sandbox: string }>
  /** What the programs say, `server.log` and so on. */
  logs: string
  /** A line for each secret that a test has used: the last test file looks for them where they must not be. */
  secretsFile: string
  /** The settings the programs were started with, for whoever runs the command line beside them. */
  env: Readonly<Record<string, string>>
}>

type Status = Readonly<{
  urls: Readonly<{ api: string; client: string; sandbox: string; demoStore: string }>
  merchant: World['merchant']
  client: World['credentials']
  databases: World['databases']
}>

const cli = 'packages/server/src/main/cli.ts'
const shownLines = 25

/** Starts the real programs on free ports with a data folder of their own. `stop` ends them and removes the folder. */
export async function startWorld(): Promise<{ world: World; stop: () => Promise<void> }> {
  await build()
  const folder = mkdtempSync(join(tmpdir(), 'rialto-e2e-'))
  const logs = join(folder, 'logs')
  const supervisor = supervise(logs, (line) => console.log(line))
  const stop = async () => {
    await supervisor.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    return { world: await startPrograms(supervisor, folder, logs), stop }
  } catch (error) {
    await supervisor.stop()
    const said = lastLines(join(logs, 'server.log'))
    rmSync(folder, { recursive: true, force: true })
    throw new Error(`The world did not start: ${(error as Error).message}\nThe server's log ends with:\n${said}`)
  }
}

async function startPrograms(supervisor: Supervisor, folder: string, logs: string): Promise<World> {
  const [api, client, sandbox, store] = await freePorts(4)
  const env = {
    RIALTO_DATA_DIR: join(folder, 'data'),
    RIALTO_API_PORT: String(api),
    RIALTO_CLIENT_PORT: String(client),
    SANDBOX_PORT: String(sandbox),
    SANDBOX_URL: `http://localhost:${sandbox}`,
    STORE_PORT: String(store),
    RIALTO_LOG_LEVEL: 'debug',
  }
  const readyAt = `http://localhost:${api}/ready`
  await supervisor.start({ name: 'server', args: [cli, 'serve'], env, readyAt })
  const status = await readStatus(env)
  await Promise.all([
    supervisor.start(pretendBanks(status, env)),
    supervisor.start(demoStore(status, String(store), folder)),
  ])
  const { urls, merchant, client: credentials, databases } = status
  return {
    ...{ api: urls.api, client: urls.client, banks: urls.sandbox, store: urls.demoStore },
    ...{ merchant, credentials, databases, logs, secretsFile: join(folder, 'secrets.txt'), env },
  }
}

async function readStatus(env: Readonly<Record<string, string>>): Promise<Status> {
  const { code, stdout, output } = await run(process.execPath, [cli, 'status', '--json'], { env })
  if (code !== 0) throw new Problem(`rialto status failed; its last words:\n${tail(output, 8)}`)
  return JSON.parse(stdout) as Status
}

function pretendBanks({ urls, databases }: Status, env: Readonly<Record<string, string>>): Program {
  const platform = {
    clientId: 'rialto',
    name: 'Rialto',
    jwksUri: `${urls.api}/.well-known/bank-client-jwks.json`,
    redirectUris: [`${urls.client}/bank/return`],
  }
  return {
    name: 'sandbox',
    args: ['packages/sandbox/src/main.ts'],
    env: { ...env, SANDBOX_DATABASE_URL: databases.sandbox, SANDBOX_CLIENTS: JSON.stringify([platform]) },
    readyAt: `${urls.sandbox}/health`,
  }
}

function demoStore({ urls, merchant, client }: Status, port: string, folder: string): Program {
  return {
    name: 'demo-store',
    args: ['examples/demo-store/src/main.ts'],
    env: {
      HOST: '127.0.0.1',
      PORT: port,
      STORE_URL: urls.demoStore,
      RIALTO_API_URL: urls.api,
      RIALTO_CLIENT_URL: urls.client,
      RIALTO_CLIENT_ID: client.id,
      RIALTO_CLIENT_SECRET: client.secret,
      RIALTO_MERCHANT_ID: merchant.id,
      STORE_DATABASE: join(folder, 'demo-store.sqlite'),
    },
    readyAt: `${urls.demoStore}/health`,
  }
}

/** Held all at once before they are let go, so that they are different ones. */
async function freePorts(count: number): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, holdPort))
  return Promise.all(held.map(({ port, letGo }) => letGo().then(() => port)))
}

function holdPort(): Promise<{ port: number; letGo: () => Promise<void> }> {
  return new Promise((done, fail) => {
    const server = createServer()
    server.once('error', fail)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') return fail(new Error('the listener has no port'))
      done({ port: address.port, letGo: () => new Promise((gone) => server.close(() => gone())) })
    })
  })
}

function lastLines(path: string): string {
  try {
    return tail(readFileSync(path, 'utf8'), shownLines)
  } catch {
    return '(nothing)'
  }
}
