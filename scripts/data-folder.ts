import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from './problem.ts'
import { root } from './run.ts'

/** Where everything that must survive a restart lies: ./data, or RIALTO_DATA_DIR. */
export const dataFolder = (env: Readonly<Record<string, string | undefined>>): string =>
  resolve(root, env.RIALTO_DATA_DIR || 'data')

/** A database that is still stopping (after kill -9, say) leaves by itself; one that stays belongs to somebody. */
export async function untilUnused(folder: string, patienceMs = 6_000): Promise<void> {
  for (const deadline = Date.now() + patienceMs; ; await sleep(200)) {
    const owner = runningOwner(folder)
    if (!owner) return
    if (Date.now() > deadline)
      throw new Problem(
        `${folder} is in use by another Rialto (PostgreSQL process ${owner}); ` +
          'stop that one, or set RIALTO_DATA_DIR to another folder.',
      )
  }
}

/**
 * Deletes the folder, so that the next start is a first one.
 * Refuses: a folder that Rialto did not make, or that holds more than Rialto's data could.
 */
export function deleteData(folder: string): void {
  if (!existsSync(folder)) return
  for (const place of [root, homedir()])
    if (!relative(folder, place).startsWith('..'))
      throw new Problem(
        `--fresh would delete ${folder}, which holds ${place}; set RIALTO_DATA_DIR to a folder of its own.`,
      )
  const made = existsSync(join(folder, 'postgres.password')) || readdirSync(folder).every((name) => name === 'logs')
  if (!made)
    throw new Problem(`--fresh deletes only what Rialto made, and ${folder} does not look so; delete it yourself.`)
  rmSync(folder, { recursive: true })
}

function runningOwner(folder: string): number | undefined {
  const file = join(folder, 'postgres', 'postmaster.pid')
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0
  if (!pid) return undefined
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined
  }
  const commandLine = `/proc/${pid}/cmdline`
  // The number may have been given to another program since; /proc tells where there is one.
  return existsSync(commandLine) && !readFileSync(commandLine, 'utf8').includes('postgres') ? undefined : pid
}
