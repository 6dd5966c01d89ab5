import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { transact } from '../db/connect.ts'
import type { MerchantId } from '../kernel/id.ts'
import { createMerchant } from '../merchants/merchant.commands.ts'
import { subscribe, updateEndpoint } from './endpoint.commands.ts'
import { getEndpoint } from './endpoint.queries.ts'
import { announce, numberEvents } from './event.commands.ts'
import { numberOldest } from './event-sequence.store.ts'

let t: TestHouse
let merchantId: MerchantId
beforeAll(async () => {
  t = await openTestHouse()
  merchantId = (await createMerchant(t.house, { name: 'Corner Store' })).merchant.id
})
afterAll(() => t.close())

const happen = () =>
  transact(t.house.sql, (tx) =>
    announce(t.house, tx, [
      { type: 'payment.created', merchantId, resourceType: 'payment', resourceId: t.house.newId(), data: {} },
    ]),
  )

/** Does something while an event has got its place and nobody sees that yet. */
async function whileNumbering<T>(work: () => Promise<T>): Promise<T> {
  let doing: Promise<T> | undefined
  await transact(t.house.sql, async (tx) => {
    expect(await numberOldest(tx, 10)).toEqual({ many: 1, taken: [] })
    doing = work()
    await sleep(100)
  })
  return doing as Promise<T>
}

const toldTo = async (id: string) => (await getEndpoint(t.house, merchantId, id)).toldTo

it('lets whoever subscribes meanwhile begin after what just got its place: nothing is between', async () => {
  await happen()
  const wish = { kind: 'everything' } as const
  const secret = 'a secret of the merchant, long enough'
  const { id } = await whileNumbering(() =>
    subscribe(t.house, { merchantId, url: 'http://127.0.0.1:9/', secret, wish, description: null, alertEmail: null }),
  )
  expect(await toldTo(id)).toBe(1)

  await updateEndpoint(t.house, merchantId, id, { wish: { kind: 'categories', categories: ['ACCOUNT'] } })
  await happen()
  await whileNumbering(() => updateEndpoint(t.house, merchantId, id, { wish }))
  expect(await toldTo(id)).toBe(2)
})

it('says whose events got their places, and of very many merchants at once that it may be anybody', async () => {
  const heard: string[] = []
  const ear = await t.house.sql.listen('events_numbered', (text) => void heard.push(text))
  await happen()
  await numberEvents(t.house)
  await expect.poll(() => heard).toEqual([merchantId])
  const others = await t.house.sql<{ id: MerchantId }[]>`
    insert into merchant (id, name, created_at) select uuidv7(), 'Corner Store ' || n, now()
    from generate_series(1, 201) as n returning id`
  const news = { type: 'payment.created', resourceType: 'payment', data: {} } as const
  await transact(t.house.sql, (tx) =>
    announce(
      t.house,
      tx,
      others.map(({ id }) => ({ ...news, merchantId: id, resourceId: t.house.newId() })),
    ),
  )
  await numberEvents(t.house)
  await expect.poll(() => heard).toEqual([merchantId, ''])
  await ear.unlisten()
})
