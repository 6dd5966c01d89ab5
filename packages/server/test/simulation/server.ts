import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Sql } from '../../src/db/connect.ts'
import { startEmbedded } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { dropDatabase } from '../drop-database.ts'
import { databaseUrl } from '../postgres.setup.ts'

/** Where each simulated deployment gets a database of its own. */
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

/** A database of its own for one seed. Nothing is kept of it: its commits need not reach the disk. */
export async function openDatabase(server: SimulationServer): Promise<{ sql: Sql; close(): Promise<void> }> {
  const name = `simulation_${randomBytes(6).toString('hex')}`
  const admin = connect(server.postgresUrl, { max: 1 })
  await admin`create database ${admin(name)} template ${admin(server.templateDatabase)}`
  await admin`alter database ${admin(name)} set synchronous_commit = off`
  const sql = connect(databaseUrl(server.postgresUrl, name), { max: 3 })
  return {
    sql,
    async close() {
      await sql.end({ timeout: 2 })
      await dropDatabase(admin, name)
      await admin.end()
    },
  }
}
