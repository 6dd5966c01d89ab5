import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { Problem } from './problem.ts'

export const root = join(import.meta.dirname, '..')
const bin = join(root, 'node_modules', '.bin')
const keptCharacters = 10e6

/** `output` is both streams in the order they came. */
export type Outcome = Readonly<{ code: number; output: string; stdout: string }>

/** What every program we start sees: the house's Node and tools first, and no colours in what we keep to show later. */
export function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, ...inherited } = process.env
  const quiet = { NO_COLOR: '1', npm_config_loglevel: 'error', npm_config_update_notifier: 'false' }
  return { ...inherited, ...quiet, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, ...more }
}

/** Runs a program to its end and keeps the end of what it says. With `group`, it and all it started stop when we do. */
export function run(
  program: string,
  args: readonly string[],
  options: Readonly<{ cwd?: string; env?: Readonly<Record<string, string>>; group?: boolean }> = {},
): Promise<Outcome> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? root,
      env: environment(options.env),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: options.group === true,
    })
    const alone = options.group && child.pid ? stopTogether(child.pid) : undefined
    const said = { output: '', stdout: '' }
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (words: string) => {
        said.output = `${said.output}${words}`.slice(-keptCharacters)
        if (stream === child.stdout) said.stdout = `${said.stdout}${words}`.slice(-keptCharacters)
      })
    }
    child.on('error', (error) =>
      fail(new Problem(`${program} could not be started (${error.message}); is it installed?`)),
    )
    child.on('close', (code) => {
      alone?.()
      done({ code: code ?? 1, ...said })
    })
  })
}

/** Hands a signal on to the group and ends. Answers how to undo that. */
function stopTogether(group: number): () => void {
  const stop = () => {
    try {
      process.kill(-group, 'SIGTERM')
    } catch {
      // It has ended already.
    }
    setImmediate(() => process.exit(130))
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, stop)
  return () => {
    for (const signal of signals) process.off(signal, stop)
  }
}

/** The last lines that say something. */
export function tail(output: string, lines: number): string {
  return output.trimEnd().split('\n').slice(-lines).join('\n')
}
