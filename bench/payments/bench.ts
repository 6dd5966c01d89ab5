import { join } from 'node:path'
import postgres from 'postgres'
import { drive } from '../load/drive.ts'
import type { Plan, Result } from '../load/plan.ts'
import type { Effort } from '../measuring/effort.ts'
import { familyMb, familySeconds, postmasterOf, processorSeconds, residentMb } from '../measuring/memory.ts'
import { type Server, type Status, tokenFor, withServer } from '../measuring/server.ts'
import { mb, median, ms, perSecond, type Report, type Row, spread } from '../measuring/table.ts'
import { runBatches } from './batches.ts'
import { hasPgbench, runPgbench, type Script, writeScript } from './pgbench.ts'
import { recordPayment, type Statement } from './record.ts'
import { type Counts, checkGrown, countRows, customerPrefix, fillYesterday, payments, type Sql, seed } from './seed.ts'

const customers = 20_000
const firstBar = 0.5
const batchSize = 32

type Bench = Readonly<{ sql: Sql; server: Server; status: Status; token: string; postmaster: number }>

/** Payments per second through HTTP, durably committed, beside pgbench saying the same to the same database. */
export function benchPayments(effort: Effort): Promise<Report> {
  return withServer(async (server, status) => {
    const sql = postgres(status.databases.server, { max: 1, onnotice: () => undefined })
    try {
      await seed(sql, status.merchant.id, customers)
      const token = await tokenFor(status, 'Link-Payment')
      const postmaster = postmasterOf(server.place.dataDir)
      return await measure({ sql, server, status, token, postmaster }, effort)
    } finally {
      await sql.end()
    }
  })
}

async function measure(bench: Bench, effort: Effort): Promise<Report> {
  const { sql, server, status } = bench
  const durable = await durability(sql)
  const log = join(server.place.dataDir, 'postgres.log')
  const statements = await recordPayment(sql, log, (key) => payOnce(bench, key))
  const script = writeScript(join(server.place.dataDir, 'one-payment.sql'), statements, customers)
  const before = memory(bench)
  const rows = [await intoEmptyTables(bench, effort)]
  await fillYesterday(sql, status.merchant.id, customers)
  let best = 0
  for (const connections of [32, 128]) {
    const found = await sideBySide(bench, script, connections, effort)
    best = Math.max(best, found.best)
    rows.push(...found.rows)
  }
  rows.push(await beside(bench, statements, best, effort))
  rows.push(...(await atSeventyPercent(bench, best, effort)), ...memoryRows(before, memory(bench)))
  return { title: 'Payments through HTTP, durably committed', notes: notes(durable, statements, status), rows }
}

const notes = (durable: string, statements: readonly Statement[], status: Status): string[] => [
  `PostgreSQL: ${durable}. Every answer was checked (200, AUTHORIZED), and after every run the rows were counted: each payment with its diary line, its decision and its two events.`,
  `What is measured is the platform's own path: ${customers.toLocaleString('en-US')} linked customers of ${status.merchant.name} with a fresh balance and limits out of reach, so no bank is asked.`,
  hasPgbench
    ? `Yardstick: pgbench -M prepared -j 2 with as many connections, replaying the ${statements.length} statements that PostgreSQL logged when the server made one payment by itself, with new ids for each, and with plan_cache_mode=force_generic_plan, which is to its advantage.`
    : 'There is no pgbench on this machine (Debian: apt install postgresql-client-common postgresql-contrib), so there is no ratio.',
  `Beside the yardstick: ${payments.toLocaleString('en-US')} older payments in the tables, statistics fresh, the server warm.`,
  'Server, PostgreSQL and load generator share the machine. Runs of ours and of the yardstick take turns; medians, single runs in brackets.',
]

async function durability(sql: Sql): Promise<string> {
  const rows = await sql<{ name: string; setting: string }[]>`
    select name, setting from pg_settings
    where name in ('fsync', 'synchronous_commit', 'full_page_writes') order by name`
  const off = rows.filter(({ setting }) => setting !== 'on')
  if (off.length > 0)
    throw new Error(`not durable: ${off.map(({ name, setting }) => `${name} is ${setting}`).join(', ')}`)
  return rows.map(({ name, setting }) => `${name} ${setting}`).join(', ')
}

const bodyFor = (merchantId: string, customer: string, key: string) =>
  JSON.stringify({
    source: { id: customer, type: 'CUSTOMER' },
    destination: { id: merchantId, type: 'MERCHANT' },
    amount: { value: 12.34, currency: 'USD' },
    requestKey: key,
    clientReferenceId: 'order-1',
  })

async function payOnce({ server, status, token }: Bench, key: string): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${server.place.apiPort}/v1/payments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: bodyFor(status.merchant.id, `${customerPrefix}000000000001`, key),
  })
  const said = await answer.text()
  if (!said.includes('AUTHORIZED')) throw new Error(`a payment was answered ${answer.status}: ${said}`)
}

let runs = 0

type Load = Pick<Plan, 'connections' | 'warmSeconds' | 'seconds'> & { rate?: number }
type Loaded = Result & Readonly<{ serverSeconds: number; databaseSeconds: number }>

async function load({ sql, server, status, token, postmaster }: Bench, how: Load): Promise<Loaded> {
  const port = server.place.apiPort
  const head = `POST /v1/payments HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\n`
  const body = bodyFor(status.merchant.id, `${customerPrefix}{c}`, `run-${++runs}-{n}`)
  const before = await countRows(sql)
  const pid = server.child.pid ?? 0
  const used = { server: processorSeconds(pid), database: familySeconds(postmaster) }
  const result = await drive({ ...how, port, head, body, customers, expect: '"paymentStatus":"AUTHORIZED"' })
  const serverSeconds = processorSeconds(pid) - used.server
  const databaseSeconds = familySeconds(postmaster) - used.database
  await checkGrown(sql, before, result.answered, 'the load generator')
  return { ...result, serverSeconds, databaseSeconds }
}

/**
 * The first minutes of a new deployment. A plan that PostgreSQL made for an empty table must still do when the table
 * has grown: the last part may not cost the database much more than the first. This also warms the server up.
 */
async function intoEmptyTables(bench: Bench, { seconds }: Effort): Promise<Row> {
  const parts: Loaded[] = []
  for (let part = 0; part < 3; part++)
    parts.push(await load(bench, { connections: 32, warmSeconds: 0, seconds: seconds / 2 }))
  const cost = parts.map((part) => Math.round((part.databaseSeconds / part.answered) * 1e6))
  return {
    metric: 'payments into empty tables, 32 connections',
    ours: `${perSecond(median(parts.map((part) => part.perSecond)))}; database ${cost.join(', then ')} µs each`,
  }
}

async function sideBySide(bench: Bench, script: Script, connections: number, { seconds, rounds }: Effort) {
  const ours: Loaded[] = []
  const yardstick: number[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(await load(bench, { connections, warmSeconds: 1, seconds }))
    if (!hasPgbench) continue
    const before: Counts = await countRows(bench.sql)
    const run = await runPgbench(bench.status.databases.server, script, connections, seconds)
    await checkGrown(bench.sql, before, run.transactions, 'pgbench')
    yardstick.push(run.perSecond)
  }
  const rates = ours.map((run) => run.perSecond)
  const rate = median(rates)
  const ratio = rate / median(yardstick)
  const row: Row = {
    metric: `payments, ${connections} connections`,
    ours: perSecond(rate) + spread(rates),
    ...(yardstick.length === 0
      ? {}
      : { yardstick: `pgbench ${perSecond(median(yardstick))}${spread(yardstick)}`, ratio }),
    bar: `${firstBar}, aim 1.0`,
    ...(yardstick.length === 0 ? {} : { clears: ratio >= firstBar }),
  }
  const last = ours.at(-1)
  const each = (cpu = 0) => `${Math.round((cpu / (last?.answered ?? 1)) * 1e6)} µs`
  const cpu = `server ${each(last?.serverSeconds)}, database ${each(last?.databaseSeconds)}, load ${each(last?.processorSeconds)}`
  return { best: rate, rows: [row, { metric: '  processor time of one payment', ours: cpu }] }
}

async function beside(
  { sql, status }: Bench,
  statements: readonly Statement[],
  best: number,
  { seconds }: Effort,
): Promise<Row> {
  const before = await countRows(sql)
  const run = await runBatches(status.databases.server, statements, { size: batchSize, seconds, customers })
  await checkGrown(sql, before, run.payments, 'the batches')
  return {
    metric: `payments, best of the above`,
    ours: perSecond(best),
    yardstick: `one connection, ${batchSize} a transaction ${perSecond(run.perSecond)}`,
    ratio: best / run.perSecond,
  }
}

async function atSeventyPercent(bench: Bench, best: number, { seconds }: Effort): Promise<Row[]> {
  const rate = Math.floor(best * 0.7)
  const run = await load(bench, { connections: 128, warmSeconds: 1, seconds, rate })
  return [
    { metric: `latency at 70 % of that (${perSecond(rate)}), p50`, ours: ms(run.p50) },
    { metric: '  p99', ours: ms(run.p99) },
    { metric: '  longest', ours: ms(run.most) },
  ]
}

type Memory = Readonly<{ server: number | undefined; database: number | undefined }>

const memory = ({ server, postmaster }: Bench): Memory => ({
  server: residentMb(server.child.pid ?? 0),
  database: familyMb(postmaster),
})

const memoryRows = (before: Memory, after: Memory): Row[] => [
  { metric: 'memory of the server (RSS), before and after', ours: `${mb(before.server)}, ${mb(after.server)}` },
  { metric: 'memory of PostgreSQL (PSS, 256 MB of it shared)', ours: `${mb(before.database)}, ${mb(after.database)}` },
]
