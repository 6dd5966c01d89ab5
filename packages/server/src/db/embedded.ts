import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { StartProblem } from '../kernel/start-problem.ts'
import { embeddedBinaries, type Runner, runnerForRoot } from './embedded-binaries.ts'

export type Embedded = Readonly<{
  /** The address of a database in this server; it is made when it is missing. */
  database(name: string): Promise<string>
  stop(): Promise<void>
}>

const user = 'rialto'
const leastFreeBytes = 500e6

/**
 * A real PostgreSQL, started and owned by this process, its data in `dataDir/postgres`. Only loopback reaches it, on a
 * free port. It stops when this process ends, even by kill -9, and recovers by itself from its own kill -9.
 * Throws StartProblem when another Rialto owns the folder or the disk is full.
 */
export async function startEmbedded(dataDir: string): Promise<Embedded> {
  const home = resolve(dataDir)
  const cluster = join(home, 'postgres')
  mkdirSync(home, { recursive: true })
  await waitForFormerOwner(cluster, home)
  const binaries = await embeddedBinaries()
  const runner = runnerForRoot()
  const password = passwordOf(home)
  if (!existsSync(join(cluster, 'PG_VERSION'))) await initialise(binaries.initdb, home, cluster, password, runner)

  const port = await freePort()
  const log = join(home, 'postgres.log')
  const server = launch(binaries.postgres, cluster, port, log, runner)
  const url = (name: string) => `postgres://${user}:${password}@127.0.0.1:${port}/${name}`
  await untilReady(server, url('postgres'), log, home)

  return {
    async database(name) {
      const sql = postgres(url('postgres'), { max: 1, onnotice: () => undefined })
      const there = await sql`select 1 from pg_database where datname = ${name}`
      if (there.length === 0) await sql`create database ${sql(name)}`
      await sql.end()
      return url(name)
    },
    stop: () => stop(server),
  }
}

/** After a kill -9 the former server may still be shutting down; one that does not leave belongs to somebody. */
async function waitForFormerOwner(cluster: string, home: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const pid = postmasterPid(cluster)
    if (!pid || !isPostgres(pid)) return
    if (attempt === 50)
      throw new StartProblem(
        `${home} is in use by another Rialto (PostgreSQL process ${pid}); stop that one, or set RIALTO_DATA_DIR to another folder.`,
      )
    await sleep(100)
  }
}

function postmasterPid(cluster: string): number | undefined {
  try {
    return Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0])
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function isPostgres(pid: number): boolean {
  if (!isAlive(pid)) return false
  try {
    // The number may have been given to another program since; /proc tells where there is one.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres')
  } catch {
    return !existsSync('/proc/self')
  }
}

function passwordOf(home: string): string {
  const file = join(home, 'postgres.password')
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' })
  return readFileSync(file, 'utf8')
}

/** Built beside its place and moved there whole, so that a cut-off first start leaves nothing half made. */
async function initialise(initdb: string, home: string, cluster: string, password: string, runner?: Runner) {
  const disk = await statfs(home)
  if (disk.bavail * disk.bsize < leastFreeBytes)
    throw new StartProblem(`There is less than 500 MB free for ${home}; make room, or set RIALTO_DATA_DIR elsewhere.`)
  removeLeftovers(home)
  const draft = `${cluster}.new-${process.pid}`
  mkdirSync(draft, { mode: 0o700 })
  const secret = join(home, `.password-${process.pid}`)
  writeFileSync(secret, password, { mode: 0o600 })
  if (runner) for (const path of [draft, secret]) chownSync(path, runner.uid, runner.gid)
  try {
    const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
    const access = [`--username=${user}`, '--auth=scram-sha-256', `--pwfile=${secret}`]
    await run(initdb, ['-D', draft, ...locale, ...access], runner)
    if (existsSync(cluster)) rmSync(draft, { recursive: true })
    else renameSync(draft, cluster)
  } finally {
    rmSync(secret, { force: true })
    rmSync(draft, { recursive: true, force: true })
  }
}

/**
 * What starts that were cut off left behind. A container's process ids repeat themselves, so our own number is among
 * them.
 */
function removeLeftovers(home: string): void {
  for (const name of readdirSync(home)) {
    const pid = Number(/^(?:postgres\.new|\.password)-(\d+)$/.exec(name)?.[1])
    if (!(pid === process.pid || (pid > 0 && !isAlive(pid)))) continue
    try {
      rmSync(join(home, name), { recursive: true, force: true })
    } catch {
      // An initdb whose starter was killed may still be writing there; the next start takes it away.
    }
  }
}

function run(command: string, args: string[], runner?: Runner): Promise<void> {
  const [program, ...rest] = [...(runner?.prefix ?? []), command, ...args]
  return new Promise((done, fail) => {
    const child = spawn(program ?? command, rest, { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' })
    let words = ''
    child.stderr.on('data', (chunk) => {
      words = `${words}${chunk}`.slice(-2_000)
    })
    child.on('error', fail)
    child.on('exit', (code) =>
      code === 0 ? done() : fail(new StartProblem(`PostgreSQL could not make its data folder: ${words.trim()}`)),
    )
  })
}

// The shell keeps one end of a pipe whose other end is ours: when we end, however we end, PostgreSQL is told to stop.
const guard = `"$@" 3<&- & pid=$!; { cat >/dev/null; kill -INT $pid 2>/dev/null; } <&3 & wait $pid`

function launch(binary: string, cluster: string, port: number, log: string, runner?: Runner): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // A statement may carry an account number or a token; the log must not.
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: 0,
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const output = openSync(log, 'a', 0o600)
  const command = [...(runner?.prefix ?? []), binary, '-D', cluster, ...flags]
  // Its own process group, so that Ctrl-C reaches only us and we stop it when our own work is done.
  return spawn('/bin/sh', ['-c', guard, 'guard', ...command], {
    stdio: ['ignore', output, output, 'pipe'],
    detached: true,
    cwd: '/',
  })
}

async function untilReady(server: ChildProcess, url: string, log: string, home: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (server.exitCode !== null) {
      const words = readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' ')
      if (words.includes('lock file'))
        throw new StartProblem(`${home} is in use by another Rialto; stop that one first.`)
      throw new StartProblem(`PostgreSQL did not start; the end of ${log} says: ${words}`)
    }
    const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => undefined })
    const answered = await sql`select 1`.then(
      () => true,
      () => false,
    )
    await sql.end({ timeout: 1 })
    if (answered) return
    await sleep(attempt < 20 ? 50 : 200)
  }
  await stop(server)
  throw new StartProblem(`PostgreSQL did not become ready within two minutes; see ${log}.`)
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = new Promise<void>((done) => server.once('exit', () => done()))
  server.stdio[3]?.destroy()
  await gone
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.on('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => done(port))
    })
  })
}
