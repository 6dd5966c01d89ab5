import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ChildLog, keepLog } from './child-log.ts'
import { Problem } from './problem.ts'
import { environment, root } from './run.ts'

export type Program = Readonly<{
  name: string
  /** What Node runs. */
  args: readonly string[]
  env: Readonly<Record<string, string>>
  /** Answers 200 once the program is ready. */
  readyAt: string
}>

export type Supervisor = Readonly<{
  /** Starts a program and waits until it is ready. Refuses, with its own last words, if it ends before that. */
  start(program: Program): Promise<void>
  /** Resolves when a program that was ready ends without having been asked to. */
  death: Promise<Problem>
  /** Stops everything, the last started first, and waits. */
  stop(): Promise<void>
  /** Ends everything at once. */
  kill(): void
}>

type Child = Readonly<{ name: string; process: ChildProcess; log: ChildLog; gone: Promise<string> }>

const guard = new URL('./stop-with-parent.mjs', import.meta.url).href
const startWithinMs = 120_000
const stopWithinMs = 15_000
const probeEveryMs = 150
const drainMs = 1_000

/** Starts programs that end when it does, even by kill -9, and keeps what they say in `logs`. */
export function supervise(logs: string, say: (line: string) => void): Supervisor {
  const children: Child[] = []
  const { promise: death, resolve: died } = Promise.withResolvers<Problem>()
  let stopping = false

  return {
    death,
    async start(program) {
      if (stopping) throw new Problem(`${program.name} was not started: everything is being stopped.`)
      const child = launch(program, logs, say)
      children.push(child)
      const end = await Promise.race([child.gone, untilReady(program.readyAt, child)])
      if (end !== 'ready') throw new Problem(obituary(child, `did not start: ${end}`))
      void child.gone.then((how) => {
        if (!stopping) died(new Problem(obituary(child, `stopped unexpectedly: ${how}`)))
      })
    },
    async stop() {
      stopping = true
      for (const child of children.toReversed()) await stopOne(child, say)
    },
    kill() {
      stopping = true
      for (const child of children) child.process.kill('SIGKILL')
    },
  }
}

function launch(program: Program, logs: string, say: (line: string) => void): Child {
  // Its own process group: Ctrl-C reaches only us, and we stop the programs in their order.
  const child = spawn(process.execPath, ['--import', guard, ...program.args], {
    cwd: root,
    env: environment({ ...program.env, RIALTO_PARENT_PIPE: '3' }),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const [, stdout, stderr, lifeline] = child.stdio as unknown as [null, Readable, Readable, Writable]
  const log = keepLog(program.name, logs, { stdout, stderr }, say)
  const gone = new Promise<string>((done) => {
    child.once('error', (error) => done(error.message))
    child.once('exit', (code, signal) => {
      const how = signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`
      // Its last words are still on their way; a program that it started may keep the pipe open for longer.
      child.once('close', () => done(how))
      setTimeout(done, drainMs, how).unref()
    })
  })
  // The pipe may break when the program ends; that it ended is told by `gone`.
  lifeline.on('error', () => undefined)
  return { name: program.name, process: child, log, gone }
}

async function untilReady(url: string, child: Child): Promise<string> {
  const deadline = Date.now() + startWithinMs
  while (Date.now() < deadline) {
    if (child.process.exitCode !== null || child.process.signalCode !== null) return child.gone
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.ok) return 'ready'
    await sleep(probeEveryMs)
  }
  return `it did not answer at ${url} within ${startWithinMs / 60_000} minutes`
}

function obituary(child: Child, what: string): string {
  const words = child.log.lastWords().map((line) => `    ${line}`)
  const said = words.length > 0 ? `; its last words:\n${words.join('\n')}` : '.'
  return `The ${child.name} ${what}. Everything it said is in ${child.log.path}${said}`
}

async function stopOne(child: Child, say: (line: string) => void): Promise<void> {
  child.process.kill('SIGTERM')
  const gone = await Promise.race([child.gone, sleep(stopWithinMs, 'late', { ref: false })])
  if (gone !== 'late') return
  say(`${child.name}: did not stop within ${stopWithinMs / 1_000} seconds and was ended`)
  child.process.kill('SIGKILL')
  await child.gone
}
