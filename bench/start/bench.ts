import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '../../packages/server/src/db/embedded.ts'
import { stop } from '../measuring/processes.ts'
import { newPlace, removePlace, startServer } from '../measuring/server.ts'
import { median, ms, type Report, type Row, spread } from '../measuring/table.ts'

const later = 3

type Starts = Readonly<{ first: number; later: readonly number[] }>

/**
 * From the start of the process to the first 200 of GET /ready, beside the same PostgreSQL without a Rialto around it.
 */
export async function benchStart(): Promise<Report> {
  const [ours, bare] = [await startRialto(), await startPostgres()]
  return {
    title: 'From `rialto serve` to ready',
    notes: [
      'First start: an empty data folder, so PostgreSQL makes its cluster, the migrations run and the sandbox is seeded.',
      'Yardstick: the embedded PostgreSQL alone, from its start to its first answer (the first time with initdb).',
    ],
    rows: [
      row('first start', [ours.first], [bare.first]),
      row(`later starts, median of ${later}`, ours.later, bare.later),
    ],
  }
}

const row = (metric: string, ours: readonly number[], bare: readonly number[]): Row => ({
  metric,
  ours: ms(median(ours)) + spread(ours),
  yardstick: ms(median(bare)) + spread(bare),
  ratio: median(ours) / median(bare),
})

async function repeat(once: () => Promise<number>): Promise<Starts> {
  const first = await once()
  const rest: number[] = []
  for (let n = 0; n < later; n++) rest.push(await once())
  return { first, later: rest }
}

async function startRialto(): Promise<Starts> {
  const place = await newPlace()
  try {
    return await repeat(async () => {
      const { child, readyAfterMs } = await startServer(place)
      await stop(child)
      return readyAfterMs
    })
  } finally {
    removePlace(place)
  }
}

async function startPostgres(): Promise<Starts> {
  const folder = mkdtempSync(join(tmpdir(), 'rialto-bench-'))
  try {
    return await repeat(async () => {
      const from = performance.now()
      const embedded = await startEmbedded(folder)
      const took = performance.now() - from
      await embedded.stop()
      return took
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
