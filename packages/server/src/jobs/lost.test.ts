import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { transact } from '../db/connect.ts'
import { freeLostJobs } from './lost.ts'
import { ask } from './tasks.ts'

let t: TestHouse
beforeAll(async () => {
  t = await openTestHouse()
})
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
