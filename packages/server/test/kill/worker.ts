// A worker by itself, to be killed: it does the jobs of one database until none is left, then ends. Its clock stands.
// It does not mind if the database goes away for a while.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { handOverDue } from '../../src/agenda/agenda.commands.ts'
import { connect } from '../../src/db/connect.ts'
import type { House } from '../../src/house.ts'
import { freeForgottenJobs } from '../../src/jobs/lost.ts'
import { startJobs } from '../../src/jobs/runner.ts'
import { idMaker } from '../../src/kernel/id.ts'
import { taskList } from '../../src/main/worker.ts'
import { openVault } from '../../src/net/vault.ts'
import { openFolderDrop } from '../../src/rails/drops/folder.ts'
import { testBank } from '../test-bank-settings.ts'

type Orders = Readonly<{ databaseUrl: string; folder: string; now: string; vaultKey: string }>

const orders = JSON.parse(process.argv[2] ?? '') as Orders
const now = () => new Date(orders.now)
const sql = connect(orders.databaseUrl, { max: 6 })
const drop = openFolderDrop({ outgoing: `${orders.folder}/outgoing`, incoming: `${orders.folder}/incoming` })
const house = {
  ...{ sql, now, realNow: now, newId: idMaker(now, randomBytes), random: randomBytes },
  ...{ originatingBanks: [testBank()], drop: () => drop, settings: {}, log: pino({ level: 'silent' }) },
  vault: openVault([{ id: 'test', bytes: Buffer.from(orders.vaultKey, 'base64') }]),
} as unknown as House

// Whoever was at work here before is dead.
await sql`select graphile_worker.force_unlock_workers(array_agg(distinct locked_by))
  from graphile_worker._private_jobs where locked_by is not null having count(*) > 0`
const jobs = await startJobs(orders.databaseUrl, taskList(house), house.log, { concurrency: 4 })
for (let quiet = false, isAtWork = false; !quiet; await sleep(10)) {
  // Not before: a runner whose very first question fails never asks another.
  if (!isAtWork && jobs.atWork().length > 0) process.stdout.write('at work\n')
  isAtWork ||= jobs.atWork().length > 0
  try {
    await freeForgottenJobs(sql, { pool: jobs.pool, atWork: jobs.atWork() }, 1_000)
    quiet = (await handOverDue(sql, now())) === 0 && (await hasNothingLeft())
  } catch {
    // The database is away. It comes back, and so do the connections.
    await sleep(100)
  }
}
await jobs.stop()
process.exit(0)

async function hasNothingLeft(): Promise<boolean> {
  const [left] = await sql<{ many: number }[]>`
    select count(*)::int as many from graphile_worker._private_jobs where is_available or locked_at is not null`
  return left?.many === 0
}
