import { parseArgs } from 'node:util'
import { startServer } from '../packages/server/test/simulation/server.ts'
import { Disagreement, simulate } from '../packages/server/test/simulation/simulate.ts'
import { exitAfter, Problem } from './problem.ts'

const usage = `npm run simulate -- [options]

Plays random stories of merchants, customers and a bank that returns, delays, repeats and loses things, kills workers
between any two steps, and audits the books after every step. A seed always plays the same.

  --seed 42            one seed
  --seeds 1..500       many, one after another
  --days 90            how long each lasts
  --stories 360        how many wishes; six a day if not said
  --kills none         nobody dies; 'at once': jobs begin again immediately; 'anyhow' (unless said): or later
  --no-kills           the same as --kills none`

const options = {
  seed: { type: 'string' },
  seeds: { type: 'string' },
  days: { type: 'string', default: '90' },
  stories: { type: 'string' },
  kills: { type: 'string', default: 'anyhow' },
  'no-kills': { type: 'boolean' },
  help: { type: 'boolean' },
} as const

const killings = ['none', 'at once', 'anyhow'] as const

function number(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Problem(`--${name} is a whole number, such as 42`)
  return Number(text)
}

function span(seed: string | undefined, seeds: string | undefined): { from: number; to: number } {
  if (seeds === undefined) {
    const one = number('seed', seed ?? '1')
    return { from: one, to: one }
  }
  const [from = '', to = '', ...more] = seeds.split('..')
  if (more.length > 0 || to === '') throw new Problem('--seeds is a span, such as 1..500')
  return { from: number('seeds', from), to: number('seeds', to) }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options })
  if (values.help) return console.log(usage)
  const { from, to } = span(values.seed, values.seeds)
  const days = number('days', values.days)
  const stories = number('stories', values.stories ?? String(days * 6))
  const kills = killings.find((one) => one === (values['no-kills'] ? 'none' : values.kills))
  if (!kills) throw new Problem(`--kills is one of: ${killings.join(', ')}`)
  const began = Date.now()
  const server = await startServer()
  const sum: Record<string, number> = {}
  try {
    for (let seed = from; seed <= to; seed++) {
      const { counts } = await simulate(server, { seed, days, stories, kills })
      for (const [name, many] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + many
      if (process.stdout.isTTY) process.stdout.write(`\r\x1b[Kseed ${seed}: ${told(counts)}`)
      else if ((seed - from) % 10 === 9) console.log(`  … ${seed - from + 1} seeds: ${told(sum)}`)
    }
  } catch (error) {
    if (error instanceof Disagreement) throw new Problem(error.message)
    throw error
  } finally {
    await server.stop()
  }
  const many = to - from + 1
  const seconds = Math.round((Date.now() - began) / 1_000)
  console.log(
    `${process.stdout.isTTY ? '\r\x1b[K' : ''}${many} ${many === 1 ? 'seed' : 'seeds'} in ${seconds} s: ${told(sum)}`,
  )
}

const told = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, many]) => `${many} ${name}`)
    .join(', ')

await exitAfter(main)
