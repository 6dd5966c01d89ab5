import { join } from 'node:path'
import { connect, type Sql } from '../../packages/server/src/db/connect.ts'
import type { startEmbedded } from '../../packages/server/src/db/embedded.ts'

type Embedded = Awaited<ReturnType<typeof startEmbedded>>

/** A second database as ours is now. Nobody is connected to ours meanwhile. */
export async function copyDatabase(embedded: Embedded, from: string, to: string): Promise<Sql> {
  const admin = connect(await embedded.database('postgres'), { max: 1 })
  await admin.unsafe(`create database ${to} template ${from}`)
  await admin.end()
  const sql = connect(await embedded.database(to), { max: 1 })
  await sql`vacuum analyze`
  return sql
}

/** The rows of one table that one step wrote. */
type Written = Readonly<{ table: string; rows: string }>
type Step = Readonly<{ written: readonly Written[]; update: string }>

const moves = (kind: string): Written => ({
  table: 'payment_move',
  rows: `select * from payment_move where fact ->> 'kind' = '${kind}'`,
})
const events = (type: string): Written => ({ table: 'event', rows: `select * from event where type = '${type}'` })
const books = (reason: string): Written[] => [
  { table: 'ledger_journal', rows: `select * from ledger_journal where reason = '${reason}'` },
  {
    table: 'ledger_entry',
    rows: `select entry.* from ledger_entry as entry join ledger_journal on number = journal where reason = '${reason}'`,
  },
]
const all = (table: string): Written => ({ table, rows: `select * from ${table}` })

/** What the two halves of the work cannot do without: the same rows copied in, the same payments updated at once. */
export const cutOff: readonly Step[] = [
  {
    written: [all('ach_file'), all('ach_batch'), all('ach_entry'), moves('scheduled'), events('payment.scheduled')],
    update: `update payment set status = 'scheduled', moves = 2`,
  },
  {
    written: [moves('initiated'), events('payment.initiated'), ...books('payment initiated')],
    update: `update payment set status = 'initiated', moves = 3`,
  },
]
export const reports: readonly Step[] = [
  {
    written: [
      all('ach_inbound'),
      all('ach_report'),
      moves('settled'),
      events('payment.succeeded'),
      ...books('payment settled'),
    ],
    update: `update payment set status = 'settled', moves = 4, settled_on = '2026-01-06', first_settled_on = '2026-01-06',
      funds_on = '2026-01-08', fee = 10, in_hold = amount - 10`,
  },
  {
    written: [moves('returned'), events('payment.failed'), ...books('payment returned')],
    update: `update payment set status = 'retryable', moves = 5, return_code = 'R01', returned_from = 'settled', in_hold = 0
      from payment_move where payment_id = id and seq = 5`,
  },
]

/** Writes what ours wrote into files, table by table; the database itself reads and writes them, as fast as it can. */
export async function writeOut(ours: Sql, steps: readonly Step[], folder: string, name: string): Promise<void> {
  for (const [index, { written }] of steps.entries())
    for (const [at, { rows }] of written.entries()) {
      await ours.unsafe(`copy (${rows}) to '${join(folder, `${name}-${index}-${at}`)}'`)
    }
}

/** Seconds for the same rows in the copy: each step one transaction of COPYs and one UPDATE. */
export async function runBare(bare: Sql, steps: readonly Step[], folder: string, name: string): Promise<number> {
  const began = performance.now()
  for (const [index, { written, update }] of steps.entries())
    await bare.begin(async (tx) => {
      for (const [at, { table }] of written.entries()) {
        await tx.unsafe(`copy ${table} from '${join(folder, `${name}-${index}-${at}`)}'`)
      }
      await tx.unsafe(update)
    })
  return (performance.now() - began) / 1_000
}
