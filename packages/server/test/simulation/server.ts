import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Sql } from '../../src/db/connect.ts'
import { startEmbedded } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { dropDatabase } from '../drop-database.ts'
import { databaseUrl } from '../postgres.setup.ts'

/** Where simulated deployments get databases of their own. */
export type SimulationServer = Readonly<{ postgresUrl: string; templateDatabase: string }>

/** A PostgreSQL of our own with a migrated template: what vitest's setup does, for everywhere else. */
export async function startServer(): Promise<SimulationServer & { stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'rialto-simulation-'))
  const embedded = await startEmbedded(folder)
  const templateDatabase = 'simulation_template'
  const url = await embedded.database(templateDatabase)
  const sql = connect(url, { max: 2 })
  await migrate(sql, url)
  await sql.end()
  return {
    postgresUrl: databaseUrl(url, 'postgres'),
    templateDatabase,
    async stop() {
      await embedded.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A database in which one seed is played after another, and whoever works on it. */
export type Lane = Readonly<{
  /** For the pretend world and the auditor. */
  sql: Sql
  /** Two processes, each with connections of its own. */
  workers: readonly [Sql, Sql]
  /** Whether one of them waits for a lock. */
  waits(worker: number): Promise<boolean>
  /** As a fresh clone of the template is, in a tenth of the time; statements stay prepared. */
  clean(): Promise<void>
  close(): Promise<void>
}>

const worker = (index: number) => `worker ${index}`

export async function openLane(server: SimulationServer): Promise<Lane> {
  const name = `simulation_${randomBytes(6).toString('hex')}`
  const admin = connect(server.postgresUrl, { max: 1 })
  await admin`create database ${admin(name)} template ${admin(server.templateDatabase)}`
  // Nothing is kept: commits need not reach the disk. Those who wait for each other should not do so for long.
  await admin`alter database ${admin(name)} set synchronous_commit = off`
  await admin`alter database ${admin(name)} set deadlock_timeout = '50ms'`
  const pool = (as: string) => connect(databaseUrl(server.postgresUrl, name), { max: 2, name: as })
  const sql = pool('simulation')
  const workers = [pool(worker(0)), pool(worker(1))] as const
  return {
    sql,
    workers,
    clean: await openCleaner(sql),
    async waits(index) {
      const [row] = await sql`select from pg_locks join pg_stat_activity using (pid)
        where not granted and datname = current_database() and application_name = ${worker(index)} limit 1`
      return row !== undefined
    },
    async close() {
      await Promise.all([sql, ...workers].map((one) => one.end({ timeout: 2 })))
      await dropDatabase(admin, name)
      await admin.end()
    },
  }
}

/** After so many seeds, what they left behind is swept away: sooner, and plans would be made anew too often. */
const seedsBetweenSweeps = 10

/** Remembers what a fresh database holds; what it answers brings it back to that. */
async function openCleaner(sql: Sql): Promise<() => Promise<void>> {
  const tables = await sql<{ name: string; columns: string; rows: number }[]>`
    select format('%I.%I', table_schema, table_name) as name,
      string_agg(quote_ident(column_name), ', ' order by ordinal_position) filter (where is_generated = 'NEVER') as columns
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'
      and table_name not in ('migration', 'migrations')
    group by table_schema, table_name order by 1`
  const sequences = await sql<{ name: string; last: bigint | null }[]>`
    select format('%I.%I', schemaname, sequencename) as name, last_value as last from pg_sequences
    where schemaname in ('public', 'graphile_worker')`
  const back: string[] = []
  for (const [index, { name, columns }] of tables.entries()) {
    back.push(`delete from ${name}`)
    const [any] = await sql.unsafe(`select from ${name} limit 1`)
    if (!any) continue
    await sql.unsafe(`create table pristine_${index} as select ${columns} from ${name}`)
    back.push(`insert into ${name} (${columns}) overriding system value select * from pristine_${index}`)
  }
  for (const { name, last } of sequences) back.push(`select setval('${name}', ${last ?? 1}, ${last !== null})`)
  // What is for ever in a deployment is not so here: triggers and references look away.
  const text = [`set local session_replication_role = 'replica'`, ...back].join(';\n')
  let cleaned = 0
  return async () => {
    await sql.begin((tx) => tx.unsafe(text))
    if (++cleaned % seedsBetweenSweeps === 0) await sql.unsafe(`vacuum ${tables.map(({ name }) => name).join(', ')}`)
  }
}
