import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { transact } from './connect.ts'

let t: TestHouse
beforeAll(async () => {
  t = await openTestHouse()
  await t.house.sql`create table cup (id int primary key, sips int not null default 0)`
  await t.house.sql`insert into cup (id) values (1), (2)`
})
afterAll(() => t.close())

it('does once more what lost a deadlock, and loses nothing', async () => {
  const both = { first: Promise.withResolvers<void>(), second: Promise.withResolvers<void>() }
  let begun = 0
  /** Both have their first cup before either reaches for the other one. */
  const drink = (one: number, other: number, mine: PromiseWithResolvers<void>, theirs: PromiseWithResolvers<void>) =>
    transact(t.house.sql, async (tx) => {
      begun++
      await tx`update cup set sips = sips + 1 where id = ${one}`
      mine.resolve()
      await theirs.promise
      await tx`update cup set sips = sips + 1 where id = ${other}`
    })
  await Promise.all([drink(1, 2, both.first, both.second), drink(2, 1, both.second, both.first)])
  expect(begun).toBe(3)
  expect(await t.house.sql`select sips from cup order by id`).toEqual([{ sips: 2 }, { sips: 2 }])
})

it('throws what else is thrown inside, at once, and keeps nothing', async () => {
  let begun = 0
  const work = transact(t.house.sql, async (tx) => {
    begun++
    await tx`update cup set sips = 100`
    throw new Error('no')
  })
  await expect(work).rejects.toThrow('no')
  expect(begun).toBe(1)
  expect(await t.house.sql`select 1 from cup where sips = 100`).toEqual([])
})
