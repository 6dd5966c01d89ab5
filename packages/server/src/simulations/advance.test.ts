import { afterEach, beforeEach, expect, it } from 'vitest'
import { advanceDays, advanceTo, turnable } from '../../test/advance.ts'
import { openFakeWorld } from '../../test/fake-world.ts'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { remind } from '../agenda/agenda.commands.ts'
import { type Tx, transact } from '../db/connect.ts'
import { ask, type TaskList } from '../jobs/tasks.ts'
import { Refusal } from '../kernel/refusal.ts'
import { createMerchant } from '../merchants/merchant.commands.ts'
import { announce } from '../webhooks/event.commands.ts'
import { advance } from './advance.ts'

let t: TestHouse
beforeEach(async () => {
  t = await openTestHouse()
})
afterEach(() => t.close())

const start = new Date('2026-01-05T15:00:00.000Z')
const after = (minutes: number) => new Date(start.getTime() + minutes * 60_000)

/** These tasks do the same here: what the name in their payload means. */
function tasksOf(does: (name: string) => Promise<unknown>): TaskList {
  const run = ({ sessionId }: { sessionId: string }) => does(sessionId).then(() => undefined)
  return { 'expire-session': run, 'revoke-at-bank': run } as unknown as TaskList
}
const later = (tx: Tx, at: Date, name: string) => remind(tx, at, 'expire-session', { sessionId: name as never }, name)
const note = (at: Date, name: string) => transact(t.house.sql, (tx) => later(tx, at, name))

/** Writes down what was done, and what the clock showed then. */
function diary() {
  const lines: string[] = []
  const write = async (name: string) => lines.push(`${t.clock.now.toISOString().slice(11, 16)} ${name}`)
  return { lines, write, tasks: tasksOf(write) }
}

it('goes from one due thing to the next, each at its own time, and ends where it was told to', async () => {
  const { lines, tasks } = diary()
  await note(after(60), 'second')
  await note(after(10), 'first')
  await note(after(60), 'also second')
  await note(after(200), 'too late')
  const advanced = await advanceTo(t, after(120), { tasks })
  expect(lines).toEqual(['15:10 first', '16:00 also second', '16:00 second'])
  expect(advanced).toEqual({
    ...{ from: start, now: after(120), standing: false, steps: 3, jobs: 3, failedJobs: 0, enough: false },
  })
  expect(t.house.now()).toEqual(after(120))
})

it('turns house time only: on the wall nothing has passed', async () => {
  await advanceDays(t, 60, { tasks: diary().tasks })
  expect(t.house.now().toISOString()).toBe('2026-03-06T15:00:00.000Z')
  expect(t.house.realNow()).toEqual(start)
})

it('does what was already due, and what a job reminds of or asks for on the way', async () => {
  const { lines, write } = diary()
  const tasks = tasksOf(async (name) => {
    await write(name)
    if (name === 'overdue') await note(after(5), 'reminded of')
    if (name === 'reminded of')
      await transact(t.house.sql, (tx) => ask(tx, 'revoke-at-bank', { sessionId: 'asked for' } as never))
  })
  await note(after(-30), 'overdue')
  await advanceTo(t, after(10), { tasks })
  expect(lines).toEqual(['15:00 overdue', '15:05 reminded of', '15:05 asked for'])
})

it('lets our own things go first at a tie, then the outside world, and fetches what that left for us', async () => {
  const { lines, tasks, write } = diary()
  const world = openFakeWorld(start)
  world.plan.push(
    { at: after(60), happens: () => write('outside').then(() => 1) },
    { at: after(90), happens: () => write('outside, nothing to fetch').then(() => 0) },
  )
  await note(after(60), 'ours')
  await note(after(61), 'ours, later')
  const afterWrote = () => transact(t.house.sql, (tx) => ask(tx, 'revoke-at-bank', { sessionId: 'fetched' } as never))
  const advanced = await advanceTo(t, after(120), { tasks, world, afterWrote })
  expect(lines).toEqual([
    ...['16:00 ours', '16:00 outside', '16:00 fetched', '16:01 ours, later'],
    '16:30 outside, nothing to fetch',
  ])
  expect(advanced.steps).toBe(3)
  expect(world).toMatchObject({ now: after(120), standing: false })
  expect(world.told.filter((line) => line.includes('16:00'))[0]).toContain('standing')
})

it('shows the outside world every instant, so that what we put there is taken at that instant', async () => {
  const world = openFakeWorld(start)
  const tasks = tasksOf(async () => {
    world.plan.push({ at: t.clock.now, happens: () => 0 })
  })
  await note(after(7), 'puts a file')
  await advanceTo(t, after(8), { tasks, world })
  expect(world.plan).toEqual([])
})

it('writes the same events for the same story, ids included', async () => {
  const again = await openTestHouse()
  const [first, second] = await Promise.all([story(t), story(again)])
  await again.close()
  expect(first.length).toBe(1 + 12 + 12 * 25)
  expect(second).toEqual(first)
}, 60_000)

/** Twelve things on three instants; each asks for 25 jobs at once, which take their time and announce something. */
async function story(house: TestHouse): Promise<unknown[]> {
  const { sql } = house.house
  const { merchant } = await createMerchant(house.house, { name: 'Corner Store' })
  const say = (tx: Tx, name: string) =>
    announce(house.house, tx, [
      {
        ...{ type: 'payment.created', resourceType: 'payment', resourceId: house.house.newId(), data: { name } },
        merchantId: merchant.id,
      },
    ])
  const tasks = tasksOf(async (name) => {
    if (name.startsWith('asked')) await new Promise((go) => setTimeout(go, Math.random() * 4))
    await transact(sql, async (tx) => {
      await say(tx, name)
      if (name.startsWith('asked')) return
      for (let count = 0; count < 25; count++)
        await ask(tx, 'revoke-at-bank', { sessionId: `asked by ${name}, ${count}` } as never)
    })
  })
  await transact(sql, async (tx) => {
    await say(tx, 'beginning')
    for (let count = 0; count < 12; count++) await later(tx, after(60 * (count % 3)), `thing ${count}`)
  })
  await advanceTo(house, after(600), { tasks })
  const rows = await sql`select id, data, resource_id, happened_at from event order by id`
  const ofMerchant = JSON.stringify(rows).replaceAll(merchant.id, 'merchant')
  return JSON.parse(ofMerchant) as unknown[]
}

it('stops as soon as enough has happened, and leaves the rest for later', async () => {
  const { lines, tasks } = diary()
  for (const hour of [1, 2, 3]) await note(after(60 * hour), `at ${hour}`)
  const advanced = await advanceTo(t, after(600), { tasks, isEnough: async () => lines.length === 2 })
  expect(advanced).toMatchObject({ now: after(120), enough: true, steps: 2 })
  expect(t.house.now()).toEqual(after(120))
  expect(lines).toEqual(['16:00 at 1', '17:00 at 2'])
})

it('does not wait for a job that failed, and counts it', async () => {
  const { lines, write } = diary()
  const tasks = tasksOf(async (name) => {
    if (name === 'breaks') throw new Error('the bank is away')
    await write(name)
  })
  await note(after(1), 'breaks')
  await note(after(2), 'goes on')
  const advanced = await advanceTo(t, after(3), { tasks })
  expect(lines).toEqual(['15:02 goes on'])
  expect(advanced).toMatchObject({ now: after(3), failedJobs: 1 })
})

it('refuses to be advanced twice at once', async () => {
  const clock = turnable(t.clock)
  const hand = await clock.take(after(1))
  const parts = { house: t.house, clock, world: null, afterWrote: async () => undefined }
  await expect(advance(parts, { to: after(9), standing: false })).rejects.toMatchObject({ code: 'clock_advancing' })
  await hand.letGo(false)
  expect((await advance(parts, { to: after(9), standing: false })).now).toEqual(after(9))
})

it('turns nothing while the outside world does not answer', async () => {
  const world = openFakeWorld(start)
  world.broken = new Refusal('outside_world_unreachable')
  await note(after(1), 'not done')
  const { lines, tasks } = diary()
  await expect(advanceTo(t, after(5), { tasks, world })).rejects.toMatchObject({ code: 'outside_world_unreachable' })
  expect(t.house.now()).toEqual(start)
  expect(lines).toEqual([])
})

it('stays where it is when the outside world is lost on the way, and can be advanced again', async () => {
  const world = openFakeWorld(start)
  const { lines, write } = diary()
  const tasks = tasksOf(async (name) => {
    if (name === 'breaks the world') world.broken = new Refusal('outside_world_unreachable')
    await write(name)
  })
  await note(after(1), 'breaks the world')
  await note(after(2), 'the rest')
  await expect(advanceTo(t, after(5), { tasks, world })).rejects.toMatchObject({ code: 'outside_world_unreachable' })
  expect(t.house.now()).toEqual(after(1))
  world.broken = undefined
  await advanceTo(t, after(5), { tasks, world })
  expect(lines).toEqual(['15:01 breaks the world', '15:02 the rest'])
  expect(world.now).toEqual(after(5))
})

it('leaves an outside world that is ahead where it is, until it is overtaken', async () => {
  const world = openFakeWorld(after(3))
  const { lines, tasks } = diary()
  await note(after(1), 'ours')
  await note(after(4), 'ours, later')
  await advanceTo(t, after(5), { tasks, world })
  expect(lines).toEqual(['15:01 ours', '15:04 ours, later'])
  expect(world.now).toEqual(after(5))
})

it('ends when the process ends, with the clock let go', async () => {
  const stopping = new AbortController()
  const clock = turnable(t.clock)
  await note(after(1), 'nobody does this')
  const parts = { house: t.house, clock, world: null, afterWrote: async () => undefined, signal: stopping.signal }
  const advancing = advance(parts, { to: after(9), standing: false })
  setTimeout(() => stopping.abort(), 50)
  await expect(advancing).rejects.toThrow('aborted')
  expect(clock.read().advance).toBeNull()
  expect(t.house.now()).toEqual(after(1))
})
