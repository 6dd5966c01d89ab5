import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { transact } from '../../src/db/connect.ts'
import { ask } from '../../src/jobs/tasks.ts'
import { proveBooks } from '../../src/ledger/proof/prove.ts'
import { scheduleRails } from '../../src/rails/ach/schedule.commands.ts'
import { seedPayer, seedPayments } from '../seed-payments.ts'
import { openTestBank, readSent } from '../test-bank.ts'
import { openTestHouse, type TestHouse } from '../test-house.ts'

/** The most that a worker is killed in each half of a story, and how many stories there are. */
const kills = Number(process.env.KILLS ?? 4)
const stories = Number(process.env.KILL_STORIES ?? 1)
const many = 1_500
const returned = 100

let t: TestHouse
let folder: string
beforeEach(async () => {
  t = await openTestHouse()
  folder = mkdtempSync(join(tmpdir(), 'rialto-kill-'))
  for (const name of ['outgoing', 'incoming']) mkdirSync(join(folder, name))
})
afterEach(async () => {
  await t.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Ends by itself when nothing is left to do, or is killed after so many milliseconds. Answers whether it ended. */
function work(killAfterMs?: number): Promise<boolean> {
  const orders = JSON.stringify({
    ...{ databaseUrl: t.databaseUrl, folder, now: t.clock.now.toISOString() },
    vaultKey: Buffer.from(t.vaultKey.bytes).toString('base64'),
  })
  const program = join(import.meta.dirname, 'worker.ts')
  const child = spawn(process.execPath, [program, orders], { stdio: ['ignore', 'ignore', 'inherit'] })
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      if (signal === 'SIGKILL') done(false)
      else if (code === 0) done(true)
      else fail(new Error(`the worker ended with ${code}`))
    })
  })
}

/** Killed at moments spread over the work, then left to finish. */
async function workThroughKills(): Promise<number> {
  let killed = 0
  for (let turn = 0; turn < kills; turn++) {
    // A process needs about a second to begin; what comes after is its work.
    if (await work(700 + (turn * 1_300) / kills)) return killed
    killed++
    await sleep(20)
  }
  await work()
  return killed
}

const title = 'ends with the same books, and no entry in two files, however often a worker is killed'
it.each(Array.from({ length: stories }, (_, story) => story + 1))(
  `${title} (story %i)`,
  async () => {
    const payer = await seedPayer(t.house)
    await seedPayments(t.house, payer, many)
    await t.house.sql`update merchant set fee_bps = 100`
    // An hour before the evening's cut-off.
    t.clock.now = new Date('2026-01-06T00:00:00Z')
    await scheduleRails(t.house)
    t.clock.now = new Date('2026-01-06T01:00:00Z')
    let killed = await workThroughKills()

    const names = readdirSync(join(folder, 'outgoing'))
    expect(names).toHaveLength(1)
    const [name = ''] = names
    const file = readSent(name, readFileSync(join(folder, 'outgoing', name), 'latin1'))
    expect(file.entries).toHaveLength(many)
    expect(new Set(file.entries.map(({ individualId }) => individualId)).size).toBe(many)

    const bank = openTestBank({
      ...t.bankDrop,
      leave: (as, text) => writeFileSync(join(folder, 'incoming', as), text, 'latin1'),
    })
    bank.acknowledge(file)
    bank.settle(file, '2026-01-06')
    bank.returns(
      '2026-01-06',
      file.entries.slice(0, returned).map((entry) => ({ entry, code: 'R01' })),
    )
    t.clock.now = new Date('2026-01-06T13:50:00Z')
    await transact(t.house.sql, (tx) => ask(tx, 'collect-reports', { bankId: 'meridian' }))
    killed += await workThroughKills()

    const balances = await t.house.sql<{ id: string; balance: bigint }[]>`
    select regexp_replace(id, '^merchant:[^:]+:', '') as id, balance from ledger_account where balance <> 0 order by 1`
    const cents = BigInt(many) * 10_000n
    const back = BigInt(returned) * 10_000n
    const fees = cents / 100n
    expect(Object.fromEntries(balances.map(({ id, balance }) => [id, balance]))).toEqual({
      'bank:settlement': cents - back,
      'platform:fees': fees,
      available: -BigInt(returned) * 100n,
      held: BigInt(many - returned) * 9_900n,
    })
    const { checks } = await proveBooks(t.house)
    expect(checks.flatMap(({ difference }) => (difference ? [difference.says] : []))).toEqual([])
    expect(killed, 'somebody was killed').toBeGreaterThan(0)
  },
  300_000,
)
