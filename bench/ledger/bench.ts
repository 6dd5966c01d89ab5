import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, readSnapshot, type Sql, transact } from '../../packages/server/src/db/connect.ts'
import { gather } from '../../packages/server/src/db/gather.ts'
import type { Journal } from '../../packages/server/src/ledger/books.ts'
import { balance } from '../../packages/server/src/ledger/proof/balance.ts'
import type { Effort } from '../measuring/effort.ts'
import { median, ms, perSecond, type Report, type Row, spread } from '../measuring/table.ts'
import { hasPgbench, runPgbench, type Script } from '../payments/pgbench.ts'
import { countRows, freshId, journalOf, merchantId, postAll, recordOne, settled, withBooks } from './books.ts'
import { writeScript } from './yardstick.ts'

const callers = 32
const together = { most: 64, lanes: 2 }
const fileSize = 15_000

/** Posting the books on one hot merchant, beside pgbench saying the same to the same database. */
export function benchLedger(effort: Effort): Promise<Report> {
  return withBooks(async (url) => {
    const sql = connect(url, { max: callers, byKey: true })
    const file = join(tmpdir(), `rialto-bench-ledger-${process.pid}.sql`)
    try {
      const id = freshId()
      const script = writeScript(file, await recordOne(url, id), id)
      const rows = [...(await smallJournals(sql, url, script, effort)), await wholeFile(sql)]
      const proof = await readSnapshot(sql, (tx) => balance.run(tx))
      if (proof.difference) throw new Error(`the books do not add up: ${proof.difference.says}`)
      return { title: 'Postings in the books, one hot merchant', notes: notes(proof.looked.entries ?? 0), rows }
    } finally {
      await sql.end()
      rmSync(file, { force: true })
    }
  })
}

const notes = (entries: number): string[] => [
  `One journal is one payment settled: three entries on five accounts of one merchant and the platform, durably committed. ${callers} callers at once, for ever the same accounts.`,
  `As the platform does it, journals that arrive together share a transaction (at most ${together.most}, ${together.lanes} at a time); alone, each has its own.`,
  'Yardstick: pgbench -M prepared -j 2 with as many connections, saying what one journal says to PostgreSQL, recorded from the client, each in its own transaction, plan_cache_mode=force_generic_plan.',
  `After every run the rows were counted, and at the end the balances were proved against all ${entries.toLocaleString('en-US')} entries.`,
]

type Post = (journal: Journal) => Promise<unknown>

/** So many callers, each posting one journal after another. Answers journals per second. */
async function drive(sql: Sql, post: Post, seconds: number): Promise<number> {
  const before = await countRows(sql)
  const from = performance.now()
  let posted = 0
  const caller = async () => {
    while (performance.now() - from < seconds * 1_000) {
      await post(journalOf(freshId()))
      posted++
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  const rate = posted / ((performance.now() - from) / 1_000)
  await checkGrown(sql, before, posted)
  return rate
}

async function checkGrown(sql: Sql, before: { journals: number; entries: number }, by: number): Promise<void> {
  const after = await countRows(sql)
  const [journals, entries] = [after.journals - before.journals, after.entries - before.entries]
  if (journals !== by || entries !== 3 * by)
    throw new Error(`${by} journals were posted, but the books grew by ${journals} journals and ${entries} entries`)
}

async function smallJournals(sql: Sql, url: string, script: Script, { seconds, rounds }: Effort): Promise<Row[]> {
  const alone: Post = (journal) => postAll(sql, [journal])
  const gathered: Post = gather(async (journals: readonly Journal[]) => {
    await postAll(sql, journals)
    return journals.map(() => ({ value: undefined }))
  }, together)
  const rates = { alone: [] as number[], gathered: [] as number[], pgbench: [] as number[] }
  await drive(sql, gathered, 1)
  await drive(sql, alone, 1)
  for (let round = 0; round < rounds; round++) {
    rates.gathered.push(await drive(sql, gathered, seconds))
    rates.alone.push(await drive(sql, alone, seconds))
    if (!hasPgbench) continue
    const before = await countRows(sql)
    const run = await runPgbench(url, script, callers, seconds)
    await checkGrown(sql, before, run.transactions)
    rates.pgbench.push(run.perSecond)
  }
  const row = (metric: string, ours: number[]): Row => ({
    metric,
    ours: perSecond(median(ours)) + spread(ours),
    ...(hasPgbench
      ? {
          yardstick: `pgbench ${perSecond(median(rates.pgbench))}${spread(rates.pgbench)}`,
          ratio: median(ours) / median(rates.pgbench),
        }
      : {}),
  })
  const shared = row('journals, sharing transactions', rates.gathered)
  const clears = shared.ratio === undefined ? {} : { bar: '1.0', clears: shared.ratio >= 1 }
  return [
    { ...shared, ...clears },
    { metric: '  entries', ours: perSecond(3 * median(rates.gathered)) },
    row('journals, each in its own transaction', rates.alone),
  ]
}

/** What a file of payments settles is one journal a merchant; beside it, PostgreSQL writing the same rows by itself. */
async function wholeFile(sql: Sql): Promise<Row> {
  const ours: number[] = []
  const bare: number[] = []
  for (let n = 0; n < 5; n++) {
    const postings = Array.from({ length: fileSize / 3 }, () => settled(freshId())).flat()
    const journal = { ...journalOf(freshId()), id: `report:${freshId()}:${merchantId}`, postings }
    ours.push(await timed(() => postAll(sql, [journal])))
    bare.push(await timed(() => copyEntries(sql, journal.id)))
  }
  return {
    metric: `${fileSize.toLocaleString('en-US')} entries of one journal`,
    ours: `${ms(median(ours))}, ${perSecond(fileSize / (median(ours) / 1_000))}`,
    yardstick: `insert … select, balances left alone ${ms(median(bare))}`,
    ratio: median(bare) / median(ours),
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

/** The entries of a journal once more, and then undone, so that the books still add up. */
async function copyEntries(sql: Sql, id: string): Promise<void> {
  const undone = new Error('undone')
  await transact(sql, async (tx) => {
    await tx`insert into ledger_entry (journal, debit_account, credit_account, amount, subject_id, subject_seq)
      select journal, debit_account, credit_account, amount, subject_id, subject_seq from ledger_entry
      where journal = (select number from ledger_journal where id = ${id})`
    throw undone
  }).catch((error: unknown) => {
    if (error !== undone) throw error
  })
}
