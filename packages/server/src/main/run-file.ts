import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'

/**
 * What a running deployment tells scripts: `rialto status --json`. Credentials and databases are there in sandbox only.
 */
export type RunFile = Readonly<{
  environment: string
  pid: number
  urls: Readonly<{ api: string; client: string; docs: string; sandbox?: string; demoStore?: string }>
  merchant?: Readonly<{ id: string; name: string }>
  client?: Readonly<{ id: string; secret: string }>
  databases?: Readonly<{ server: string; sandbox: string | null }>
}>

const fileOf = (config: Config): string => join(config.dataDir, 'run.json')

export function writeRunFile(config: Config, run: RunFile): void {
  mkdirSync(config.dataDir, { recursive: true })
  const draft = `${fileOf(config)}.new`
  writeFileSync(draft, JSON.stringify(run, null, 2), { mode: 0o600 })
  renameSync(draft, fileOf(config))
}

export const removeRunFile = (config: Config): void => rmSync(fileOf(config), { force: true })

/** Undefined: nothing runs on this data folder, or never did. */
export function readRunFile(config: Config): RunFile | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(config), 'utf8')) as RunFile
  } catch {
    return undefined
  }
}
