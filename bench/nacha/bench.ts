import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Effort } from '../measuring/effort.ts'
import { node, output } from '../measuring/processes.ts'
import { mb, median, perSecond, type Report, type Row, spread } from '../measuring/table.ts'
import type { Job, Measured } from './jobs.ts'

const largeFile = fileURLToPath(import.meta.resolve('./large-file.ts'))
const measuring = fileURLToPath(import.meta.resolve('./measure.ts'))

/** Files of a size that all of them finish. nach2 adds all entries up again for each one, so its files are small. */
const fileSize = 10_000
const smallFileSize = 1_000
const largeFileSize = 1_000_000

const yardsticks = [
  { name: 'nach2', codec: 'nach2', version: '0.5.1', count: smallFileSize, reads: false },
  { name: '@midlandsbank/node-nacha', codec: 'nodeNacha', version: '0.4.0', count: fileSize, reads: true },
  { name: '@ach/ach', codec: 'ach', version: '1.1.0', count: fileSize, reads: true },
] as const

const bar = 500_000
const memoryBar = 200

async function measure(codec: string, job: keyof Job, count: number, seconds: number): Promise<Measured> {
  const args = [measuring, codec, job, String(count), String(seconds)]
  return JSON.parse(await output(node, args, { limitMs: 600_000 })) as Measured
}

/**
 * A large file written to the disk, read and validated from there, each in a process of its own: the most any of them
 * took.
 */
async function peakOfLargeFile(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'rialto-bench-'))
  try {
    const peaks: number[] = []
    for (const job of ['write', 'read', 'validate'])
      peaks.push(
        Number(
          await output(node, [largeFile, job, join(folder, 'large.ach'), `${largeFileSize}`], { limitMs: 600_000 }),
        ),
      )
    return Math.max(...peaks)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const rates = (runs: readonly Measured[]): number[] => runs.map((run) => run.perSecond)

/** NACHA files, written and read: a codec alone, each run in a process of its own, on one core. */
export async function benchNacha({ seconds, rounds }: Effort): Promise<Report> {
  const repeat = async (codec: string, job: keyof Job, count: number): Promise<Measured[]> => {
    const runs: Measured[] = []
    for (let round = 0; round < rounds; round++) runs.push(await measure(codec, job, count, seconds))
    return runs
  }
  const written = await repeat('ours', 'write', fileSize)
  const read = await repeat('ours', 'read', fileSize)
  const validated = await repeat('ours', 'validate', fileSize)
  const large = await peakOfLargeFile()
  const rows: Row[] = [own('entries written', written), own('entries read', read), own('entries validated', validated)]
  rows.push({
    metric: `most memory (RSS) for ${largeFileSize.toLocaleString('en-US')} entries, written, read or validated in pieces`,
    ...{ ours: mb(large), bar: `below ${memoryBar} MB`, clears: large < memoryBar },
  })
  for (const { name, codec, count, reads } of yardsticks) {
    const theirs = await repeat(codec, 'write', count)
    rows.push(beside(`written, beside ${name}`, written, theirs), held(name, theirs))
    const unable = { metric: `read, beside ${name}`, ours: perSecond(median(rates(read))), yardstick: 'does not read' }
    rows.push(reads ? beside(`read, beside ${name}`, read, await repeat(codec, 'read', count)) : unable)
  }
  return { title: 'NACHA files', notes, rows }
}

const notes: readonly string[] = [
  `Entries per second of processor time of one thread: files of ${fileSize.toLocaleString('en-US')} WEB debits, held as text; reading takes in every count and total.`,
  `Yardsticks: ${yardsticks.map(({ name, version }) => `${name} ${version}`).join(', ')}. nach2 writes ${smallFileSize.toLocaleString('en-US')} entries a file, as each costs it a sum over all before.`,
  '@ach/ach knows no WEB and writes PPD. None of the three validates a file, knows returns or corrections, or reads in flat memory.',
]

const own = (metric: string, runs: readonly Measured[]): Row => {
  const mine = median(rates(runs))
  return {
    ...{ metric, ours: perSecond(mine) + spread(rates(runs)) },
    ...(metric === 'entries validated'
      ? {}
      : { bar: `at least ${bar.toLocaleString('en-US')}/s`, clears: mine >= bar }),
  }
}

const beside = (metric: string, mine: readonly Measured[], theirs: readonly Measured[]): Row => {
  const [ours, yardstick] = [median(rates(mine)), median(rates(theirs))]
  return {
    ...{
      metric,
      ours: perSecond(ours),
      yardstick: perSecond(yardstick) + spread(rates(theirs)),
      ratio: ours / yardstick,
    },
  }
}

/** What our validator says of the file a yardstick wrote: the rules that keep it from leaving. */
const held = (name: string, theirs: readonly Measured[]): Row => ({
  metric: `rules broken by the file of ${name}`,
  ours: 'none',
  yardstick: theirs[0]?.rules.join(', ') || 'none',
})
