import { homedir } from 'node:os'
import { Command } from 'commander'
import { Refusal } from '../kernel/refusal.ts'
import { StartProblem } from '../kernel/start-problem.ts'
import { achCommand } from './ach-command.ts'
import { alertsCommand } from './alerts-command.ts'
import { askSecretly } from './ask-secretly.ts'
import { booksCommand } from './books-command.ts'
import { random, realNow } from './clock.ts'
import { clockCommand } from './clock-command.ts'
import { processTerminal } from './command-line.ts'
import { type OpenHouse, openHouse } from './compose.ts'
import { type Config, readConfig } from './config.ts'
import { developerCommands } from './developer/commands.ts'
import { type DeveloperTools, readSurroundings } from './developer/tools.ts'
import { jobsCommand } from './jobs-command.ts'
import { keysCommand } from './keys-command.ts'
import { merchantCommand } from './merchant-command.ts'
import { nachaCommand } from './nacha-command.ts'
import { payoutsCommand } from './payouts-command.ts'
import { reportsCommand } from './reports-command.ts'
import { riskCommand } from './risk-command.ts'
import { type RunFile, readRunFile } from './run-file.ts'
import { type Parts, serve } from './serve.ts'

function configuration(): Config {
  const config = readConfig(process.env)
  if ('problems' in config) throw new StartProblem(`The settings are not right:\n  ${config.problems.join('\n  ')}`)
  return config
}

/** Runs until it is told to stop; a second Ctrl-C does not wait. */
async function run(parts: Parts): Promise<void> {
  const serving = await serve(configuration(), parts)
  let stopping = false
  const stop = () => {
    if (stopping) process.exit(130)
    stopping = true
    serving.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

async function status(options: { json?: boolean; shell?: boolean }): Promise<void> {
  const config = configuration()
  const run = readRunFile(config)
  if (!run) throw new StartProblem('Nothing runs on this data folder; start it with npm run up, or rialto serve.')
  const ready = await fetch(`${run.urls.api}/ready`, { signal: AbortSignal.timeout(3_000) }).then(
    (answer) => answer.ok,
    () => false,
  )
  if (options.shell) return console.log(shellLines(run).join('\n'))
  if (options.json) return console.log(JSON.stringify({ ...run, ready }, null, 2))
  console.log(`${run.environment}, ${ready ? 'ready' : 'not ready'}, process ${run.pid}`)
  for (const [name, url] of Object.entries(run.urls)) console.log(`  ${name.padEnd(10)} ${url}`)
  if (run.merchant) console.log(`  merchant   ${run.merchant.id} (${run.merchant.name})`)
  if (run.client) console.log(`  client id  ${run.client.id}\n  (the secret: rialto status --json)`)
}

/** For `eval`: what a merchant's backend is configured with. */
const shellLines = ({ urls, merchant, client }: RunFile): string[] =>
  [
    `export RIALTO_API_URL=${urls.api}`,
    `export RIALTO_CLIENT_URL=${urls.client}`,
    merchant && `export RIALTO_MERCHANT_ID=${merchant.id}`,
    client && `export RIALTO_CLIENT_ID=${client.id}`,
    client && `export RIALTO_CLIENT_SECRET=${client.secret}`,
  ].filter((line) => line !== undefined)

/** For a command that does one thing: beside the deployment that runs on this data folder, or alone. */
function openBeside(): Promise<OpenHouse> {
  const config = { ...configuration(), logLevel: 'warn' }
  const running = config.databaseUrl ?? readRunFile(config)?.databases?.server
  return openHouse({ ...config, databaseUrl: running }, 'check', 'stderr')
}

const developerTools: DeveloperTools = {
  terminal: processTerminal,
  surroundings: readSurroundings(process.env, homedir()),
  // Settings of a server that are not right do not concern whoever only calls one.
  readRun() {
    const config = readConfig(process.env)
    return 'problems' in config ? undefined : readRunFile(config)
  },
  ...{ ask: askSecretly, now: realNow, random },
  untilInterrupted() {
    const interrupted = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupted.abort())
    return interrupted.signal
  },
}

async function migrateOnly(): Promise<void> {
  const open = await openHouse(configuration(), 'run')
  await open.close()
  console.log('The database is up to date.')
}

function fail(error: unknown): never {
  const known = error instanceof StartProblem || error instanceof Refusal
  console.error(known ? (error as Error).message : error)
  process.exit(1)
}

// Whoever reads what a command prints may stop reading: rialto events tail | head.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

const program = new Command('rialto')
  .description('Pay by Bank, self-hosted. Settings come from the environment: docs/operators/configuration.md.')
  .showHelpAfterError('(rialto --help shows what there is)')
program.commandsGroup('For developers, against any Rialto (docs/guides/cli.md):')
for (const command of developerCommands(developerTools)) program.addCommand(command)
program.addCommand(clockCommand(() => readRunFile(configuration())))

program.commandsGroup('Running it:')
program
  .command('serve')
  .description('everything in one process')
  .action(() => run({ http: true, worker: true }))
program
  .command('api')
  .description('the API and the hosted flow; any number of these')
  .action(() => run({ http: true, worker: false }))
program
  .command('worker')
  .description('jobs and the agenda; any number of these')
  .action(() => run({ http: false, worker: true }))
program.command('migrate').description('bring the database up to date').action(migrateOnly)
program
  .command('status')
  .description('where things are; in sandbox also the seeded credentials')
  .option('--json', 'for scripts')
  .option('--shell', 'as export lines for eval')
  .action(status)

program.commandsGroup('For operators:')
for (const command of [merchantCommand, keysCommand, booksCommand, achCommand, alertsCommand, jobsCommand])
  program.addCommand(command(openBeside))
program.addCommand(nachaCommand())
for (const command of [payoutsCommand, reportsCommand, riskCommand]) program.addCommand(command(openBeside))

await program.parseAsync().catch(fail)
