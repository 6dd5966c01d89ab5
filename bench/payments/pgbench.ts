import { existsSync, writeFileSync } from 'node:fs'
import { output } from '../measuring/processes.ts'
import type { Fresh, Statement } from './record.ts'
import { accountPrefix, customerPrefix } from './seed.ts'

const program = ['/usr/bin/pgbench', '/usr/lib/postgresql/18/bin/pgbench'].find((path) => existsSync(path))
export const hasPgbench = program !== undefined

export type Script = Readonly<{ file: string; variables: Readonly<Record<string, string>> }>

/**
 * Like a UUIDv7: first the time, here a number that grows with every transaction, so rows arrive at the index's edge.
 */
const id = (last: string) =>
  `(lpad(to_hex(:t::bigint), 12, '0') || '7' || lpad(to_hex(:client_id::int), 3, '0') || '8${last.padStart(15, '0')}')`
const numbered = (prefix: string) => `('${prefix}' || lpad(to_hex(:c::int), 12, '0'))`
const freshValue: Record<Fresh, string> = {
  key: `('pgbench-' || :t::text || '-' || :client_id::text)`,
  payment: id('1'),
  event1: id('2'),
  event2: id('3'),
  customer: numbered(customerPrefix),
  account: numbered(accountPrefix),
}

/**
 * The recorded statements as a pgbench script: the same text, each parameter still a parameter, and the ids put
 * together by PostgreSQL because pgbench has no texts of its own. `pipelined`: sent without waiting between statements.
 */
export function writeScript(file: string, statements: readonly Statement[], customers: number): Script {
  const variables: Record<string, string> = {}
  const constant = (text: string): string => {
    const name = `p${Object.keys(variables).length + 1}`
    variables[name] = text
    return `:${name}`
  }
  const lines = statements.map(({ sql, params }) => {
    const values = params.map(({ type, pieces }) => {
      const [only] = pieces
      if (pieces.length === 1 && typeof only === 'string') return `${constant(only)}::${type}`
      const parts = pieces.map((piece) =>
        typeof piece === 'string' ? `${constant(piece)}::text` : freshValue[piece.fresh],
      )
      return `(${parts.join(' || ')})::${type}`
    })
    return `${sql.replace(/\$(\d+)/g, (_, at: string) => values[Number(at) - 1] ?? '')};`
  })
  const sets = ['\\set n :n + 1', '\\set t :base + :n', `\\set c random(1, ${customers})`]
  writeFileSync(file, [...sets, ...lines, ''].join('\n'))
  return { file, variables }
}

export type PgbenchResult = Readonly<{ perSecond: number; transactions: number }>

let base = Date.now()

export async function runPgbench(
  url: string,
  script: Script,
  clients: number,
  seconds: number,
): Promise<PgbenchResult> {
  if (!program) throw new Error('there is no pgbench')
  const { hostname, port, username, password, pathname } = new URL(url)
  const defines = Object.entries({ ...script.variables, n: '0', base: String(base) }).flatMap(([name, value]) => [
    '-D',
    `${name}=${value}`,
  ])
  // No two runs may make the same ids.
  base += 10_000_000
  const load = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(seconds)]
  const env = {
    ...process.env,
    // Otherwise PostgreSQL plans some of the statements anew for every payment, and pgbench is slower for it.
    PGOPTIONS: '-c plan_cache_mode=force_generic_plan',
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: password,
    PGDATABASE: pathname.slice(1),
  }
  const printed = await output(program, [...load, '-f', script.file, ...defines], {
    env,
    limitMs: (seconds + 60) * 1_000,
  })
  const number = (pattern: RegExp) => Number(pattern.exec(printed)?.[1] ?? Number.NaN)
  const failed = number(/number of failed transactions: (\d+)/)
  if (failed > 0) throw new Error(`${failed} transactions of pgbench failed`)
  const result = {
    perSecond: number(/tps = ([\d.]+) \(without/),
    transactions: number(/number of transactions actually processed: (\d+)/),
  }
  if (Number.isNaN(result.perSecond)) throw new Error(`pgbench said something else: ${printed.slice(-500)}`)
  return result
}
