import { readdir, readFile } from 'node:fs/promises'
import type { Sql } from './connect.ts'

const folder = new URL('./migrations/', import.meta.url)
/** Any number will do, so long as nothing else in this database uses it. */
const LOCK = 4_010_001

/**
 * Runs each new file of migrations/ once, in order, in one transaction each. Processes starting together take turns.
 */
export async function migrate(sql: Sql): Promise<void> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const connection = await sql.reserve()
  try {
    await connection`select pg_advisory_lock(${LOCK})`
    await connection`create table if not exists migration (name text primary key, ran_at timestamptz not null default now())`
    const done = new Set((await connection<{ name: string }[]>`select name from migration`).map((row) => row.name))
    for (const name of files.filter((file) => !done.has(file))) {
      const text = await readFile(new URL(name, folder), 'utf8')
      await connection.unsafe(`begin; ${text}; insert into migration (name) values ('${name}'); commit`)
    }
  } finally {
    // A failed file leaves its transaction open; ending it is what lets the lock go.
    await connection.unsafe('rollback').catch(() => {})
    await connection`select pg_advisory_unlock(${LOCK})`.catch(() => {})
    connection.release()
  }
}
