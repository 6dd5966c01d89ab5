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

/** Runs a program to its end and keeps the end of what it says. */
export function run(
  program: string,
  args: readonly string[],
  options: Readonly<{ cwd?: string; env?: Readonly<Record<string, string>> }> = {},
): Promise<Outcome> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? root,
      env: environment(options.env),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
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
    child.on('close', (code) => done({ code: code ?? 1, ...said }))
  })
}

/** The last lines that say something. */
export function tail(output: string, lines: number): string {
  return output.trimEnd().split('\n').slice(-lines).join('\n')
}
