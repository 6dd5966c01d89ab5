import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchAch } from './ach/bench.ts'
import { benchFlow } from './flow/bench.ts'
import { benchLedger } from './ledger/bench.ts'
import type { Effort } from './measuring/effort.ts'
import { describeMachine } from './measuring/machine.ts'
import { asMarkdown, asText, type Report } from './measuring/table.ts'
import { benchNacha } from './nacha/bench.ts'
import { benchPayments } from './payments/bench.ts'
import { benchStart } from './start/bench.ts'
import { benchTokens } from './tokens/bench.ts'
import { benchWebhooks } from './webhooks/bench.ts'

const benches: Readonly<Record<string, (effort: Effort) => Promise<Report>>> = {
  payments: benchPayments,
  ledger: benchLedger,
  tokens: benchTokens,
  start: benchStart,
  flow: benchFlow,
  nacha: benchNacha,
  ach: benchAch,
  webhooks: benchWebhooks,
}

const usage = `npm run bench -- [options]

  --only payments,ledger,tokens,start,flow,nacha,ach,webhooks   some of them
  --long                                                        longer runs, more of them
  --write                                                       write bench/RESULTS.md (with all of them)

Nothing else should run on the machine meanwhile.`

type Options = Readonly<{ names: readonly string[]; effort: Effort; write: boolean }>

function options(): Options {
  const { values } = parseArgs({
    options: {
      ...{ only: { type: 'string' }, long: { type: 'boolean' }, write: { type: 'boolean' }, help: { type: 'boolean' } },
    },
  })
  if (values.help) {
    console.log(usage)
    process.exit(0)
  }
  const names = values.only?.split(',') ?? Object.keys(benches)
  const unknown = names.find((name) => !(name in benches))
  if (unknown !== undefined) throw new Error(`there is no bench '${unknown}'\n\n${usage}`)
  if (values.write && values.only) throw new Error('--write needs all of them; leave --only away')
  const effort = values.long ? { seconds: 20, rounds: 3 } : { seconds: 8, rounds: 2 }
  return { names, effort, write: values.write ?? false }
}

/** More than this waits for a processor: the numbers say as much about the neighbours as about us. */
const busy = 1

async function main({ names, effort, write }: Options): Promise<void> {
  const machine = await describeMachine()
  console.log(machine)
  const load = loadavg()[0] ?? 0
  const noise =
    load > busy
      ? `The machine was not quiet: ${load.toFixed(1)} processes wanted a processor before the first run.`
      : ''
  if (noise) console.log(noise)
  const reports: Report[] = []
  for (const name of names) {
    const report = await benches[name]?.(effort)
    if (!report) continue
    console.log(asText(report))
    reports.push(report)
  }
  const missed = reports.flatMap(({ rows }) => rows.filter(({ clears }) => clears === false))
  for (const { metric, ours, bar = '' } of missed) console.error(`\nMISSES ITS BAR: ${metric.trim()}: ${ours} ${bar}`)
  if (write) writeFileSync(join(import.meta.dirname, 'RESULTS.md'), page(machine, noise, reports))
  process.exitCode = missed.length > 0 ? 1 : 0
}

function page(machine: string, noise: string, reports: readonly Report[]): string {
  const date = new Date().toISOString().slice(0, 10)
  const intro = `Written by \`npm run bench -- --write\` on ${date}, on ${machine}. The clients ran on the same machine. ${noise}`
  return ['# Measured', '', intro.trim(), '', ...reports.map(asMarkdown)].join('\n')
}

await main(options()).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
