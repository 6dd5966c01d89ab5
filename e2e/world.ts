import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from '../scripts/build.ts'
import { demoStore, readStatus, sandbox, server, settings } from '../scripts/programs.ts'
import { tail } from '../scripts/run.ts'
import { type Supervisor, supervise } from '../scripts/supervisor.ts'

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

const shownLines = 25

/** Starts the real programs on free ports with a data folder of their own. `stop` ends them and removes the folder. */
export async function startWorld(): Promise<{ world: World; stop: () => Promise<void> }> {
  await build('served')
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
  const [api = 0, client = 0, banks = 0, store = 0] = await freePorts(4)
  const env = { ...settings(join(folder, 'data'), { api, client, sandbox: banks, store }), RIALTO_LOG_LEVEL: 'debug' }
  await supervisor.start(server(env))
  const status = await readStatus(env)
  await Promise.all([sandbox(status, env), demoStore(status, env, folder)].map((one) => supervisor.start(one)))
  const { urls, merchant, client: credentials, databases } = status
  return {
    ...{ api: urls.api, client: urls.client, banks: urls.sandbox, store: urls.demoStore },
    ...{ merchant, credentials, logs, secretsFile: join(folder, 'secrets.txt'), env },
    databases: { server: databases.server, sandbox: databases.sandbox ?? '' },
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
