import type { Tx } from '../db/connect.ts'
import type { LinkId, PaymentId, SessionId } from '../kernel/id.ts'

/** Every task and its payload. A job that is not listed here cannot be asked for. */
export type Tasks = {
  'decide-payment': { paymentId: PaymentId }
  'give-up-deciding': { paymentId: PaymentId }
  'expire-session': { sessionId: SessionId }
  'revoke-at-bank': { linkId: LinkId }
}
export type Task = keyof Tasks

/** What each task does. A handler may run twice: it looks whether its work is already done. */
export type TaskList = { readonly [T in Task]: (payload: Tasks[T]) => Promise<void> }

/** Asking is part of the caller's transaction: no effect without its job, no job without its effect. */
export async function ask<T extends Task>(tx: Tx, task: T, payload: Tasks[T], key?: string): Promise<void> {
  await tx`select graphile_worker.add_job(${task}, ${tx.json(payload)}::json, job_key => ${key ?? null})`
}
