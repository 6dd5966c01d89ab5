import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { build } from './build.ts'
import { card, type Status } from './card.ts'
import { dataFolder, deleteData, untilUnused } from './data-folder.ts'
import { checkPorts, type Ports, readPorts } from './ports.ts'
import { exitAfter, Problem } from './problem.ts'
import { progress, say } from './progress.ts'
import { run, tail } from './run.ts'
import { type Program, type Supervisor, supervise } from './supervisor.ts'

const help = `npm run up [-- options]

Builds what changed, starts the whole platform with its pretend banks and a demo
store, and says where everything is. Ctrl-C stops everything.

  --fresh            delete the data folder first: a new merchant, empty books
  --no-demo-store    leave the demo store out
  --help             this

  RIALTO_DATA_DIR       where the data lies                        ./data
  RIALTO_API_PORT       the API                                    4000
  RIALTO_CLIENT_PORT    the hosted flow                            4001
  SANDBOX_PORT          the pretend banks                          4010
  STORE_PORT            the demo store                             4020
`
const cli = 'packages/server/src/main/cli.ts'
/** Ctrl-C reaches us from the terminal and again from npm; what comes within this time is the same one. */
const echoMs = 1_000
const statusWithinMs = 10_000

type Options = Readonly<{ fresh: boolean; demoStore: boolean; help: boolean }>

function readOptions(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args,
      options: { fresh: { type: 'boolean' }, 'no-demo-store': { type: 'boolean' }, help: { type: 'boolean' } },
    })
    return { fresh: values.fresh === true, demoStore: !values['no-demo-store'], help: values.help === true }
  } catch (error) {
    throw new Problem(`${(error as Error).message.split('.')[0]}; npm run up -- --help shows what there is.`)
  }
}

async function up(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options.help) return console.log(help)
  const ports = readPorts(process.env)
  const { store, ...others } = ports
  await checkPorts(options.demoStore ? { ...others, store } : others)
  const data = dataFolder(process.env)
  await untilUnused(data)
  if (options.fresh) deleteData(data)
  await build()

  const supervisor = supervise(join(data, 'logs'), say)
  const asked = stopWhenAsked(supervisor)
  try {
    const started = startAll(supervisor, ports, data, options)
    const status = await Promise.race([started, asked, dying(supervisor)])
    if (status === 'asked') return
    console.log(card(status, { colour: process.stdout.isTTY === true && !process.env.NO_COLOR, ...options }))
    await Promise.race([asked, dying(supervisor)])
  } finally {
    await supervisor.stop()
  }
}

const dying = (supervisor: Supervisor): Promise<never> =>
  supervisor.death.then((problem) => {
    throw problem
  })

/** Resolves at the first Ctrl-C (or SIGTERM, SIGHUP); the second one ends everything at once. */
function stopWhenAsked(supervisor: Supervisor): Promise<'asked'> {
  let firstAt = 0
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (firstAt === 0) {
          firstAt = Date.now()
          console.log('\nStopping… (Ctrl-C again to end everything at once)')
          done('asked')
        } else if (Date.now() - firstAt > echoMs) {
          supervisor.kill()
          process.exit(1)
        }
      })
  })
}

async function startAll(supervisor: Supervisor, ports: Ports, data: string, options: Options): Promise<Status> {
  const { during } = progress()
  const env = {
    RIALTO_DATA_DIR: data,
    RIALTO_API_PORT: String(ports.api),
    RIALTO_CLIENT_PORT: String(ports.client),
    SANDBOX_PORT: String(ports.sandbox),
    SANDBOX_URL: `http://localhost:${ports.sandbox}`,
    STORE_PORT: String(ports.store),
    STORE_URL: `http://localhost:${ports.store}`,
  }
  const status = await during('Starting the platform and its database', async () => {
    const readyAt = `http://localhost:${ports.api}/ready`
    await supervisor.start({ name: 'server', args: [cli, 'serve'], env, readyAt })
    return readStatus(env)
  })
  const rest = [sandbox(status, env), ...(options.demoStore ? [demoStore(status, ports, data)] : [])]
  const names = options.demoStore ? 'the pretend banks and the demo store' : 'the pretend banks'
  await during(`Starting ${names}`, () => Promise.all(rest.map((program) => supervisor.start(program))))
  return status
}

/** The server answers /ready a moment before it has written down where everything is. */
async function readStatus(env: Readonly<Record<string, string>>): Promise<Status> {
  for (const deadline = Date.now() + statusWithinMs; ; await sleep(300)) {
    const { code, stdout, output } = await run(process.execPath, [cli, 'status', '--json'], { env })
    if (code !== 0 && Date.now() < deadline) continue
    if (code !== 0) throw new Problem(`rialto status failed; its last words:\n${tail(output, 8)}`)
    const status = JSON.parse(stdout) as Status
    if (status.environment === 'sandbox' && status.client && status.merchant) return status
    throw new Problem('npm run up is for the sandbox; start a production deployment with rialto api and rialto worker.')
  }
}

function sandbox({ urls, databases }: Status, env: Readonly<Record<string, string>>): Program {
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

function demoStore({ urls, merchant, client }: Status, ports: Ports, data: string): Program {
  return {
    name: 'demo-store',
    args: ['examples/demo-store/src/main.ts'],
    env: {
      HOST: '127.0.0.1',
      PORT: String(ports.store),
      STORE_URL: urls.demoStore,
      RIALTO_API_URL: urls.api,
      RIALTO_CLIENT_URL: urls.client,
      RIALTO_CLIENT_ID: client.id,
      RIALTO_CLIENT_SECRET: client.secret,
      RIALTO_MERCHANT_ID: merchant.id,
      STORE_DATABASE: join(data, 'demo-store.sqlite'),
    },
    readyAt: `http://localhost:${ports.store}/health`,
  }
}

await exitAfter(up)
