import type { Day } from '../../kernel/banking-day.ts'
import type { Id } from '../../kernel/id.ts'

export type InboundId = Id<'achInbound'>
export type ReportId = Id<'achReport'>

/** What a bank's report says. Amounts are cents as text, dates are days. No account number. */
export type Report = Readonly<
  | {
      kind: 'acknowledged'
      told: { creationDate: string; creationTime: string; modifier: string; status: string; message: string }
    }
  | {
      kind: 'settled'
      told: {
        creationDate: string
        modifier: string
        batchNumber: number
        on: Day
        entries: number
        debits: string
        credits: string
        /** Only this entry of the batch. Absent: all of it. */
        traceNumber?: string
      }
    }
  | { kind: 'returned'; told: ReturnTold }
  | { kind: 'corrected'; told: { traceNumber: string; code: string } }
  | { kind: 'dishonored'; told: ReturnTold }
  | { kind: 'contested'; told: ReturnTold & { returnCode: string } }
>

export type ReturnTold = Readonly<{
  /** Of the original entry. */
  traceNumber: string
  code: string
  returnTrace: string
  amount: string
  direction: 'debit' | 'credit'
  /** The first eight digits of the receiving bank's routing number. */
  rdfi: string
  /** The day on which the return settles. */
  on: Day
  information: string
}>

/** A line of a report file as it was read, before it has an id. */
export type ReportDraft = Report &
  Readonly<{
    line: number
    /** What makes it the same thing when it is said again. */
    key: string
    /** What must not be readable in the database: the corrected data of a change. */
    secret?: string
  }>

/** A line that says nothing we can act on, or may not be trusted. Its bytes are kept. */
export type Doubt = Readonly<{ line: number; reason: ExceptionReason; says: string; raw: string; draft?: ReportDraft }>

/** Why something waits for a person. */
export type ExceptionReason =
  | 'unreadable'
  | 'totals_disagree'
  | 'unexpected_entry'
  | 'no_such_file'
  | 'no_such_entry'
  | 'offset_entry'
  | 'differs_from_entry'
  | 'not_possible_now'
  | 'settlement_differs'
  | 'correction_unusable'

export type ReadReports = Readonly<{
  kind: 'acknowledgment' | 'settlement' | 'returns' | 'unknown'
  drafts: readonly ReportDraft[]
  doubts: readonly Doubt[]
}>
