import { readFileSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from './seed.ts'

/** What one payment's transaction said to PostgreSQL, with the values that differ from payment to payment marked. */
export type Statement = Readonly<{ sql: string; params: readonly Param[] }>
export type Param = Readonly<{ type: string; pieces: readonly Piece[] }>
/** Text as it was sent, or one of the values that are new for each payment. */
export type Piece = string | Readonly<{ fresh: Fresh }>
export type Fresh = 'key' | 'payment' | 'event1' | 'event2' | 'customer' | 'account'

type Line = { pid: string; sql: string; params: string[] }

/**
 * Has the server make one payment while PostgreSQL logs every statement, and reads the log. So what the yardsticks
 * replay is what the server really sent, and cannot grow old beside it.
 */
export async function recordPayment(sql: Sql, log: string, pay: (key: string) => Promise<void>): Promise<Statement[]> {
  const key = `bench-recorded-${Date.now()}`
  const from = statSync(log).size
  await sql`alter system set log_statement = 'all'`
  await sql`alter system set log_line_prefix = '%m [%p] '`
  await sql`select pg_reload_conf()`
  await sleep(500)
  try {
    await pay(key)
  } finally {
    await sql`alter system reset log_statement`
    await sql`alter system reset log_line_prefix`
    await sql`select pg_reload_conf()`
  }
  await sleep(500)
  const fresh = await freshValues(sql, key)
  const lines = ofOneTransaction(parseLog(readFileSync(log).subarray(from).toString('utf8')), [...fresh.keys()])
  return Promise.all(lines.map((line) => describe(sql, line, fresh)))
}

async function freshValues(sql: Sql, key: string): Promise<Map<string, Fresh>> {
  const rows = await sql<{ id: string; customer_id: string; account_id: string; events: string[] }[]>`
    select id, customer_id, account_id, array(select id::text from event where resource_id = payment.id order by id) as events
    from payment where request_key = ${key}`
  const [row] = rows
  if (row?.events.length !== 2) throw new Error('the recorded payment is not in the database with its two events')
  const [first = '', second = ''] = row.events
  const values: [string, Fresh][] = [
    [key, 'key'],
    [row.id, 'payment'],
    [row.customer_id, 'customer'],
    [row.account_id, 'account'],
    [first, 'event1'],
    [second, 'event2'],
  ]
  return new Map(values)
}

/** A statement goes on over lines that begin with a tab; its parameters follow as DETAIL. */
function parseLog(text: string): Line[] {
  const lines: Line[] = []
  for (const entry of text.split(/\n(?=\d{4}-\d\d-\d\d )/)) {
    const [, pid = '', kind, rest = ''] = /^\S+ \S+ \S+ \[(\d+)\] (LOG|DETAIL): {2}(.*)$/s.exec(entry.trimEnd()) ?? []
    const said = /^(?:statement|execute [^:]*): (.*)$/s.exec(rest)
    if (kind === 'LOG' && said) lines.push({ pid, sql: (said[1] ?? '').replace(/\s+/g, ' ').trim(), params: [] })
    const last = lines.findLast((line) => line.pid === pid)
    if (kind === 'DETAIL' && last && /^parameters: /i.test(rest)) last.params = parseParams(rest)
  }
  return lines
}

const parseParams = (detail: string): string[] =>
  [...detail.matchAll(/\$\d+ = (?:'((?:[^']|'')*)'|(NULL))/g)].map(([, value, missing]) => {
    if (missing) throw new Error('a NULL parameter cannot be replayed')
    return (value ?? '').replaceAll("''", "'")
  })

function ofOneTransaction(lines: readonly Line[], values: readonly string[]): Line[] {
  const speaks = ({ sql, params }: Line) =>
    /^insert into payment\b|\binto payment \(/.test(sql) &&
    params.some((text) => values.some((value) => text.includes(value)))
  const found = lines.find(speaks)
  if (!found) throw new Error('the log does not show how the payment was inserted')
  const own = lines.filter(({ pid }) => pid === found.pid)
  const at = own.indexOf(found)
  const begin = own.findLastIndex(({ sql }, index) => index < at && /^begin\b/i.test(sql))
  const end = own.findIndex(({ sql }, index) => index > at && /^commit\b/i.test(sql))
  // A payment that takes a single statement needs no begin and commit.
  return begin >= 0 && end >= 0 ? own.slice(begin, end + 1) : [found]
}

async function describe(sql: Sql, { sql: text, params }: Line, fresh: Map<string, Fresh>): Promise<Statement> {
  if (params.length === 0) return { sql: text, params: [] }
  const types = await sql.begin(async (tx) => {
    await tx.unsafe(`prepare rialto_bench as ${text}`)
    const [row] = await tx<{ types: string[] }[]>`
      select parameter_types::text[] as types from pg_prepared_statements where name = 'rialto_bench'`
    await tx.unsafe('deallocate rialto_bench')
    return row?.types ?? []
  })
  return { sql: text, params: params.map((param, at) => ({ type: types[at] ?? 'text', pieces: split(param, fresh) })) }
}

function split(text: string, fresh: Map<string, Fresh>): Piece[] {
  const names = [...fresh.keys()].map((value) => value.replace(/[^\w-]/g, '\\$&'))
  const parts = text.split(new RegExp(`(${names.join('|')})`)).filter((part) => part !== '')
  return parts.map((part): Piece => {
    const name = fresh.get(part)
    return name ? { fresh: name } : part
  })
}
