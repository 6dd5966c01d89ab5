import postgres from 'postgres'
import type { Fresh, Param, Statement } from './record.ts'
import { accountPrefix, customerPrefix, type Sql } from './seed.ts'

export type BatchResult = Readonly<{ perSecond: number; payments: number }>

let made = 0
const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0')

function freshOf(run: number, customers: number): Record<Fresh, string> {
  const n = ++made
  const id = (last: number) => `${hex(run, 12).replace(/^(.{8})/, '$1-')}-7000-8${hex(last, 3)}-${hex(n, 12)}`
  const customer = hex(1 + (n % customers), 12)
  return {
    ...{ key: `batch-${run}-${n}`, payment: id(1), event1: id(2), event2: id(3) },
    ...{ customer: customerPrefix + customer, account: accountPrefix + customer },
  }
}

const fill = (param: Param, values: Record<Fresh, string>): string =>
  param.pieces.map((piece) => (typeof piece === 'string' ? piece : values[piece.fresh])).join('')

/** Of an array as PostgreSQL writes it: {plain,NULL,"with, quotes"}. */
const elements = (text: string): (string | null)[] =>
  [...text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|[^,]+/g)].map(([whole, quoted]) =>
    quoted === undefined ? (whole === 'NULL' ? null : whole) : quoted.replace(/\\(.)/g, '$1'),
  )

/** A list of one payment's things becomes the list of all payments' things; what is no list is the same for all. */
function together(param: Param, payments: readonly Record<Fresh, string>[]): unknown {
  const texts = payments.map((values) => fill(param, values))
  if (param.type === 'jsonb' || param.type === 'json') {
    const parsed = texts.map((text) => JSON.parse(text) as unknown)
    return Array.isArray(parsed[0]) ? parsed.flat() : parsed[0]
  }
  if (param.type.endsWith('[]')) return texts.flatMap(elements)
  return texts[0]
}

/**
 * One connection that writes batches, one transaction each, one after the other, with the statements the server sends.
 */
export async function runBatches(
  url: string,
  statements: readonly Statement[],
  { size, seconds, customers }: { size: number; seconds: number; customers: number },
): Promise<BatchResult> {
  const sql: Sql = postgres(url, { max: 1 })
  const run = Date.now()
  const said = statements.filter(({ sql: text }) => !/^(begin|commit)\b/i.test(text))
  try {
    await sql`select 1`
    const from = performance.now()
    let payments = 0
    while (performance.now() - from < seconds * 1_000) {
      const batch = Array.from({ length: size }, () => freshOf(run, customers))
      await sql.begin(async (tx) => {
        for (const { sql: text, params } of said)
          await tx.unsafe(text, params.map((param) => together(param, batch)) as never[], { prepare: true })
      })
      payments += size
    }
    return { perSecond: payments / ((performance.now() - from) / 1_000), payments }
  } finally {
    await sql.end()
  }
}
