import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { transact } from '../db/connect.ts'
import { ask } from '../jobs/tasks.ts'
import { forget, handOverDue, remind } from './agenda.commands.ts'
import { findNextDue } from './agenda.queries.ts'
import { startTicker } from './ticker.ts'

let t: TestHouse
beforeAll(async () => {
  t = await openTestHouse()
})
beforeEach(() => t.house.sql`truncate agenda, graphile_worker._private_jobs`)
afterAll(() => t.close())

const at = (ms: number) => new Date(t.clock.now.getTime() + ms)
const note = (key: string, due: Date, sessionId = key) =>
  transact(t.house.sql, (tx) => remind(tx, due, 'expire-session', { sessionId: sessionId as never }, key))
const jobs = () => t.house.sql<{ key: string; payload: { sessionId: string } }[]>`
  select key, payload from graphile_worker._private_jobs order by id`

it('hands over what is due, and nothing else', async () => {
  await note('late', at(1))
  await note('second', at(0))
  await note('first', at(-1))
  expect(await handOverDue(t.house.sql, t.clock.now)).toBe(2)
  expect((await jobs()).map(({ key }) => key).toSorted()).toEqual(['agenda:first', 'agenda:second'])
  expect(await handOverDue(t.house.sql, t.clock.now)).toBe(0)
  expect(await handOverDue(t.house.sql, at(1))).toBe(1)
})

it('hands over in the order in which things were due, by key within an instant', async () => {
  for (const [key, ms] of [
    ['b', -5],
    ['last', 0],
    ['a', -5],
    ['first', -9],
  ] as const)
    await note(key, at(ms))
  expect(await findNextDue(t.house.sql)).toEqual(at(-9))
  await handOverDue(t.house.sql, t.clock.now)
  expect((await jobs()).map(({ key }) => key)).toEqual(['agenda:first', 'agenda:a', 'agenda:b', 'agenda:last'])
  const inTurn = await t.house.sql<{ key: string }[]>`
    select key from graphile_worker._private_jobs order by priority, run_at`
  expect(inTurn.map(({ key }) => key)).toEqual(['agenda:first', 'agenda:a', 'agenda:b', 'agenda:last'])
  expect(await findNextDue(t.house.sql)).toBeUndefined()
})

it('reminds once of the same key; reminding again moves it', async () => {
  await note('visit', at(0), 'old')
  await note('visit', at(60_000), 'new')
  expect(await handOverDue(t.house.sql, t.clock.now)).toBe(0)
  expect(await handOverDue(t.house.sql, at(60_000))).toBe(1)
  expect(await jobs()).toMatchObject([{ payload: { sessionId: 'new' } }])
})

it('takes a reminder back, and does not mind when it is not there', async () => {
  await note('visit', at(0))
  await transact(t.house.sql, (tx) => forget(tx, ['visit', 'never was']))
  expect(await handOverDue(t.house.sql, t.clock.now)).toBe(0)
})

it('reminds of nothing that was rolled back', async () => {
  const broken = transact(t.house.sql, async (tx) => {
    await remind(tx, at(0), 'expire-session', { sessionId: 'x' as never }, 'x')
    await ask(tx, 'revoke-at-bank', { linkId: 'x' as never })
    throw new Error('no')
  })
  await expect(broken).rejects.toThrow('no')
  expect(await handOverDue(t.house.sql, t.clock.now)).toBe(0)
  expect(await jobs()).toEqual([])
})

it('never hands a reminder over twice, however many look at the same time', async () => {
  const keys = Array.from({ length: 300 }, (_, index) => `visit-${index}`)
  await Promise.all(keys.map((key) => note(key, at(0))))
  const handed = await Promise.all(Array.from({ length: 8 }, () => handOverDue(t.house.sql, t.clock.now, 60)))
  let rest = 0
  for (let more = 1; more > 0; rest += more) more = await handOverDue(t.house.sql, t.clock.now, 60)
  expect(handed.reduce((sum, one) => sum + one, rest)).toBe(300)
  expect(new Set((await jobs()).map(({ key }) => key)).size).toBe(300)
  expect(await jobs()).toHaveLength(300)
})

it('ticks on two processes without handing over twice, and through a database that was away for a moment', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, index) => note(`tick-${index}`, at(0))))
  let broken = 2
  const flaky = new Proxy(t.house.sql, {
    apply(sql, self, words) {
      if (broken-- > 0) return Promise.reject(new Error('the database is away'))
      return Reflect.apply(sql as never, self, words)
    },
  })
  const tickers = [startTicker(t.house, 5), startTicker({ ...t.house, sql: flaky }, 5)]
  for (let tries = 0; tries < 200 && (await jobs()).length < 40; tries++) await sleep(5)
  await Promise.all(tickers.map((ticker) => ticker.stop()))
  expect(await jobs()).toHaveLength(40)
  expect(t.logged()).toContain('it will be tried again')
})
