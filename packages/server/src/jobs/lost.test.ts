import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { transact } from '../db/connect.ts'
import { freeForgottenJobs, freeLostJobs } from './lost.ts'
import { ask } from './tasks.ts'

let t: TestHouse
beforeAll(async () => {
  t = await openTestHouse()
})
beforeEach(() => t.house.sql`truncate graphile_worker._private_jobs, graphile_worker._private_job_queues`)
afterAll(() => t.close())

it('gives back the jobs of a worker that is gone, and no others', async () => {
  const { sql } = t.house
  for (const key of ['dead', 'alive', 'just begun', 'waiting'])
    await transact(sql, (tx) => ask(tx, 'expire-session', { sessionId: key as never }, key))
  await sql`insert into worker_seen (id, seen_at, pool) values
    (${t.house.newId()}, clock_timestamp() - interval '5 minutes', 'dead'), (${t.house.newId()}, clock_timestamp(), 'alive')`
  const jobs = sql`graphile_worker._private_jobs`
  await sql`update ${jobs} set locked_by = key, locked_at = now() - interval '1 minute' where key <> 'waiting'`
  await sql`update ${jobs} set locked_at = now() where key = 'just begun'`
  await freeLostJobs(sql, 30_000)
  await freeLostJobs(sql, 30_000)
  const held = await sql<{ key: string }[]>`select key from ${jobs} where locked_by is not null order by key`
  expect(held.map(({ key }) => key)).toEqual(['alive', 'just begun'])
})

it('gives back what a worker holds and is not at, with its place in the queue of its bank', async () => {
  const { sql } = t.house
  for (const file of ['forgotten', 'at work', 'just begun', 'of another'])
    await transact(sql, (tx) => ask(tx, 'build-file', { bankId: file, fileId: file }, file))
  const jobs = sql`graphile_worker._private_jobs`
  const queues = sql`graphile_worker._private_job_queues`
  await sql`update ${queues} set locked_by = 'me', locked_at = now()`
  await sql`update ${jobs} set locked_by = 'me', locked_at = now() - interval '1 minute'`
  await sql`update ${jobs} set locked_at = now() where key = 'just begun'`
  await sql`update ${jobs} set locked_by = 'other' where key = 'of another'`
  const [job] = await sql<{ id: bigint }[]>`select id from ${jobs} where key = 'at work'`
  await freeForgottenJobs(sql, { pool: 'me', atWork: [String(job?.id)] }, 30_000)
  const free = await sql<{ key: string; queue: boolean }[]>`
    select key, ${queues}.is_available as queue from ${jobs} join ${queues} on ${queues}.id = job_queue_id
    where ${jobs}.locked_by is null`
  expect(free).toEqual([{ key: 'forgotten', queue: true }])
})
