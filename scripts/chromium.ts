import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Problem } from './problem.ts'
import { run } from './run.ts'
import { installSystemPackage } from './system-package.ts'

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
export const installChromium = (): Promise<void> =>
  installSystemPackage({
    name: 'chromium',
    what: 'Chromium',
    who: 'The browser tests need',
    advice: 'install Chromium or Chrome, or set CHROMIUM to the path of one, and try again',
    byHand: 'run sudo apt-get install chromium (or chromium-browser), and try again',
  })
