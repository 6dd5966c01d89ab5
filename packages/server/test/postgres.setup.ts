import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { connect } from '../src/db/connect.ts'
import { startEmbedded } from '../src/db/embedded.ts'
import { migrate } from '../src/db/migrate.ts'
import { dropDatabase } from './drop-database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's address of the database `postgres` on the run's server. */
    postgresUrl: string
    /** The name of a migrated database that test files clone. */
    templateDatabase: string
  }
}

/** One PostgreSQL for the run: the embedded one, or the one TEST_DATABASE_URL names. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'rialto-test-'))
  const outside = process.env.TEST_DATABASE_URL
  const embedded = outside ? undefined : await startEmbedded(folder)
  const url = outside ?? (await embedded?.database('postgres')) ?? ''
  const template = `rialto_template_${process.pid}`
  const admin = connect(url, { max: 1 })
  await admin`create database ${admin(template)}`
  const templateUrl = databaseUrl(url, template)
  const sql = connect(templateUrl, { max: 2 })
  await migrate(sql, templateUrl)
  await sql.end()
  project.provide('postgresUrl', url)
  project.provide('templateDatabase', template)
  return async () => {
    await dropDatabase(admin, template)
    await admin.end()
    await embedded?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

export function databaseUrl(url: string, name: string): string {
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.href
}
