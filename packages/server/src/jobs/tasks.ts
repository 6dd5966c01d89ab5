import type { Sql, Tx } from '../db/connect.ts'
import type { LinkId, PaymentId, SessionId } from '../kernel/id.ts'
import type { Held, Taker } from './held.ts'

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
  /** A month has begun: events that are old enough are dropped. */
  'keep-events': Record<string, never>
  /** Whoever looks after an endpoint hears of its trouble. */
  'mail-trouble': { endpointId: string; letterId: string; trouble: 'failing' | 'disabled' }
  /** An endpoint's lane: it is told what it has not been told yet. */
  'deliver-events': { endpointId: string }
}
export type Task = keyof Tasks

/** What each task does. A handler may run twice: it looks whether its work is already done. */
export type TaskList = { readonly [T in Task]: (payload: Tasks[T], held: Held) => Promise<void> }

/**
 * Asking is part of the caller's transaction: no effect without its job, no job without its effect. Jobs are begun in
 * the order in which they were asked for, within a transaction too; those about the same bank run one after another,
 * however many workers there are.
 */
export async function ask<T extends Task>(tx: Tx, task: T, payload: Tasks[T], key?: string): Promise<void> {
  const queue = 'bankId' in payload ? (payload.bankId as string) : undefined
  await tx`select graphile_worker.add_job(${task}, ${tx.json(payload)}::json, run_at => clock_timestamp()
    ${key === undefined ? tx`` : tx`, job_key => ${key}`} ${queue === undefined ? tx`` : tx`, queue_name => ${queue}`})`
}

/** Whoever does the work of lanes hears on this channel how many have something to do. */
export const lanesWoken = 'lanes_woken'

/**
 * Wakes lanes. Each has one job at most, by its key: one that has been woken already is left as it is, one that is at
 * work finds its job's revision grown (held.ts). So a lane is at work in one place at a time. One that failed does not
 * wait until it would be tried again.
 *
 * Not by a queue of the job runner: whoever takes a job locks all queues for a moment, and whoever looks in that moment
 * finds nothing to do. Nor on its channel: lanes are woken so often that those who do other jobs would only be
 * disturbed.
 */
export async function askLanes(tx: Tx | Sql, endpointIds: readonly string[]): Promise<void> {
  if (endpointIds.length === 0) return
  await tx`with ${wakingLanes(tx, tx`select unnest(${[...endpointIds]}::uuid[])`)} ${callingLanes(tx)}`
}

/**
 * What askLanes does, within a statement that finds out by itself which they are: their ids. `taker`: takes as many of
 * those that had not been woken as it has places.
 */
export const wakingLanes = (sql: Tx | Sql, ids: ReturnType<Sql>, taker?: Taker): ReturnType<Sql> => sql`
  woken as (
    insert into graphile_worker._private_jobs as job (task_id, payload, key, run_at, locked_by, locked_at, attempts)
    select (select id from graphile_worker._private_tasks where identifier = 'deliver-events'),
      json_build_object('endpointId', lane.id), 'lane:' || lane.id, clock_timestamp(),
      case when place <= ${taker?.places() ?? 0}::int then ${taker?.pool ?? null}::text end,
      case when place <= ${taker?.places() ?? 0}::int then now() end,
      case when place <= ${taker?.places() ?? 0}::int then 1 else 0 end
    from (select id, row_number() over () as place from (${ids}) as lane (id)) as lane
    on conflict (key) do update set revision = job.revision + 1,
      attempts = case when job.locked_at is null then 0 else job.attempts end,
      run_at = case when job.locked_at is null then least(job.run_at, excluded.run_at) else job.run_at end
    returning id, revision, payload, locked_by)`

/** After wakingLanes: what its taker has got, as JSON; null if nothing. */
export const takenLanes = (sql: Tx | Sql): ReturnType<Sql> => sql`
  select json_agg(json_build_object('id', id::text, 'revision', revision, 'payload', payload)) from woken
  where revision = 0 and locked_by is not null`

/** After wakingLanes: tells those who do the work of lanes that there is some to be found. */
export const callingLanes = (sql: Tx | Sql): ReturnType<Sql> => sql`
  select pg_notify(${lanesWoken}, count(*)::text) from woken where revision = 0 and locked_by is null having count(*) > 0`
