// What API processes do all day: changes with an event each, every one its own transaction, due by the clock.

import { randomBytes } from 'node:crypto'
import { connect, type Sql, transact } from '../../packages/server/src/db/connect.ts'
import { idMaker } from '../../packages/server/src/kernel/id.ts'
import { announce } from '../../packages/server/src/webhooks/event.commands.ts'
import { pace } from './pace.ts'
import { beAsked, sharedMs } from './part.ts'

export type AnnounceOrder = Readonly<{
  url: string
  merchantIds: readonly string[]
  /** Null: as fast as it goes, so many at a time. */
  perSecond: number | null
  seconds: number
}>

/** When each change was committed, in sharedMs, and the merchant it belongs to by its place in the list. */
export type Committed = readonly (readonly [resourceId: string, at: number, merchant: number])[]

const atOnce = 32
const now = () => new Date()
const house = { now, newId: idMaker(now, randomBytes) }

/** It has been running for a while: its connections are kept from one order to the next. */
let pool: Sql | undefined

beAsked(async ({ url, merchantIds, perSecond, seconds }: AnnounceOrder): Promise<Committed> => {
  pool ??= connect(url, { max: perSecond === null ? atOnce : 8, byKey: true })
  const sql = pool
  const committed: [string, number, number][] = []
  const change = async (index: number) => {
    const merchant = index % merchantIds.length
    const resourceId = house.newId<'payment'>()
    const data = { customerId: house.newId(), clientReferenceId: `order-${index}`, transactionType: 'DEBIT' }
    const news = { type: 'payment.authorized', resourceType: 'payment', resourceId, data } as const
    await transact(sql, (tx) => announce(house, tx, [{ ...news, merchantId: merchantIds[merchant] ?? '' }]))
    committed.push([resourceId, sharedMs(), merchant])
  }
  if (perSecond === null) await rush(change, seconds)
  else await pace(change, perSecond, seconds)
  return committed
})

async function rush(change: (index: number) => Promise<void>, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1_000
  let next = 0
  const work = async () => {
    while (performance.now() < end) await change(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}
