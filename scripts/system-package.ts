import { existsSync } from 'node:fs'
import { Problem } from './problem.ts'
import { run, tail } from './run.ts'

type SystemPackage = Readonly<{
  name: string
  /** What it brings, and who needs that: 'Chromium', 'The browser tests need'. */
  what: string
  who: string
  /** What a person can do where there is no apt, or where it fails. */
  advice: string
  /** What a person can do where there is apt but no right to use it. */
  byHand: string
}>

/** Asks apt for a package. Refuses, with what to do instead, where it cannot. */
export async function installSystemPackage({ name, what, who, advice, byHand }: SystemPackage): Promise<void> {
  const apt = ['/usr/bin/apt-get', '/bin/apt-get'].find((path) => existsSync(path))
  if (!apt) throw new Problem(`${who} ${what} and there is none here; ${advice}.`)
  const asRoot = process.getuid?.() === 0 ? [apt] : ['sudo', '-n', apt]
  if (asRoot[0] === 'sudo' && (await run('sudo', ['-n', 'true']).catch(() => ({ code: 1 }))).code !== 0)
    throw new Problem(`${who} ${what}: ${byHand}.`)

  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const call = async (...args: string[]) => {
    const [program = apt, ...rest] = asRoot
    const { code, output } = await run(program, [...rest, '-qq', ...args], { env })
    if (code === 0) return
    const offline = /Could not resolve|Temporary failure|Could not connect|Network is unreachable|Failed to fetch/.test(
      output,
    )
    if (offline)
      throw new Problem(`apt-get could not reach its mirrors to install ${what}; check the network, or ${advice}.`)
    if (/No space left/.test(output))
      throw new Problem(`The disk is too full to install ${what}; make room and try again.`)
    throw new Problem(`apt-get could not install ${what}; ${advice}. Its last words:\n${tail(output, 10)}`)
  }
  await call('update')
  await call('install', '--yes', '--no-install-recommends', name)
}
