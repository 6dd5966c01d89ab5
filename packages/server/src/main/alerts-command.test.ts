import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { openTestTerminal } from '../../test/test-terminal.ts'
import { transact } from '../db/connect.ts'
import { ask } from '../jobs/tasks.ts'
import { raise } from '../rails/ach/alert.commands.ts'
import { alertsCommand } from './alerts-command.ts'
import { jobsCommand } from './jobs-command.ts'

let t: TestHouse
const { rialto, json } = openTestTerminal(() => t.house, alertsCommand, jobsCommand)
beforeAll(async () => {
  t = await openTestHouse()
})
afterAll(() => t.close())

const nothing = 'ffffffff-1180-7fec-ab66-ffc86f38d952'
const alarm = (key: string, says: string) =>
  transact(t.house.sql, (tx) => raise(tx, { id: t.house.newId(), key, says, at: t.clock.now }))

it('shows what waits until somebody has seen to it', async () => {
  expect((await rialto('alerts')).out).toBe('Nothing waits for you.\n')
  expect((await rialto('alerts', '--all')).out).toBe('Nothing has been raised yet.\n')
  await alarm('drop:meridian', 'The bank left \u001b[31msomething\u001b[0m.')
  const [alert] = (await json('alerts')).alerts
  expect((await rialto('alerts')).out).toBe(
    `${alert.id}  2026-01-05T15:00:00.000Z  The bank left ?[31msomething?[0m.\n`,
  )
  expect(await rialto('alerts', 'clear', alert.id)).toEqual({ code: 0, note: '', out: `clear: ${alert.id}\n` })
  expect(await json('alerts', 'clear', alert.id)).toEqual({ done: 'clear', id: alert.id })
  expect((await rialto('alerts')).out).toBe('Nothing waits for you.\n')
  expect((await rialto('alerts', '--all')).out).toContain('seen to  The bank left')
  await alarm('drop:meridian', 'It did so again.')
  expect((await rialto('alerts')).out).toContain('It did so again.')
})

it('shows what the workers have not done yet, and retries what they gave up', async () => {
  expect((await rialto('jobs')).out).toBe('Nothing is left to do.\n')
  expect((await rialto('jobs', '--failed')).out).toBe('No job has failed.\n')
  await transact(t.house.sql, (tx) => ask(tx, 'collect-reports', { bankId: 'meridian' }))
  const [job] = (await json('jobs')).jobs
  expect(job).toMatchObject({ task: 'collect-reports', state: 'waiting', about: { bankId: 'meridian' }, attempts: 0 })
  await t.house
    .sql`update graphile_worker._private_jobs set attempts = max_attempts, last_error = ${'away\n  at line 1'}`
  expect((await rialto('jobs', '--failed')).out).toMatch(
    /collect-reports {2}given up {2}25 of 25 .* meridian {2}away$/m,
  )
  expect((await rialto('jobs', 'retry', job.id)).code).toBe(0)
  expect((await json('jobs')).jobs).toMatchObject([{ state: 'failed', attempts: 0 }])
  await t.house.sql`update graphile_worker._private_jobs set locked_at = now()`
  expect((await rialto('jobs')).out).toContain('runs')
  expect(await rialto('jobs', 'retry', job.id)).toMatchObject({
    code: 1,
    note: expect.stringContaining('A worker is at'),
  })
})

it.each([
  [1, ['alerts', 'clear', nothing], 'There is no such alert.'],
  [2, ['alerts', 'clear', '5'], 'It is not an id'],
  [2, ['alerts', 'nonsense'], 'too many arguments'],
  [1, ['jobs', 'retry', '999999'], 'There is no such job'],
  [2, ['jobs', 'retry', nothing], 'not the number of a job'],
  [2, ['jobs', '--limit', 'all'], 'not a number from 1 to 1000'],
])('ends with %i at %j', async (code, words, note) => {
  expect(await rialto(...words)).toMatchObject({ code, out: '', note: expect.stringContaining(note) })
})

it('shows an example in the help of every verb', async () => {
  for (const verb of ['alerts', 'alerts clear', 'jobs', 'jobs retry']) {
    const { out, code } = await rialto(...verb.split(' '), '--help')
    expect([verb, code, out.includes(`Example:\n  rialto ${verb}`)]).toEqual([verb, 0, true])
  }
})
