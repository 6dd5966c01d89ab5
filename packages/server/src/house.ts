import type { Logger } from 'pino'
import type { BankConnector } from './banks/bank-connector.ts'
import type { Sql } from './db/connect.ts'
import type { MerchantId, NewId } from './kernel/id.ts'
import type { EndpointRules } from './net/endpoint-url.ts'
import type { Mail } from './net/mail.ts'
import type { Outbound } from './net/outbound.ts'
import type { Vault } from './net/vault.ts'
import type { FileDrop } from './rails/file-drop.ts'
import type { OriginatingBank } from './rails/originating-bank.ts'

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
  /** What the address of a merchant's endpoint may be. */
  endpoints: EndpointRules
  /** Events are dropped, by whole months, when they are older than this. */
  eventsKeptDays: number
  /** A PENDING payment is decided within this time, or declined. */
  decisionDeadlineMs: number
}>

/** What the house lends to every command. Nothing is global, so a test may bring its own clock, ids and database. */
export type House = Readonly<{
  sql: Sql
  /** House time: what happened when, what is due when. In some deployments it can be turned forward. */
  now: () => Date
  /**
   * What a clock on the wall shows, which nobody turns. For promises between machines: access tokens and the keys that
   * sign them, signatures with a time, leases, claims.
   */
  realNow: () => Date
  newId: NewId
  /** Unguessable bytes. */
  random: (bytes: number) => Buffer
  settings: Settings
  banks: BankConnector
  /** The banks that send our files. Merchants without one of their own use the first. */
  originatingBanks: readonly OriginatingBank[]
  /** Where files for an originating bank are put, and its reports found. */
  drop: (bankId: string) => FileDrop
  /**
   * Where a merchant's reports are put: by the settings of their own drop, or, null, in the deployment's folder.
   * Whoever asks for it closes it. Throws a StartProblem if it cannot be opened.
   */
  reportDrop: (merchantId: MerchantId, settings: unknown) => FileDrop
  vault: Vault
  /** Calls addresses that merchants chose, and refuses those that lead where a merchant has no business. */
  outbound: Outbound
  mail: Mail
  log: Logger
}>
