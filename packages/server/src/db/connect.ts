import { AsyncLocalStorage } from 'node:async_hooks'
import postgres from 'postgres'
import { assert } from '../kernel/assert.ts'

const types = {
  // Cents are bigint, and a bigint column arrives as one.
  bigint: postgres.BigInt,
  // A day is a text, 'YYYY-MM-DD': it has no hour and no zone.
  day: { to: 1082, from: [1082], serialize: (day: string) => day, parse: (day: string) => day },
}

/** The database, outside any transaction. */
export type Sql = postgres.Sql<{ bigint: bigint; day: string }>

/** Inside a transaction. A function that takes a Tx may not wait for anything but the database. */
export type Tx = postgres.TransactionSql<{ bigint: bigint; day: string }>

/**
 * For a pool whose statements all find rows by a key. A plan is kept from the first calls on, and those come when the
 * tables are empty and reading one whole costs nothing: kept, such a plan grows dearer with every row. So the planner
 * is told not to take it.
 */
const byKey = { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off' }

/** Opens a pool. Nothing is connected until the first query. */
export function connect(url: string, options: { max?: number; name?: string; byKey?: boolean } = {}): Sql {
  return postgres(url, {
    max: options.max ?? 10,
    types,
    onnotice: () => undefined,
    connection: { application_name: options.name ?? 'rialto', ...(options.byKey ? byKey : {}) },
  })
}

const open = new AsyncLocalStorage<true>()

const mostTries = 4
/** Two waited for each other in a circle, and the database ended one of them. */
const isDeadlock = (error: unknown): boolean => (error as { code?: unknown }).code === '40P01'

/**
 * Everything or nothing. What is thrown inside rolls back and is thrown again; whoever lost a deadlock is done once
 * more, since nothing of it has happened.
 */
export async function transact<T>(sql: Sql, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return (await sql.begin((tx) => open.run(true, () => work(tx)))) as T
    } catch (error) {
      if (!isDeadlock(error) || tries === mostTries) throw error
    }
  }
}

/**
 * Many reads of one moment, however long they take. Nothing can be written. Statements that read whole tables are
 * planned as such, also where the pool is told to find rows by key.
 */
export function readSnapshot<T>(sql: Sql, work: (tx: Tx) => Promise<T>): Promise<T> {
  return sql.begin('isolation level repeatable read read only', (tx) =>
    open.run(true, async () => {
      await tx`select set_config('enable_seqscan', 'on', true), set_config('plan_cache_mode', 'auto', true)`
      return work(tx)
    }),
  ) as Promise<T>
}

/** Called by the outbound client, the file drop and the bank connector: a transaction waits for none of them. */
export function assertOutsideTransaction(what: string): void {
  assert(!open.getStore(), `${what} is never used inside a transaction`)
}
