// Runs by itself, so that its memory is its own: one cut-off and what the bank says to it, and prints what it took.

import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { connect } from '../../packages/server/src/db/connect.ts'
import { startEmbedded } from '../../packages/server/src/db/embedded.ts'
import { migrate } from '../../packages/server/src/db/migrate.ts'
import type { House } from '../../packages/server/src/house.ts'
import { asDay, atEastern } from '../../packages/server/src/kernel/banking-day.ts'
import { idMaker } from '../../packages/server/src/kernel/id.ts'
import { createMerchant } from '../../packages/server/src/merchants/merchant.commands.ts'
import { openVault } from '../../packages/server/src/net/vault.ts'
import type { AchFileId } from '../../packages/server/src/rails/ach/ach-file.ts'
import { buildFile } from '../../packages/server/src/rails/ach/build-file.jobs.ts'
import { runCutOff } from '../../packages/server/src/rails/ach/cut-off.jobs.ts'
import { storeInbound } from '../../packages/server/src/rails/ach/inbound.commands.ts'
import { applyReports } from '../../packages/server/src/rails/ach/report.jobs.ts'
import { sendFile } from '../../packages/server/src/rails/ach/send-file.jobs.ts'
import { openFolderDrop } from '../../packages/server/src/rails/drops/folder.ts'
import { parseOriginatingBanks } from '../../packages/server/src/rails/originating-bank.ts'
import { bankAnswers } from './bank.ts'
import { payments, returned, seedPayments } from './seed.ts'
import type { Took } from './took.ts'
import { copyDatabase, cutOff, reports, runBare, writeOut } from './yardstick.ts'

const folder = mkdtempSync(join(tmpdir(), 'rialto-ach-'))
const embedded = await startEmbedded(folder)
const vaultKey = { id: 'bench', bytes: randomBytes(32) }
let now = atEastern(asDay('2026-01-05'), '20:00')

function openHouse(url: string): House {
  const banks = parseOriginatingBanks([
    {
      ...{ id: 'meridian', name: 'Meridian Trust', odfi: '044444444', immediateOrigin: '1400000001' },
      ...{ destinationName: 'MERIDIAN TRUST', originName: 'RIALTO', companyId: '1400000001', requireTwoPersons: false },
      ...{ maxEntriesPerFile: payments, maxDebitsPerFile: '99999999.00', drop: {} },
    },
  ])
  if ('problems' in banks) throw new Error(banks.problems.join('; '))
  const drop = openFolderDrop({ outgoing: join(folder, 'out'), incoming: join(folder, 'in') })
  const clock = () => now
  return {
    ...{ now: clock, realNow: clock, newId: idMaker(clock, randomBytes), random: randomBytes },
    ...{ sql: connect(url, { max: 10, byKey: true }), originatingBanks: banks, drop: () => drop },
    vault: openVault([vaultKey]),
    log: pino({ level: 'silent' }),
    settings: { environment: 'sandbox', secretPrefix: 'rialto_bench_', clientUrl: 'http://localhost:4001' },
  } as unknown as House
}

async function prepare(url: string): Promise<ReturnType<typeof copyDatabase>> {
  const sql = connect(url, { max: 2 })
  await migrate(sql, url)
  await sql.end()
  const house = openHouse(url)
  const { merchant } = await createMerchant(house, { name: 'Northwind Coffee' })
  await house.sql`update merchant set fee_bps = 80`
  await seedPayments(house, merchant.id)
  await house.sql.end()
  return copyDatabase(embedded, 'ours', 'bare')
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1_000
}

const mb = () => process.memoryUsage().rss / 1e6

async function measure(): Promise<Took> {
  const url = await embedded.database('ours')
  const bare = await prepare(url)
  const house = openHouse(url)
  const { sql } = house
  const files = join(folder, 'copies')
  mkdirSync(files)
  // The database runs as another user.
  chmodSync(files, 0o777)
  chmodSync(folder, 0o755)
  globalThis.gc?.()
  const mbBefore = mb()
  let mbMost = mbBefore
  const watch = setInterval(() => {
    mbMost = Math.max(mbMost, mb())
  }, 20)
  const collect = await seconds(() => runCutOff(house, 'meridian', now))
  const [file] = await sql<{ id: AchFileId; bytes: bigint }[]>`select id, bytes from ach_file`
  if (!file) throw new Error('no file was collected')
  const build = await seconds(() => buildFile(house, file.id))
  const send = await seconds(() => sendFile(house, file.id))
  const answers = await bankAnswers(sql, join(folder, 'out'))
  now = new Date(now.getTime() + 13 * 3_600_000)
  const store = await seconds(async () => {
    for (const [name, bytes] of answers) await storeInbound(house, 'meridian', name, bytes)
  })
  const apply = await seconds(() => applyReports(house, 'meridian'))
  clearInterval(watch)
  await check(house)
  const [built] = await sql<{ bytes: bigint }[]>`select bytes from ach_file`
  await writeOut(sql, cutOff, files, 'cut-off')
  await writeOut(sql, reports, files, 'reports')
  await sql.end()
  const cutOffBare = await runBare(bare, cutOff, files, 'cut-off')
  const reportsBare = await runBare(bare, reports, files, 'reports')
  await bare.end()
  return {
    ...{ collect, build, send, cutOffBare, store, apply, reportsBare, mbBefore, mbMost },
    fileBytes: Number(built?.bytes ?? 0n),
  }
}

async function check({ sql }: House): Promise<void> {
  const [row] = await sql<{ settled: number; back: number }[]>`
    select count(*) filter (where status = 'settled')::int as settled,
      count(*) filter (where status = 'retryable')::int as back from payment`
  if (row?.settled !== payments - returned || row.back !== returned)
    throw new Error(`${row?.settled} settled and ${row?.back} came back`)
}

try {
  console.log(JSON.stringify(await measure()))
} finally {
  await embedded.stop()
  rmSync(folder, { recursive: true, force: true })
}
