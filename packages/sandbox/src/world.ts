import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import type { Client } from './config.ts'
import type { Sql } from './db/connect.ts'
import type { Keys } from './oauth/keys.ts'

/** What every part of the sandbox is lent. Nothing is global, so a test may bring its own clock and its own delays. */
export type World = Readonly<{
  sql: Sql
  /** The clock that can be turned: for consents, settlements, and everything else a calendar would show. */
  clock: Clock
  now: () => Date
  /** The machine's clock, which nobody turns: for whatever lives in a browser or a token, and must outlive a turn. */
  realNow: () => Date
  /** Unguessable, 256 bits, safe in a URL. */
  newSecret: () => string
  newId: () => string
  /** The public origin, such as http://localhost:4010. */
  url: string
  clients: readonly Client[]
  keys: Keys
  log: Logger
  /** How long a slow bank thinks. */
  slowMs: number
  /** How long the customer who changes their mind keeps it. */
  revokeAfterMs: number
}>
