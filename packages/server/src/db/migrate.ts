import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Logger, runMigrations } from 'graphile-worker'
import type { Sql } from './connect.ts'

const folder = join(import.meta.dirname, 'migrations')
const lock = 5_280_157
const silent = new Logger(() => () => undefined)

/**
 * Brings the database to the newest page, one transaction for each. Ten processes that start at once take turns and run
 * each file once. Answers the names of the files it ran.
 */
export async function migrate(sql: Sql, url: string): Promise<string[]> {
  const session = await sql.reserve()
  try {
    await session`select pg_advisory_lock(${lock})`
    // The job runner keeps its own schema; our functions may ask for jobs as soon as the first page is in.
    await runMigrations({ connectionString: url, logger: silent })
    await session`create table if not exists migration (name text primary key, ran_at timestamptz not null default now())`
    const done = new Set((await session<{ name: string }[]>`select name from migration`).map((row) => row.name))
    const ran: string[] = []
    for (const name of (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()) {
      if (done.has(name)) continue
      const page = await readFile(join(folder, name), 'utf8')
      await session.unsafe(`begin; ${page}; insert into migration (name) values ('${name}'); commit`).catch((error) => {
        return session.unsafe('rollback').then(() => {
          throw new Error(`migration ${name} failed: ${(error as Error).message}`, { cause: error })
        })
      })
      ran.push(name)
    }
    return ran
  } finally {
    await session`select pg_advisory_unlock(${lock})`
    session.release()
  }
}

/** The pages this build has and the database lacks. Empty: ready. */
export async function pendingMigrations(sql: Sql): Promise<string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  const done = await sql<{ name: string }[]>`select name from migration`.catch(() => [])
  return files.filter((file) => !done.some((row) => row.name === file))
}
