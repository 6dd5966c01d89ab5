/** A line of a diary: a fact as it stands there. */
export type Line = Readonly<{ of: string; seq: number; fact: Fact; at: Date }>
export type Fact = Readonly<{ kind: string } & Record<string, string | boolean | undefined>>

/** What a merchant agreed to, and whether the platform holds its debits. */
export type MerchantRecord = Readonly<{
  id: string
  name: string
  feeFixed: bigint
  feeBps: number
  returnFee: bigint
  feeKept: boolean
  holdsOnRates: boolean
  heldSince: Date | null
}>

export type PaymentRecord = Readonly<{
  id: string
  type: 'debit' | 'credit' | 'refund'
  merchant: string
  key: string
  amount: bigint
  status: string
  refundOf: string | null
  refunded: bigint
  moves: number
  presentment: number
  fee: bigint
  inHold: bigint
  createdAt: Date
  isReversed: boolean
}>

export type PayoutRecord = Readonly<{
  id: string
  merchant: string
  amount: bigint
  status: string
  moves: number
  presentment: number
  afterEntry: bigint
  lastEntry: bigint
  day: string
}>

export type EntryRecord = Readonly<{
  id: bigint
  journal: string
  day: string
  debit: string
  credit: string
  amount: bigint
  subject: string | null
  seq: number | null
}>

export type FileRecord = Readonly<{
  id: string
  status: string
  entries: number
  debits: bigint
  credits: bigint
  offered: boolean
  needsRelease: boolean
  creationDate: string
  modifier: string
}>

/** What of a file a merchant has; `offset`: the trace number of the entry that balances it. */
export type BatchRecord = Readonly<{
  id: string
  file: string
  direction: string
  entries: number
  amount: bigint
  offset: string | null
}>

export type AchRecord = Readonly<{
  trace: string
  file: string
  effectiveOn: string
  subject: string
  presentment: number
  amount: bigint
  direction: string
  code: number
  voided: boolean
}>

/** What the bank has told us. */
export type ReportRecord = Readonly<{ id: string; kind: string; status: string; told: Record<string, unknown> }>

export type ExceptionRecord = Readonly<{
  id: string
  amount: bigint | null
  resolution: string | null
  report: string | null
}>

/** A file for a merchant's back office. */
export type FileForMerchant = Readonly<{
  id: string
  merchant: string
  kind: 'transactions' | 'payout'
  day: string
  name: string
  making: string | null
  sha256: string | null
  bytes: number | null
  rows: number | null
  madeAt: Date | null
  attempts: number
  deliveredAt: Date | null
}>

export type StandingRecord = Readonly<{
  id: string
  merchant: string | null
  rate: string
  standing: string
}>

/** Everything that the books are about, by what names it. */
export type Records = Readonly<{
  merchants: Map<string, MerchantRecord>
  payments: Map<string, PaymentRecord>
  payouts: Map<string, PayoutRecord>
  lines: Map<string, Line>
  payoutLines: Map<string, { payout: string; kind: string; amount: bigint }>
  accounts: Map<string, { id: string; normal: string; floor: bigint | null; debits: bigint; credits: bigint }>
  entries: Map<bigint, EntryRecord>
  events: Map<string, { id: string; type: string; resource: string }>
  places: Map<string, { event: string; merchant: string; sequence: bigint; resource: string; version: number }>
  files: Map<string, FileRecord>
  batches: Map<string, BatchRecord>
  releases: Map<string, { file: string; by: string }>
  ach: Map<string, AchRecord>
  exceptions: Map<string, ExceptionRecord>
  reports: Map<string, ReportRecord>
  forMerchants: Map<string, FileForMerchant>
  pieces: Map<string, { report: string; making: string; piece: number; content: string }>
  rateDays: Map<string, { merchant: string; day: string; counts: string }>
  counted: { until: Date | null }
  thresholds: Map<string, { from: string; fewest: number; bps: Readonly<Record<string, number>> }>
  standings: Map<string, StandingRecord>
  holds: Map<string, { id: string; merchant: string; did: string; at: Date }>
}>

export const noRecords = (): Records => ({
  ...{ merchants: new Map(), payments: new Map(), payouts: new Map(), lines: new Map(), payoutLines: new Map() },
  ...{ accounts: new Map(), entries: new Map(), events: new Map(), places: new Map(), files: new Map() },
  ...{ batches: new Map(), releases: new Map() },
  ...{ ach: new Map(), exceptions: new Map(), reports: new Map(), forMerchants: new Map(), pieces: new Map() },
  ...{ rateDays: new Map(), counted: { until: null }, thresholds: new Map(), standings: new Map(), holds: new Map() },
})
