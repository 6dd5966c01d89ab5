import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, connect as dial, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '../../src/db/connect.ts'
import { startEmbedded } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { databaseUrl } from '../postgres.setup.ts'

/** A PostgreSQL that is killed and comes back, as durable as in production, at one address for all its lives. */
export type MortalDatabase = Readonly<{
  postgresUrl: string
  templateDatabase: string
  /** Kills every process of the server at once, and starts it again on the same folder. */
  killAndRestart(): Promise<void>
  stop(): Promise<void>
}>

export async function openMortalDatabase(): Promise<MortalDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'rialto-mortal-'))
  let embedded = await startEmbedded(folder)
  let live = new URL(await embedded.database('postgres'))
  const door = await openDoor(() => Number(live.port))
  const postgresUrl = Object.assign(new URL(live), { port: String(door.port) }).href
  const templateDatabase = 'kill_template'
  const url = await embedded.database(templateDatabase)
  const sql = connect(url, { max: 2 })
  await migrate(sql, url)
  const [durable] = await sql<{ how: string }[]>`
    select concat_ws(' ', current_setting('fsync'), current_setting('synchronous_commit')) as how`
  if (durable?.how !== 'on on') throw new Error(`this server is not as durable as in production: ${durable?.how}`)
  await sql.end()
  return {
    postgresUrl: databaseUrl(postgresUrl, 'postgres'),
    templateDatabase,
    async killAndRestart() {
      const postmaster = Number(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
      const all = [postmaster, ...descendantsOf(postmaster)]
      for (const pid of all) kill(pid)
      while (all.some(isAtWork)) await sleep(5)
      // What is left of the former life is the shell that waited for it.
      await embedded.stop()
      embedded = await startEmbedded(folder)
      live = new URL(await embedded.database('postgres'))
    },
    async stop() {
      await door.close()
      await embedded.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** One port of ours behind which is, at any time, another one. */
async function openDoor(port: () => number): Promise<{ port: number; close(): Promise<void> }> {
  const open = new Set<Socket>()
  const server = createServer((inside) => {
    const outside = dial(port(), '127.0.0.1')
    for (const [one, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      open.add(one)
      one.setNoDelay(true)
      one.pipe(other)
      one.on('error', () => undefined)
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    async close() {
      for (const one of open) one.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}

/** State and parent, as /proc tells them behind the name, which may hold anything. */
function statOf(pid: number): { state: string; parent: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '', parent] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state, parent: Number(parent) }
  } catch {
    return undefined
  }
}

function isAtWork(pid: number): boolean {
  const state = statOf(pid)?.state
  return state !== undefined && state !== 'Z' && state !== 'X'
}

function descendantsOf(pid: number): number[] {
  const all = readdirSync('/proc').map(Number).filter(Number.isInteger)
  const children = all.filter((one) => statOf(one)?.parent === pid)
  return [...children, ...children.flatMap(descendantsOf)]
}
