import { validateFile } from '../../packages/nacha/src/index.ts'
import type { Job, Measured } from './jobs.ts'
import { ours } from './ours.ts'
import { ach, nach2, nodeNacha } from './yardsticks.ts'

const codecs: Readonly<Record<string, () => Job>> = { ours, nach2, nodeNacha, ach }

/** Seconds of processor time this thread has used: what a neighbour on the machine takes does not count. */
function processorSeconds(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000_000
}

/** How many entries a second the work gets through, after a run that does not count. */
async function rate(seconds: number, count: number, work: () => Promise<unknown>): Promise<number> {
  await work()
  const from = processorSeconds()
  let done = 0
  do {
    await work()
    done += count
  } while (processorSeconds() - from < seconds)
  return done / (processorSeconds() - from)
}

/** Runs one job of one codec in this process, so that its memory is its own, and prints what came of it. */
async function main([name = '', job = '', countText = '', secondsText = '']: string[]): Promise<void> {
  const [count, seconds] = [Number(countText), Number(secondsText)]
  const codec = codecs[name]?.()
  const work = codec && (await workOf(codec, job as keyof Job, count))
  if (!codec || !work) throw new Error(`${name} has no ${job}`)
  const perSecond = await rate(seconds, count, work)
  const rules = job === 'write' ? new Set(validateFile(await codec.write(count)).map(({ rule }) => rule)) : []
  const measured: Measured = { perSecond, peakMb: process.resourceUsage().maxRSS / 1_024, rules: [...rules] }
  console.log(JSON.stringify(measured))
}

async function workOf(codec: Job, job: keyof Job, count: number): Promise<(() => Promise<unknown>) | undefined> {
  const work = codec[job]
  if (!work) return undefined
  if (job === 'write') return () => codec.write(count)
  // What is read and validated is the same file for all, and written by us.
  const text = await ours().write(count)
  return async () => {
    const answer = await codec[job]?.(text)
    if (job === 'read' && answer !== count) throw new Error(`${answer} entries of ${count} were read`)
  }
}

await main(process.argv.slice(2))
