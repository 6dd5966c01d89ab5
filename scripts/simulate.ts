import { parseArgs } from 'node:util'
import { addUp, type Counts, tellCounts } from '../packages/server/test/simulation/counts.ts'
import { inLanes } from '../packages/server/test/simulation/lanes.ts'
import { Disagreement } from '../packages/server/test/simulation/play.ts'
import { startServer } from '../packages/server/test/simulation/server.ts'
import { simulate } from '../packages/server/test/simulation/simulate.ts'
import { exitAfter, Problem } from './problem.ts'

const usage = `npm run simulate -- [options]

Plays random stories of merchants, customers and a bank that returns, delays, repeats and loses things, kills workers
between any two steps, lets two work at once, and audits the books after every step. A seed always plays the same.

  --seed 42            one seed
  --seeds 1..500       many, some at a time
  --days 90            how long each lasts
  --stories 360        how many wishes; six a day if not said
  --kills none         nobody dies; 'at once': jobs begin again immediately; 'anyhow' (unless said): or later
  --no-kills           the same as --kills none
  --alone              nobody works at the same time as anybody else
  --lanes 3            how many seeds at a time`

const options = {
  seed: { type: 'string' },
  seeds: { type: 'string' },
  days: { type: 'string', default: '90' },
  stories: { type: 'string' },
  kills: { type: 'string', default: 'anyhow' },
  'no-kills': { type: 'boolean' },
  alone: { type: 'boolean', default: false },
  lanes: { type: 'string', default: '3' },
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
  const lanes = Math.max(1, number('lanes', values.lanes))
  const began = performance.now()
  const server = await startServer()
  const seeds = Array.from({ length: to - from + 1 }, (_, index) => from + index)
  let played = 0
  try {
    const all = await inLanes(server, lanes, seeds, async (lane, seed): Promise<Counts> => {
      const { counts } = await simulate(lane, { seed, days, stories, kills, together: !values.alone })
      played++
      if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${played} of ${seeds.length} seeds`)
      else if (played % 100 === 0) console.log(`… ${played} of ${seeds.length} seeds`)
      return counts
    })
    const seconds = (performance.now() - began) / 1_000
    const pace = `${seconds.toFixed(0)} s, ${(seeds.length / seconds).toFixed(1)} a second`
    if (process.stdout.isTTY) process.stdout.write('\r\x1b[K')
    console.log(`${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'} in ${pace}:\n${tellCounts(addUp(all))}`)
  } catch (error) {
    if (error instanceof Disagreement) throw new Problem(error.message)
    throw error
  } finally {
    await server.stop()
  }
}

await exitAfter(main)
