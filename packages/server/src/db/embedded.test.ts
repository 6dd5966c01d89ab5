import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { connect } from './connect.ts'
import { type Embedded, startEmbedded } from './embedded.ts'
import { runnerForRoot } from './embedded-binaries.ts'

const linux = process.platform === 'linux'
const folders: string[] = []
const folder = () => {
  folders.push(mkdtempSync(join(tmpdir(), 'rialto-embedded-')))
  return folders.at(-1) ?? ''
}
afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true })
})

const within = async (ms: number, holds: () => boolean) => {
  for (let waited = 0; waited < ms && !holds(); waited += 20) await sleep(20)
  expect(holds()).toBe(true)
}
const postmaster = (home: string) => Number(readFileSync(join(home, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
const isThere = (pid: number) => existsSync(`/proc/${pid}/stat`)

/** Another process that starts the database in this folder and says so on its standard output. */
function elsewhere(home: string, as: { uid?: number; gid?: number } = {}): ChildProcess {
  const program = `import { startEmbedded } from ${JSON.stringify(join(import.meta.dirname, 'embedded.ts'))}
    const embedded = await startEmbedded(process.argv[1])
    console.log(await embedded.database('rialto'))
    setInterval(() => {}, 1000)`
  const args = ['--input-type=module', '--eval', program, '--', home]
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], ...as })
}
const firstLine = async (child: ChildProcess) => String((await once(child.stdout ?? child, 'data'))[0]).trim()

/** Whether it answers, and keeps what is written. */
async function write(embedded: Embedded, text: string): Promise<string[]> {
  const sql = connect(await embedded.database('rialto'), { max: 1 })
  await sql`create table if not exists note (text text)`
  await sql`insert into note values (${text})`
  const rows = await sql<{ text: string }[]>`select text from note`
  await sql.end()
  return rows.map((row) => row.text)
}

it.runIf(linux)(
  'dies with its owner, even by kill -9, and comes back with all that was written',
  async () => {
    const home = folder()
    const owner = elsewhere(home)
    await firstLine(owner)
    const pid = postmaster(home)
    expect(isThere(pid)).toBe(true)
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    const again = await startEmbedded(home)
    expect(isThere(pid)).toBe(false)
    expect(await write(again, 'kept')).toEqual(['kept'])

    await expect(startEmbedded(home)).rejects.toThrow(`${home} is in use by another Rialto`)
    expect(await write(again, 'still here')).toEqual(['kept', 'still here'])

    const now = postmaster(home)
    process.kill(now, 'SIGKILL')
    await within(5_000, () => !isThere(now))
    await again.stop()
    const third = await startEmbedded(home)
    expect(await write(third, 'recovered')).toEqual(['kept', 'still here', 'recovered'])
    const last = postmaster(home)
    await third.stop()
    expect(isThere(last)).toBe(false)
  },
  60_000,
)

it.runIf(linux)(
  'recovers when the very first start was cut off in the middle',
  async () => {
    const home = folder()
    const owner = elsewhere(home)
    await within(20_000, () => readdirSync(home).some((name) => name.startsWith('postgres.new-')))
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    // The process ids of a container repeat themselves: what a former process with our number left must not stop us.
    mkdirSync(join(home, `postgres.new-${process.pid}`), { recursive: true })
    const embedded = await startEmbedded(home)
    expect(await write(embedded, 'whole')).toEqual(['whole'])
    await embedded.stop()
  },
  60_000,
)

it.runIf(linux && process.getuid?.() === 0)(
  'runs as nobody when we are root, and as ourselves when we are not',
  async () => {
    const nobody = runnerForRoot()
    const home = folder()
    chownSync(home, nobody?.uid ?? 0, nobody?.gid ?? 0)
    const owner = elsewhere(home, { uid: nobody?.uid ?? 0, gid: nobody?.gid ?? 0 })
    const url = await firstLine(owner)
    expect(url).toMatch(/^postgres:\/\/rialto:[\w-]{32}@127\.0\.0\.1:\d+\/rialto$/)
    const uidOf = (pid: number) => Number(/^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
    expect(uidOf(postmaster(home))).toBe(nobody?.uid)
    owner.kill('SIGKILL')
    await once(owner, 'exit')

    const ours = folder()
    const embedded = await startEmbedded(ours)
    expect(uidOf(postmaster(ours))).toBe(nobody?.uid)
    expect(statSync(join(ours, 'postgres.password')).mode & 0o077).toBe(0)
    expect(readdirSync(ours).toSorted()).toEqual(['postgres', 'postgres.log', 'postgres.password'])
    await embedded.stop()
  },
  60_000,
)
