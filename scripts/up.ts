import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from './build.ts'
import { card, type Status } from './card.ts'
import { dataFolder, deleteData, untilUnused } from './data-folder.ts'
import { checkPorts, type Ports, readPorts } from './ports.ts'
import { exitAfter, Problem } from './problem.ts'
import { demoStore, readStatus, sandbox, server, settings } from './programs.ts'
import { progress, say } from './progress.ts'
import { type Supervisor, supervise } from './supervisor.ts'

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
/** Ctrl-C reaches us from the terminal and again from npm; what comes within this time is the same one. */
const echoMs = 1_000

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
  await build('served')

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
  const env = settings(data, ports)
  const status = await during('Starting the platform and its database', async () => {
    await supervisor.start(server(env))
    return readStatus(env)
  })
  const rest = [sandbox(status, env), ...(options.demoStore ? [demoStore(status, env, data)] : [])]
  const names = options.demoStore ? 'the pretend banks and the demo store' : 'the pretend banks'
  await during(`Starting ${names}`, () => Promise.all(rest.map((program) => supervisor.start(program))))
  return status
}

await exitAfter(up)
