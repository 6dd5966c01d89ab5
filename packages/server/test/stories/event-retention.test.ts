import { afterEach, beforeEach, expect, it } from 'vitest'
import { transact } from '../../src/db/connect.ts'
import { createMerchant } from '../../src/merchants/merchant.commands.ts'
import { announce, numberEvents } from '../../src/webhooks/event.commands.ts'
import { keepEvents } from '../../src/webhooks/retention.jobs.ts'
import { openTestHouse, type TestHouse } from '../test-house.ts'

let t: TestHouse
let merchantId: string
beforeEach(async () => {
  t = await openTestHouse()
  merchantId = (await createMerchant(t.house, { name: 'Corner Store' })).merchant.id
})
afterEach(() => t.close())

async function happen(resourceId: string): Promise<void> {
  await transact(t.house.sql, (tx) =>
    announce(t.house, tx, [
      { type: 'payment.created', merchantId, resourceType: 'payment', resourceId, data: { transactionType: 'DEBIT' } },
    ]),
  )
  await numberEvents(t.house)
}
const months = async () =>
  (
    await t.house.sql<{ name: string }[]>`
    select distinct tableoid::regclass::text as name from event order by 1`
  ).map(({ name }) => name)

it('keeps events in their months, drops a month when it is old enough, and goes on counting', async () => {
  await keepEvents(t.house)
  const [first, second] = [t.house.newId(), t.house.newId()]
  await happen(first)
  await happen(second)
  await happen(first)
  t.clock.now = new Date('2026-02-10T15:00:00Z')
  await happen(second)
  expect(await months()).toEqual(['event_2026_01', 'event_2026_02'])
  t.clock.now = new Date('2027-03-07T15:00:00Z')
  await keepEvents(t.house)
  expect(await months()).toEqual(['event_2026_01', 'event_2026_02'])
  t.clock.now = new Date('2027-03-08T15:00:00Z')
  await keepEvents(t.house)
  expect(await months()).toEqual(['event_2026_02'])
  await happen(first)
  const places = await t.house.sql`select sequence::int, resource_id, resource_version from event_sequence order by 1`
  expect(places.map((row) => Object.values(row))).toEqual([
    [3, first, 2],
    [4, second, 2],
    [5, first, 3],
  ])
})

it('leaves a month whose first events came before its partition where they are', async () => {
  await happen(t.house.newId())
  await keepEvents(t.house)
  await happen(t.house.newId())
  expect(await months()).toEqual(['event_other'])
})

it('is done by several workers at once without a word', async () => {
  await Promise.all(Array.from({ length: 8 }, () => keepEvents(t.house)))
  await happen(t.house.newId())
  expect(await months()).toEqual(['event_2026_01'])
})

it('reminds of itself at the beginning of the next month, once', async () => {
  await keepEvents(t.house)
  await keepEvents(t.house)
  expect(await t.house.sql`select key, due_at from agenda where task = 'keep-events'`).toMatchObject([
    { key: 'keep-events', due_at: new Date('2026-02-01T00:00:00Z') },
  ])
})
