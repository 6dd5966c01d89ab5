import type { Sql, Tx } from '../db/connect.ts'
import type { Task, Tasks } from '../jobs/tasks.ts'

/** Due at house time. The same key reminds once; reminding again moves it. */
export async function remind<T extends Task>(
  tx: Tx,
  dueAt: Date,
  task: T,
  payload: Tasks[T],
  key: string,
): Promise<void> {
  await tx`insert into agenda (key, due_at, task, payload) values (${key}, ${dueAt}, ${task}, ${tx.json(payload)})
           on conflict (key) do update set due_at = excluded.due_at, payload = excluded.payload`
}

/** Takes a reminder back. Not there: nothing to do. */
export async function forget(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx`delete from agenda where key = any(${[...keys]})`
}

/**
 * Hands what is due to the job runner, in the order in which it was due, at most `limit` at a time; answers how many.
 * Two tickers never take the same row. Jobs about the same bank run one after another. A lane is woken as askLanes
 * does.
 */
export async function handOverDue(sql: Sql, now: Date, limit = 500): Promise<number> {
  const rows = await sql`
    with due as (
      delete from agenda where key in (
        select key from agenda where due_at <= ${now} order by due_at, key limit ${limit} for update skip locked)
      returning key, due_at, task, payload)
    select graphile_worker.add_job(task, payload::json, run_at => clock_timestamp(), queue_name => payload ->> 'bankId',
      job_key => case task when 'deliver-events' then key else 'agenda:' || key end,
      job_key_mode => case task when 'deliver-events' then 'unsafe_dedupe' else 'replace' end)
    from (select * from due order by due_at, key) as in_order`
  return rows.length
}
