import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { transact } from '../db/connect.ts'
import { startJobs } from './runner.ts'
import { ask, type TaskList } from './tasks.ts'
import { countJobs, untilQuiet, untilTurn } from './turns.ts'

let t: TestHouse
beforeAll(async () => {
  t = await openTestHouse()
})
beforeEach(() => t.house.sql`truncate graphile_worker._private_jobs`)
afterAll(() => t.close())

const signal = new AbortController().signal
const asks = (names: readonly string[]) =>
  transact(t.house.sql, async (tx) => {
    for (const name of names) await ask(tx, 'expire-session', { sessionId: name as never })
  })
const work = (does: (name: string) => Promise<unknown>, beforeEach?: (jobId: string) => Promise<void>) =>
  startJobs(
    t.databaseUrl,
    { 'expire-session': ({ sessionId }: { sessionId: string }) => does(sessionId) } as unknown as TaskList,
    t.house.log,
    { concurrency: 4, ...(beforeEach ? { beforeEach } : {}) },
  )

it('is quiet when nothing waits and nothing runs, also when what ran asked for more', async () => {
  expect(await untilQuiet(t.house.sql, signal)).toBe('quiet')
  const done: string[] = []
  const jobs = await work(async (name) => {
    await sleep(20)
    if (name === 'first') await asks(['asked by the first'])
    done.push(name)
  })
  await asks(['first'])
  expect(await untilQuiet(t.house.sql, signal)).toBe('quiet')
  expect(done).toEqual(['first', 'asked by the first'])
  await jobs.stop()
})

it('does not wait for what failed, and counts it until it succeeds', async () => {
  const jobs = await work(() => Promise.reject(new Error('no')))
  const before = await countJobs(t.house.sql)
  await asks(['fails', 'fails too'])
  expect(await untilQuiet(t.house.sql, signal)).toBe('quiet')
  expect(await countJobs(t.house.sql)).toEqual({ failed: 2, asked: before.asked + 2 })
  await jobs.stop()
})

it('says when nobody takes the jobs that wait', async () => {
  await asks(['nobody does this'])
  expect(await untilQuiet(t.house.sql, signal, 50)).toBe('untaken')
  await expect(untilQuiet(t.house.sql, AbortSignal.timeout(20), 5_000)).rejects.toThrow('timeout')
})

it('does not wait for a job whose process died long ago', async () => {
  await asks(['lost'])
  await t.house
    .sql`update graphile_worker._private_jobs set locked_by = 'dead', locked_at = now() - interval '3 minutes'`
  expect(await untilQuiet(t.house.sql, signal)).toBe('quiet')
})

it('lets jobs of two workers do their work one after another, in the order in which they were asked for', async () => {
  const done: string[] = []
  let atOnce = 0
  const does = async (name: string) => {
    expect(++atOnce).toBe(1)
    await sleep(Math.random() * 3)
    done.push(name)
    atOnce--
  }
  const inTurn = (jobId: string) => untilTurn(t.house.sql, jobId)
  const workers = [await work(does, inTurn), await work(does, inTurn)]
  const names = Array.from({ length: 40 }, (_, index) => `job ${index}`)
  await asks(names)
  await untilQuiet(t.house.sql, signal)
  expect(done).toEqual(names)
  await Promise.all(workers.map((worker) => worker.stop()))
})
