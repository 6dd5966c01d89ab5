import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { advanceTo } from '../../test/advance.ts'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { remind } from '../agenda/agenda.commands.ts'
import { startTicker } from '../agenda/ticker.ts'
import { connect, type Sql, transact } from '../db/connect.ts'
import { startJobs } from '../jobs/runner.ts'
import type { TaskList } from '../jobs/tasks.ts'
import { Refusal } from '../kernel/refusal.ts'
import { advance } from '../simulations/advance.ts'
import { inTurn } from '../simulations/in-turn.ts'
import { insistOnRealTime, openTurnableClock } from './clock.ts'

type Clock = Awaited<ReturnType<typeof openTurnableClock>>

let t: TestHouse
let closing: (() => Promise<unknown>)[]
beforeEach(async () => {
  t = await openTestHouse()
  closing = []
})
afterEach(async () => {
  for (const close of closing.reverse()) await close()
  await t.close()
})

/** A process, as far as it knows: with connections of its own. */
async function openProcess(change: (sql: Sql) => Sql = (sql) => sql): Promise<{ sql: Sql; clock: Clock }> {
  const sql = change(connect(t.databaseUrl, { max: 4 }))
  closing.push(() => sql.end({ timeout: 1 }))
  const clock = await openTurnableClock(sql, t.house.log)
  closing.push(() => clock.close())
  return { sql, clock }
}
const dayMs = 24 * 60 * 60_000
const inDays = (days: number) => new Date(Date.now() + days * dayMs)
const aheadMs = (clock: Clock) => clock.now().getTime() - Date.now()
async function until(isSo: () => boolean): Promise<void> {
  for (const began = performance.now(); !isSo(); await sleep(2))
    if (performance.now() - began > 5_000) throw new Error('not within five seconds')
}
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error) => (error instanceof Refusal ? error.code : (error as Error).message),
  )

it('shows real time until somebody turns it', async () => {
  const { clock } = await openProcess()
  expect(Math.abs(aheadMs(clock))).toBeLessThan(50)
  expect(clock.read()).toMatchObject({ standing: false, advance: null })
})

it('stands where it was turned to, then runs on from there, on every process', async () => {
  const [here, there] = [await openProcess(), await openProcess()]
  const to = inDays(60)
  const hand = await here.clock.take(to)
  await hand.turnTo(to)
  expect(here.clock.now()).toEqual(to)
  await until(() => there.clock.now().getTime() === to.getTime())
  expect(there.clock.read()).toMatchObject({ standing: true, advance: { to } })
  await hand.letGo(false)
  await until(() => !there.clock.read().standing)
  for (const { clock } of [here, there]) expect(Math.abs(aheadMs(clock) - 60 * dayMs)).toBeLessThan(2_000)
  const before = there.clock.now()
  await sleep(5)
  expect(there.clock.now().getTime()).toBeGreaterThan(before.getTime())
})

it('is known to a process that hears nothing, as soon as it asks, and within two seconds otherwise', async () => {
  const here = await openProcess()
  const deaf = await openProcess((sql) => Object.assign(sql, { listen: () => Promise.reject(new Error('no')) }))
  const hand = await here.clock.take(inDays(1))
  await hand.turnTo(inDays(1))
  await deaf.clock.refresh()
  expect(deaf.clock.now()).toEqual(here.clock.now())
  await hand.letGo(false)
  await until(() => !deaf.clock.read().standing)
})

it('never turns back, whoever tries', async () => {
  const { sql, clock } = await openProcess()
  const hand = await clock.take(inDays(2))
  await hand.turnTo(inDays(2))
  await expect(hand.turnTo(inDays(1))).rejects.toThrow('never turns back')
  await hand.letGo(false)
  await expect(sql`update house_clock set offset_ms = 0`).rejects.toThrow('never turns back')
  await expect(sql`delete from house_clock`).rejects.toThrow('never removed')
})

it('is taken by one at a time, in this process and in others', async () => {
  const [here, there] = [await openProcess(), await openProcess()]
  const hand = await here.clock.take(inDays(1))
  await there.clock.refresh()
  expect(await refusal(here.clock.take(inDays(1)))).toBe('clock_advancing')
  expect(await refusal(there.clock.take(inDays(1)))).toBe('clock_advancing')
  expect(await refusal(there.clock.stand(true))).toBe('clock_advancing')
  await hand.letGo(true)
  await hand.letGo(false)
  const next = await there.clock.take(inDays(1))
  await next.letGo(false)
})

it('stands when it is told to, also over a restart, and runs on when it is told to', async () => {
  const { clock } = await openProcess()
  await clock.stand(true)
  const at = clock.now()
  const later = await openProcess()
  expect(later.clock.now()).toEqual(at)
  await later.clock.stand(false)
  await until(() => !clock.read().standing)
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(at.getTime())
})

it('runs on from where it stands when the process that advanced it was killed; nothing is lost', async () => {
  const [victim, survivor] = [await openProcess(), await openProcess()]
  const done: string[] = []
  const tasks = {
    'expire-session': async ({ sessionId }: { sessionId: string }) => void done.push(sessionId),
  } as unknown as TaskList
  const house = { ...t.house, sql: survivor.sql }
  for (const days of [10, 20, 30])
    await transact(t.house.sql, (tx) =>
      remind(tx, inDays(days), 'expire-session', { sessionId: `day ${days}` as never }, `day ${days}`),
    )
  const jobs = await startJobs(t.databaseUrl, tasks, t.house.log, {
    concurrency: 2,
    beforeEach: inTurn(survivor.sql, survivor.clock),
  })
  closing.push(() => jobs.stop())
  // The victim dies as it has turned to the twentieth day.
  const standsAt = inDays(20)
  const hand = await victim.clock.take(inDays(40))
  await hand.turnTo(standsAt)
  const sessions = t.house.sql`select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`
  await sessions
  await until(() => !survivor.clock.read().standing)
  await until(() => t.logged().includes('broken off'))
  expect(Math.abs(survivor.clock.now().getTime() - standsAt.getTime())).toBeLessThan(5_000)
  await expect(hand.turnTo(inDays(25))).rejects.toThrow('ours to turn')
  // What was due is done by whoever comes next.
  const parts = { house, clock: survivor.clock, world: null, afterWrote: async () => undefined }
  await advance(parts, { to: inDays(40), standing: false })
  expect(done).toEqual(['day 10', 'day 20', 'day 30'])
})

it('ends what a killed process left behind when it starts the next time', async () => {
  const standsAt = inDays(3)
  await t.house
    .sql`update house_clock set standing_at = ${standsAt}, advance_from = ${inDays(1)}, advance_to = ${inDays(9)}`
  const { clock } = await openProcess()
  expect(clock.read()).toMatchObject({ standing: false, advance: null })
  expect(clock.now().getTime() - standsAt.getTime()).toBeLessThan(1_000)
  expect(clock.now() >= standsAt).toBe(true)
})

it('pauses the ticker while it is advanced, so that things happen one after another', async () => {
  const { sql, clock } = await openProcess()
  const ticker = startTicker({ ...t.house, sql, now: clock.now }, 5, () => clock.read().advance !== null)
  closing.push(() => ticker.stop())
  const isDue = () => transact(sql, (tx) => remind(tx, inDays(-1), 'expire-session', { sessionId: 'x' as never }, 'x'))
  const left = () => sql`select 1 from agenda`.then(({ length }) => length)
  // It ticks, and a round that it had begun is over when the next thing is due.
  await isDue()
  await expect.poll(left).toBe(0)
  const hand = await clock.take(inDays(1))
  await sleep(50)
  await isDue()
  await sleep(50)
  expect(await left()).toBe(1)
  await hand.letGo(false)
  await expect.poll(left, { timeout: 5_000 }).toBe(0)
})

it('is no clock for production: a database whose time was turned is refused', async () => {
  await insistOnRealTime(t.house.sql)
  const { clock } = await openProcess()
  await clock.stand(true)
  await expect(insistOnRealTime(t.house.sql)).rejects.toThrow('needs a database of its own')
})

it('is advanced through a database in which nothing waits', async () => {
  expect((await advanceTo(t, new Date(t.clock.now.getTime() + dayMs))).steps).toBe(0)
})
