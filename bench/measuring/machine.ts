import { readFileSync } from 'node:fs'
import { cpus, totalmem, type } from 'node:os'
import { embeddedBinaries } from '../../packages/server/src/db/embedded-binaries.ts'
import { output } from './processes.ts'

/** The machine in words: what a reader needs to judge the numbers, and nothing that names it. */
export async function describeMachine(): Promise<string> {
  const { postgres } = await embeddedBinaries()
  const said = await output(postgres, ['--version'], { limitMs: 10_000, cwd: '/' }).catch(() => '')
  const version = /[\d.]+/.exec(said)?.[0] ?? 'of unknown version'
  const processors = cpus()
  const model = processors[0]?.model.trim().replace(/\s+/g, ' ')
  return [
    `${processors.length} processor${processors.length === 1 ? '' : 's'}${model && model !== 'unknown' ? ` (${model})` : ''}`,
    `${Math.round(totalmem() / 2 ** 30)} GB of memory`,
    'a disk of unknown kind',
    system(),
    `Node ${process.versions.node}`,
    `PostgreSQL ${version} (embedded)`,
  ].join(', ')
}

function system(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? type()
  } catch {
    return type()
  }
}
