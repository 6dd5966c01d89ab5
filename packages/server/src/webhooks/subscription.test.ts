import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { categories, eventTypes } from './event.ts'
import { isWanted } from './subscription.store.ts'
import { type Subscription, typesWanted } from './subscription.ts'

let t: TestHouse
beforeAll(async () => {
  t = await openTestHouse()
})
afterAll(() => t.close())

const anySubscription: fc.Arbitrary<Subscription> = fc.record({
  everything: fc.boolean(),
  categories: fc.subarray([...categories]),
  types: fc.subarray(eventTypes),
  except: fc.subarray(eventTypes, { maxLength: 5 }),
})

it('is understood by the database as it is by the house, for every type', async () => {
  const { sql } = t.house
  const asDatabase = async ({ everything, categories: some, types, except }: Subscription) => {
    const rows = await sql<{ type: string }[]>`
      select catalogue.type from unnest(${eventTypes}::text[]) as catalogue (type),
        (select ${everything}::boolean as everything, ${[...some]}::text[] as categories, ${[...types]}::text[] as types,
          ${[...except]}::text[] as except_types) as endpoint
      where ${isWanted(sql, sql`catalogue.type`)}`
    return rows.map(({ type }) => type).toSorted()
  }
  await fc.assert(
    fc.asyncProperty(anySubscription, async (subscription) => {
      expect(await asDatabase(subscription)).toEqual(typesWanted(subscription).toSorted())
    }),
    { numRuns: 60, seed: 1 },
  )
})
