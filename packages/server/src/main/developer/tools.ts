import { isAbsolute, join } from 'node:path'
import type { Machine } from '@rialto/node-sdk'
import type { Ask } from '../ask-secretly.ts'
import type { Terminal } from '../command-line.ts'
import type { RunFile } from '../run-file.ts'

type Env = Readonly<Record<string, string | undefined>>

/** What the environment says to a merchant's developer; `rialto status --shell` prints it. */
export type Surroundings = Readonly<{
  /** Where logins are kept. */
  folder: string
  apiUrl: string | undefined
  clientUrl: string | undefined
  clientId: string | undefined
  clientSecret: string | undefined
}>

export function readSurroundings(env: Env, home: string): Surroundings {
  const text = (name: string) => env[name]?.trim() || undefined
  const configured = text('XDG_CONFIG_HOME')
  // A path that is not absolute is to be ignored, says the specification.
  const config = configured && isAbsolute(configured) ? configured : join(home, '.config')
  return {
    folder: join(config, 'rialto'),
    ...{ apiUrl: text('RIALTO_API_URL'), clientUrl: text('RIALTO_CLIENT_URL') },
    ...{ clientId: text('RIALTO_CLIENT_ID'), clientSecret: text('RIALTO_CLIENT_SECRET') },
  }
}

/** What the commands of a merchant's developer are lent. They speak to the API alone, never to a database. */
export type DeveloperTools = Readonly<{
  terminal: Terminal
  surroundings: Surroundings
  /** The deployment that runs on this data folder. */
  readRun: () => RunFile | undefined
  ask: Ask
  now: () => Date
  random: (bytes: number) => Buffer
  /** Aborts at Ctrl-C, which from the first call on no longer ends the program by itself. */
  untilInterrupted: () => AbortSignal
  /** For tests: how the client of the API waits. */
  lent?: Partial<Machine>
}>
