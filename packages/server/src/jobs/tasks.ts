import type { Sql, Tx } from '../db/connect.ts'
import type { LinkId, PaymentId, SessionId } from '../kernel/id.ts'

/** Every task and its payload. A job that is not listed here cannot be asked for. */
export type Tasks = {
  'decide-payment': { paymentId: PaymentId }
  'give-up-deciding': { paymentId: PaymentId }
  'expire-session': { sessionId: SessionId }
  'revoke-at-bank': { linkId: LinkId }
  /** A payment that came back for lack of funds is presented again, if the balance allows it. */
  'retry-payment': { paymentId: PaymentId }
  'give-up-retry': { paymentId: PaymentId }
  /** A bank's cut-off has come: what is authorized is put into files. */
  'cut-off': { bankId: string; cutOffAt: string }
  'build-file': { bankId: string; fileId: string }
  'send-file': { bankId: string; fileId: string }
  /** No acknowledgment in time is an alert, never a reason to send again. */
  'miss-acknowledgment': { bankId: string; fileId: string }
  /** Reads what a bank has left in its drop. */
  'collect-reports': { bankId: string }
  'apply-reports': { bankId: string }
  /** Funds whose hold has ended become the merchants' to have. */
  'release-funds': { day: string }
  /** The evening of a banking day: every merchant is paid out. */
  'run-payouts': { day: string }
  /** A payout has settled: its payments are told. */
  'disburse-payments': { payoutId: string }
  /** A day is over: every merchant's reports of it are opened. */
  'make-reports': { day: string }
  'make-report': { reportId: string }
  'deliver-report': { reportId: string }
  /** How many debits come back is compared with how many may. */
  'watch-return-rates': Record<string, never>
  /** Events that were committed get their places in their merchants' sequences. */
  'number-events': Record<string, never>
  /** A month has begun: events that are old enough are dropped. */
  'keep-events': Record<string, never>
  /** Whoever looks after an endpoint hears of its trouble. */
  'mail-trouble': { endpointId: string; letterId: string; trouble: 'failing' | 'disabled' }
  /** An endpoint's lane: it is told what it has not been told yet. */
  'deliver-events': { endpointId: string }
}
export type Task = keyof Tasks

/** What each task does. A handler may run twice: it looks whether its work is already done. */
export type TaskList = { readonly [T in Task]: (payload: Tasks[T]) => Promise<void> }

/**
 * Asking is part of the caller's transaction: no effect without its job, no job without its effect. Jobs are begun in
 * the order in which they were asked for, within a transaction too; those about the same bank run one after another,
 * however many workers there are.
 */
export async function ask<T extends Task>(tx: Tx, task: T, payload: Tasks[T], key?: string): Promise<void> {
  await tx`select graphile_worker.add_job(${task}, ${tx.json(payload)}::json, job_key => ${key ?? null},
    run_at => clock_timestamp(), queue_name => ${'bankId' in payload ? (payload.bankId as string) : null})`
}

/**
 * Wakes lanes. One that has been woken already and has not begun is left as it is; one that is at work is woken again
 * when it has ended. A lane is at work in one place at a time.
 */
export async function askLanes(tx: Tx | Sql, endpointIds: readonly string[]): Promise<void> {
  if (endpointIds.length === 0) return
  await tx`select graphile_worker.add_job('deliver-events', json_build_object('endpointId', id),
      job_key => 'lane:' || id, job_key_mode => 'preserve_run_at', queue_name => 'lane:' || id,
      run_at => clock_timestamp())
    from unnest(${[...endpointIds]}::text[]) as lane (id)`
}
