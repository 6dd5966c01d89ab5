import { setTimeout as wait } from 'node:timers/promises'
import postgres from 'postgres'

type Types = { bigint: bigint }
export type Sql = postgres.Sql<Types>
/** Inside a transaction. A function that takes a Tx may not wait for anything but the database. */
export type Tx = postgres.TransactionSql<Types>

const RETRY_EVERY_MS = 500
const CONNECTIONS = 8

/** Errors of a server that is absent or still starting; anything else will not mend itself by waiting. */
const comesBack = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'CONNECT_TIMEOUT', 'CONNECTION_CLOSED', '57P03'])
const NO_SUCH_DATABASE = '3D000'
/** Another process made it first, in one of the two ways PostgreSQL says so. */
const alreadyThere = new Set(['42P04', '23505'])

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

function open(url: string, max: number): Sql {
  return postgres(url, { max, types: { bigint: postgres.BigInt }, onnotice: () => {}, connect_timeout: 5 })
}

/** Creates the database named in the URL, through the server's own database `postgres`. */
async function createDatabase(url: string): Promise<void> {
  const name = decodeURIComponent(new URL(url).pathname.slice(1))
  const server = new URL(url)
  server.pathname = '/postgres'
  const sql = open(server.href, 1)
  try {
    await sql`create database ${sql(name)}`
  } catch (error) {
    if (!alreadyThere.has(codeOf(error))) throw error
  } finally {
    await sql.end()
  }
}

/**
 * A pool on the database, which is created if it is missing.
 * Waits up to `patienceMs` for a server that is still starting; then throws the last reason.
 */
export async function connect(url: string, patienceMs: number): Promise<Sql> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const sql = open(url, CONNECTIONS)
    try {
      await sql`select 1`
      return sql
    } catch (error) {
      await sql.end({ timeout: 1 })
      const code = codeOf(error)
      if (code === NO_SUCH_DATABASE) await createDatabase(url)
      else if (!comesBack.has(code) || performance.now() > deadline) throw error
      else await wait(RETRY_EVERY_MS)
    }
  }
}
