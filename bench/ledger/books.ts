import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { connect, type Sql, transact } from '../../packages/server/src/db/connect.ts'
import { startEmbedded } from '../../packages/server/src/db/embedded.ts'
import { migrate } from '../../packages/server/src/db/migrate.ts'
import { asDay } from '../../packages/server/src/kernel/banking-day.ts'
import type { MerchantId } from '../../packages/server/src/kernel/id.ts'
import { Money } from '../../packages/server/src/kernel/money.ts'
import { books, type Journal, type Posting } from '../../packages/server/src/ledger/books.ts'
import { openMerchantAccounts, post } from '../../packages/server/src/ledger/ledger.store.ts'

/** The merchant that everybody pays. */
export const merchantId = 'a0000000-0000-7000-8000-000000000001' as MerchantId
const day = asDay('2026-01-05')

/** A database of our own with the books in it, and so much on its way that no amount of settling uses it up. */
export async function withBooks<T>(work: (url: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'rialto-bench-'))
  const embedded = await startEmbedded(folder)
  try {
    const url = await embedded.database('books')
    const sql = connect(url, { max: 2 })
    await migrate(sql, url)
    await sql`insert into merchant (id, name, created_at) values (${merchantId}, 'Hot', now())`
    const plenty = Money.of(10n ** 15n)
    const sent = { debit: books.debitsInTransit, credit: books.pending(merchantId), amount: plenty }
    await transact(sql, async (tx) => {
      await openMerchantAccounts(tx, merchantId)
      await post(tx, [{ id: 'bench:sent', reason: 'bench', day, postings: [sent] }], new Date())
    })
    await sql.end()
    return await work(url)
  } finally {
    await embedded.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

let made = 0
const run = Date.now().toString(16).padStart(12, '0')

/** Like a UUIDv7: later ones are greater. */
export const freshId = (): string => {
  const n = (++made).toString(16).padStart(12, '0')
  return `${run.slice(0, 8)}-${run.slice(8)}-7000-8000-${n}`
}

/** What is written when one payment of $12.34 settles: three entries. */
export function settled(id: string): Posting[] {
  const of = { subjectId: id, subjectSeq: 4 }
  return [
    { debit: books.bank, credit: books.debitsInTransit, amount: Money.of(1_234n), ...of },
    { debit: books.pending(merchantId), credit: books.held(merchantId), amount: Money.of(1_224n), ...of },
    { debit: books.pending(merchantId), credit: books.fees, amount: Money.of(10n), ...of },
  ]
}

export const journalOf = (id: string): Journal => ({
  ...{ id: `payment:${id}:settled:4`, reason: 'payment settled', day, postings: settled(id) },
})

export const postAll = (sql: Sql, journals: readonly Journal[]): Promise<unknown> =>
  transact(sql, (tx) => post(tx, journals, new Date()))

export type Said = Readonly<{ text: string; params: readonly unknown[] }>

/** What posting one journal says to PostgreSQL, in order: so the yardstick cannot grow old beside it. */
export async function recordOne(url: string, id: string): Promise<Said[]> {
  const said: Said[] = []
  const debug = (_: number, text: string, params: unknown[]) => void said.push({ text, params })
  const sql = postgres(url, { max: 1, debug, types: { bigint: postgres.BigInt } }) as unknown as Sql
  // The first time, statements are described; the second time is what the platform does all day.
  await postAll(sql, [journalOf(freshId())])
  said.length = 0
  await postAll(sql, [journalOf(id)])
  await sql.end()
  return said
}

export type Counts = Readonly<{ journals: number; entries: number }>

export async function countRows(sql: Sql): Promise<Counts> {
  const [row] = await sql<Counts[]>`
    select (select count(*)::int from ledger_journal) as journals, (select count(*)::int from ledger_entry) as entries`
  if (!row) throw new Error('nothing was counted')
  return row
}
