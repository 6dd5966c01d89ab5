import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** The Node this bench runs on runs everything it starts, too. */
export const node = process.execPath

const running = new Set<ChildProcess>()
const asked = new WeakSet<ChildProcess>()

/** Once: rialto serve does not wait when it is asked a second time. */
function askToStop(child: ChildProcess): void {
  if (!asked.has(child)) child.kill('SIGTERM')
  asked.add(child)
}

/** Whatever happens, nothing we started outlives us. */
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    // A terminal and some shells say it twice.
    if (stopping) return
    stopping = true
    for (const child of running) askToStop(child)
    setTimeout(() => process.exit(1), 12_000).unref()
    void Promise.all([...running].map(ended)).then(() => process.exit(1))
  })

export function start(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const child = spawn(command, [...args], options)
  running.add(child)
  child.once('exit', () => running.delete(child))
  child.once('error', () => running.delete(child))
  return child
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((done) => child.once('exit', () => done()))
}

/** Asks it to stop, and kills it when it has not after ten seconds. */
export async function stop(child: ChildProcess): Promise<void> {
  askToStop(child)
  const kill = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended(child)
  clearTimeout(kill)
}

/**
 * Runs a program to its end and answers what it printed. Throws with its last words when it fails or takes too long.
 */
export function output(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { input?: string; limitMs: number },
) {
  return new Promise<string>((done, fail) => {
    const child = start(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] })
    const kill = setTimeout(() => child.kill('SIGKILL'), options.limitMs)
    let words = ''
    let complaints = ''
    child.stdout?.on('data', (chunk) => {
      words += chunk
    })
    child.stderr?.on('data', (chunk) => {
      complaints = `${complaints}${chunk}`.slice(-2_000)
    })
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(options.input ?? '')
    child.on('error', fail)
    child.on('close', (code, signal) => {
      clearTimeout(kill)
      if (code === 0) done(words)
      else fail(new Error(`${command} ended with ${code ?? signal}: ${complaints.trim()}`))
    })
  })
}

/** Ports nobody listens on at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const probes = await Promise.all(
    Array.from({ length: count }, () => {
      const probe = createServer()
      return new Promise<typeof probe>((done, fail) => {
        probe.once('error', fail)
        probe.listen(0, '127.0.0.1', () => done(probe))
      })
    }),
  )
  const ports = probes.map((probe) => (probe.address() as { port: number }).port)
  await Promise.all(probes.map((probe) => new Promise((done) => probe.close(done))))
  return ports
}

/** Waits until an address answers 2xx; throws when the process ends first or the time is over. */
export async function untilAnswers(url: string, child: ChildProcess, limitMs = 120_000, everyMs = 20): Promise<void> {
  const end = performance.now() + limitMs
  while (performance.now() < end) {
    if (child.exitCode !== null) throw new Error(`the process behind ${url} ended with ${child.exitCode}`)
    const answered = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      async (answer) => {
        await answer.arrayBuffer()
        return answer.ok
      },
      () => false,
    )
    if (answered) return
    await sleep(everyMs)
  }
  throw new Error(`${url} did not answer within ${limitMs / 1_000} s`)
}
