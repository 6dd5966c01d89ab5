import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Program, supervise } from './supervisor.ts'

let folder: string
let said: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rialto-supervisor-'))
  said = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer()
    probe.listen(0, () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => done(port))
    })
  })

/** Answers 200, says its pid, and on SIGTERM writes its name to the file `stopped`. */
const polite = `
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
const server = createServer((_, answer) => answer.end('ok')).listen(process.env.PORT)
console.log(JSON.stringify({ level: 30, msg: 'pid ' + process.pid }))
process.on('SIGTERM', () => { appendFileSync(process.env.STOPPED, process.env.NAME + ' '); process.exit(0) })
`
const stopped = () => join(folder, 'stopped')

async function program(name: string, code: string): Promise<Program> {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, code)
  const port = await freePort()
  const env = { PORT: String(port), NAME: name, STOPPED: stopped() }
  return { name, args: [file], env, readyAt: `http://localhost:${port}/` }
}

const supervisor = () => supervise(join(folder, 'logs'), (line) => said.push(line))
const log = (name: string) => readFileSync(join(folder, 'logs', `${name}.log`), 'utf8')

it('stops programs in reverse order and waits for them', async () => {
  const all = supervisor()
  await all.start(await program('first', polite))
  await all.start(await program('second', polite))
  await all.stop()
  expect(readFileSync(stopped(), 'utf8')).toBe('second first ')
  expect(said).toEqual([])
})

it('says why a program did not start, in its own words', async () => {
  const all = supervisor()
  const broken = await program('broken', "console.error('The bridge is closed; come back tomorrow.'); process.exit(3)")
  await expect(all.start(broken)).rejects.toThrow(
    /^The broken did not start: it ended with exit code 3\. .*broken\.log; its last words:\n {4}The bridge is closed;/,
  )
})

it('tells of a program that dies later, and keeps its log', async () => {
  const all = supervisor()
  const mortal = `${polite}; setTimeout(() => process.kill(process.pid, 'SIGKILL'), 700)`
  await all.start(await program('mortal', mortal))
  expect((await all.death).message).toMatch(/^The mortal stopped unexpectedly: it was ended by SIGKILL\./)
  expect(log('mortal')).toMatch(/pid \d+/)
  await all.stop()
})

it('shows warnings and errors in one line each, and nothing else', async () => {
  const all = supervisor()
  const chatty = `${polite}
for (const [level, msg] of [[20, 'quiet'], [30, 'usual'], [40, 'odd'], [50, 'bad'], [50, 'bad']])
  console.log(JSON.stringify({ level, msg, err: level === 50 ? { message: 'why' } : undefined }))`
  await all.start(await program('chatty', chatty))
  await all.stop()
  expect(said).toEqual(['chatty: warning: odd', 'chatty: error: bad: why'])
  expect(log('chatty')).toContain('usual')
})

it('leaves no program behind when it is killed itself', async () => {
  const one = await program('orphan', polite)
  const parent = join(folder, 'parent.ts')
  writeFileSync(
    parent,
    `import { supervise } from ${JSON.stringify(join(import.meta.dirname, 'supervisor.ts'))}
     await supervise(${JSON.stringify(join(folder, 'logs'))}, console.log).start(${JSON.stringify(one)})
     console.log('started')
     setInterval(() => undefined, 1000)`,
  )
  const running = spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((done) => running.stdout.once('data', done))
  const pid = Number(/pid (\d+)/.exec(log('orphan'))?.[1])
  expect(() => process.kill(pid, 0)).not.toThrow()
  running.kill('SIGKILL')
  for (let tries = 0; tries < 50 && isAlive(pid); tries++) await sleep(100)
  expect(isAlive(pid)).toBe(false)
  expect(readFileSync(stopped(), 'utf8')).toBe('orphan ')
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
