import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Status } from './card.ts'
import { Problem } from './problem.ts'
import { run, tail } from './run.ts'
import type { Program } from './supervisor.ts'

const cli = 'packages/server/src/main/cli.ts'
const statusWithinMs = 10_000

export type Env = Readonly<Record<string, string>>

/** The settings with which all programs of one sandbox are started. */
export const settings = (
  data: string,
  ports: { api: number; client: number; sandbox: number; store: number },
): Env => ({
  RIALTO_DATA_DIR: data,
  RIALTO_API_PORT: String(ports.api),
  RIALTO_CLIENT_PORT: String(ports.client),
  SANDBOX_PORT: String(ports.sandbox),
  SANDBOX_URL: `http://localhost:${ports.sandbox}`,
  SANDBOX_DROP: join(data, 'drop/meridian'),
  STORE_PORT: String(ports.store),
})

export const server = (env: Env): Program => ({
  name: 'server',
  args: [cli, 'serve'],
  env,
  readyAt: `http://localhost:${env.RIALTO_API_PORT}/ready`,
})

/** The server answers /ready a moment before it has written down where everything is. */
export async function readStatus(env: Env): Promise<Status> {
  for (const deadline = Date.now() + statusWithinMs; ; await sleep(300)) {
    const { code, stdout, output } = await run(process.execPath, [cli, 'status', '--json'], { env })
    if (code !== 0 && Date.now() < deadline) continue
    if (code !== 0) throw new Problem(`rialto status failed; its last words:\n${tail(output, 8)}`)
    const status = JSON.parse(stdout) as Status
    if (status.environment === 'sandbox' && status.client && status.merchant) return status
    throw new Problem('npm run up is for the sandbox; start a production deployment with rialto api and rialto worker.')
  }
}

/** The pretend outside world: banks, the originating bank and the Federal Reserve. */
export function sandbox({ urls, databases }: Status, env: Env): Program {
  const database = databases.sandbox ?? process.env.SANDBOX_DATABASE_URL
  if (!database)
    throw new Problem(
      'DATABASE_URL names a PostgreSQL of yours, where the pretend banks need a database of their own; ' +
        'make one and name it with SANDBOX_DATABASE_URL.',
    )
  const platform = {
    clientId: 'rialto',
    name: 'Rialto',
    jwksUri: `${urls.api}/.well-known/bank-client-jwks.json`,
    redirectUris: [`${urls.client}/bank/return`],
  }
  return {
    name: 'sandbox',
    args: ['packages/sandbox/src/main.ts'],
    env: { ...env, SANDBOX_DATABASE_URL: database, SANDBOX_CLIENTS: JSON.stringify([platform]) },
    readyAt: `${env.SANDBOX_URL}/health`,
  }
}

export const demoStore = ({ urls, merchant, client }: Status, env: Env, folder: string): Program => ({
  name: 'demo-store',
  args: ['examples/demo-store/src/main.ts'],
  env: {
    HOST: '127.0.0.1',
    PORT: env.STORE_PORT ?? '',
    STORE_URL: `http://localhost:${env.STORE_PORT}`,
    RIALTO_API_URL: urls.api,
    RIALTO_CLIENT_URL: urls.client,
    RIALTO_CLIENT_ID: client.id,
    RIALTO_CLIENT_SECRET: client.secret,
    RIALTO_MERCHANT_ID: merchant.id,
    STORE_DATABASE: join(folder, 'demo-store.sqlite'),
  },
  readyAt: `http://localhost:${env.STORE_PORT}/health`,
})
