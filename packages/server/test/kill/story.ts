import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { transact } from '../../src/db/connect.ts'
import { ask } from '../../src/jobs/tasks.ts'
import { proveBooks } from '../../src/ledger/proof/prove.ts'
import { scheduleRails } from '../../src/rails/ach/schedule.commands.ts'
import { seedPayer, seedPayments } from '../seed-payments.ts'
import { openTestBank, readSent } from '../test-bank.ts'
import type { TestHouse } from '../test-house.ts'

const many = 1_500
const returned = 100

/** A cut-off of many payments, then the receiving of their settlement and of what came back. */
export type KillStory = Readonly<{
  /** The evening's cut-off has come. */
  cutOff(): Promise<void>
  /** There is one file in the drop, with each payment once; the bank has answered. */
  receive(): Promise<void>
  /** The books are as they would be if nobody had died. */
  end(): Promise<void>
  /** A worker in a process of its own, which says so when it is at work, and ends when nothing is left to do. */
  startWorker(): ChildProcess
  close(): void
}>

export function openKillStory(t: TestHouse): KillStory {
  const folder = mkdtempSync(join(tmpdir(), 'rialto-kill-'))
  for (const name of ['outgoing', 'incoming']) mkdirSync(join(folder, name))
  return {
    async cutOff() {
      await seedPayments(t.house, await seedPayer(t.house), many)
      await t.house.sql`update merchant set fee_bps = 100`
      // An hour before the evening's cut-off.
      t.clock.now = new Date('2026-01-06T00:00:00Z')
      await scheduleRails(t.house)
      t.clock.now = new Date('2026-01-06T01:00:00Z')
    },
    async receive() {
      const names = readdirSync(join(folder, 'outgoing'))
      expect(names).toHaveLength(1)
      const [name = ''] = names
      const file = readSent(name, readFileSync(join(folder, 'outgoing', name), 'latin1'))
      expect(file.entries).toHaveLength(many)
      expect(new Set(file.entries.map(({ individualId }) => individualId)).size).toBe(many)
      const leave = (as: string, text: string) => writeFileSync(join(folder, 'incoming', as), text, 'latin1')
      const bank = openTestBank({ ...t.bankDrop, leave })
      bank.acknowledge(file)
      bank.settle(file, '2026-01-06')
      bank.returns(
        '2026-01-06',
        file.entries.slice(0, returned).map((entry) => ({ entry, code: 'R01' })),
      )
      t.clock.now = new Date('2026-01-06T13:50:00Z')
      await transact(t.house.sql, (tx) => ask(tx, 'collect-reports', { bankId: 'meridian' }))
    },
    async end() {
      const balances = await t.house.sql<{ id: string; balance: bigint }[]>`
        select regexp_replace(id, '^merchant:[^:]+:', '') as id, balance from ledger_account
        where balance <> 0 order by 1`
      const [cents, back] = [BigInt(many) * 10_000n, BigInt(returned) * 10_000n]
      expect(Object.fromEntries(balances.map(({ id, balance }) => [id, balance]))).toEqual({
        'bank:settlement': cents - back,
        'platform:fees': cents / 100n,
        available: -BigInt(returned) * 100n,
        held: BigInt(many - returned) * 9_900n,
      })
      const entries = await t.house.sql`
        select subject_id from ach_entry where not voided group by subject_id having count(*) > 1`
      expect(entries, 'entries in two files').toEqual([])
      const { checks } = await proveBooks(t.house)
      expect(checks.flatMap(({ difference }) => (difference ? [difference.says] : []))).toEqual([])
    },
    startWorker() {
      const orders = JSON.stringify({
        ...{ databaseUrl: t.databaseUrl, folder, now: t.clock.now.toISOString() },
        vaultKey: Buffer.from(t.vaultKey.bytes).toString('base64'),
      })
      const program = join(import.meta.dirname, 'worker.ts')
      return spawn(process.execPath, [program, orders], { stdio: ['ignore', 'pipe', 'pipe'] })
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** How a worker's process ended: what it said last, unless it was well. */
export function endOf(child: ChildProcess): Promise<{ code: number | null; signal: string | null; words: string }> {
  let words = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    words = `${words}${chunk}`.slice(-4_000)
  })
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('exit', (code, signal) => done({ code, signal, words }))
  })
}
