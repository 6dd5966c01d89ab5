import type { Logger } from 'pino'
import type { BankConnector } from './banks/bank-connector.ts'
import type { Sql } from './db/connect.ts'
import type { NewId } from './kernel/id.ts'
import type { Vault } from './net/vault.ts'

/** What an operator may set and the rooms need to know. Everything else of the configuration stays in main/. */
export type Settings = Readonly<{
  environment: 'sandbox' | 'production'
  /** Origins, without a slash at the end. */
  apiUrl: string
  clientUrl: string
  /** The prefix of a client secret names its deployment, so that a leaked one says where it belongs. */
  secretPrefix: string
  /** Any port on localhost may be redirected to, as on a developer's laptop. */
  localRedirects: boolean
  sessionLifeMs: number
  /** How long a payment call may wait for the balance at the bank before it answers PENDING. */
  balanceBudgetMs: number
  /** A PENDING payment is decided within this time, or declined. */
  decisionDeadlineMs: number
}>

/** What the house lends to every command. Nothing is global, so a test may bring its own clock, ids and database. */
export type House = Readonly<{
  sql: Sql
  now: () => Date
  newId: NewId
  /** Unguessable bytes. */
  random: (bytes: number) => Buffer
  settings: Settings
  banks: BankConnector
  vault: Vault
  log: Logger
}>
