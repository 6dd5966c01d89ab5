import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Problem } from './problem.ts'
import { run, tail } from './run.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const macs = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** The Chromium of this machine: the one that CHROMIUM or CHROME_PATH names, or one on the PATH. */
export async function findChromium(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const named = env.CHROMIUM || env.CHROME_PATH
  if (named) {
    if (await works(named)) return named
    throw new Problem(
      `CHROMIUM (or CHROME_PATH) is '${named}', which is not a Chromium that runs; set it right or unset it.`,
    )
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const path of [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...macs])
    if (isExecutable(path) && (await works(path))) return path
  return undefined
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Some systems have a `chromium` that only says where to get one. */
const works = async (path: string): Promise<boolean> =>
  existsSync(path) && (await run(path, ['--version', '--no-sandbox'])).code === 0

/** Asks the system's package manager for Chromium. Refuses, with what to do instead, where it cannot. */
export async function installChromium(): Promise<void> {
  const advice = 'install Chromium or Chrome, or set CHROMIUM to the path of one, and try again'
  const apt = ['/usr/bin/apt-get', '/bin/apt-get'].find((path) => existsSync(path))
  if (!apt) throw new Problem(`The browser tests need Chromium and there is none here; ${advice}.`)
  const asRoot = process.getuid?.() === 0 ? [apt] : ['sudo', '-n', apt]
  if (asRoot[0] === 'sudo' && (await run('sudo', ['-n', 'true']).catch(() => ({ code: 1 }))).code !== 0)
    throw new Problem(
      'The browser tests need Chromium: run sudo apt-get install chromium (or chromium-browser), and try again.',
    )

  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const call = async (...args: string[]) => {
    const [program = apt, ...rest] = asRoot
    const { code, output } = await run(program, [...rest, '-qq', ...args], { env })
    if (code === 0) return
    const offline = /Could not resolve|Temporary failure|Could not connect|Network is unreachable|Failed to fetch/.test(
      output,
    )
    if (offline)
      throw new Problem(`apt-get could not reach its mirrors to install Chromium; check the network, or ${advice}.`)
    if (/No space left/.test(output))
      throw new Problem('The disk is too full to install Chromium; make room and try again.')
    throw new Problem(`apt-get could not install Chromium; ${advice}. Its last words:\n${tail(output, 10)}`)
  }
  await call('update')
  await call('install', '--yes', '--no-install-recommends', 'chromium')
}
