import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { transact } from '../../src/db/connect.ts'
import { openKillSwitch } from './kill-switch.ts'
import { mortalSql } from './mortal.ts'
import { randomOf } from './random.ts'
import { type Lane, openLane } from './server.ts'
import { openTurns } from './together.ts'

let lane: Lane
beforeAll(async () => {
  lane = await openLane({ postgresUrl: inject('postgresUrl'), templateDatabase: inject('templateDatabase') })
  await lane.sql`create table counter (name text primary key, many int not null)`
})
afterAll(() => lane.close())

/** Two processes that each do some things to the counters; in the order in which the statements were sent. */
async function playTwo(seed: number, works: readonly [readonly string[], readonly string[]]) {
  await lane.sql`delete from counter`
  await lane.sql`insert into counter values ('a', 0), ('b', 0)`
  const turns = openTurns(lane.waits)
  const order: string[] = []
  const [one, other] = [0, 1].map((index) => {
    const fate = { kill: openKillSwitch(), turn: turns.of[index as 0 | 1] }
    const sql = mortalSql(lane.workers[index as 0 | 1], fate)
    return () =>
      transact(sql, async (tx) => {
        for (const name of works[index as 0 | 1]) {
          await tx`update counter set many = many + 1 where name = ${name}`
          order.push(`${index}${name}`)
        }
      })
  })
  if (!one || !other) throw new Error('there are two')
  const { ended, waited } = await turns.together(randomOf(seed, 'turns'), [one, other])
  const rows = await lane.sql<{ many: number }[]>`select many from counter order by name`
  const codes = ended.map((end) => ('error' in end ? (end.error as { code: string }).code : 'done'))
  return { order: order.join(' '), counted: rows.map(({ many }) => many), codes, waited }
}

it('lets two work at once, in many orders, and in the same one when it is asked again', async () => {
  const orders = new Set<string>()
  for (let seed = 1; seed <= 12; seed++) {
    const [first, again] = [await playTwo(seed, [['a'], ['b']]), await playTwo(seed, [['a'], ['b']])]
    expect(again).toEqual(first)
    expect(first).toMatchObject({ counted: [1, 1], codes: ['done', 'done'], waited: false })
    orders.add(first.order)
  }
  expect(orders).toEqual(new Set(['0a 1b', '1b 0a']))
})

it('leaves whoever waits for a lock aside until it is free', async () => {
  let waits = 0
  for (let seed = 1; seed <= 12; seed++) {
    const { counted, codes, waited, order } = await playTwo(seed, [
      ['a', 'b'],
      ['a', 'b'],
    ])
    expect({ counted, codes }).toEqual({ counted: [2, 2], codes: ['done', 'done'] })
    expect(['0a 0b 1a 1b', '1a 1b 0a 0b']).toContain(order)
    if (waited) waits++
  }
  expect(waits).toBeGreaterThan(0)
})

it('goes on when the database parts two that wait for each other: whoever lost is done once more', async () => {
  const seen = new Set<string>()
  for (let seed = 1; seed <= 12; seed++) {
    const { codes } = await playTwo(seed, [
      ['a', 'b'],
      ['b', 'a'],
    ])
    seen.add(codes.toSorted().join(' '))
  }
  expect(seen).toEqual(new Set(['done done']))
})
