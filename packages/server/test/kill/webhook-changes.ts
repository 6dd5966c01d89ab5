// An API to be killed: changes gadgets, several at a time, each in a transaction that announces it. Ends by itself when
// there have been enough changes, those of its predecessors among them.
import { setTimeout as sleep } from 'node:timers/promises'
import { transact } from '../../src/db/connect.ts'
import { announce } from '../../src/webhooks/event.commands.ts'
import { openProcess } from './webhook-process.ts'

const { house, orders } = openProcess()
const { sql } = house
const writers = 4

const changesSoFar = async (): Promise<number> =>
  (await sql<{ many: number }[]>`select sum(version)::int as many from gadget`)[0]?.many ?? 0

async function change(): Promise<void> {
  await transact(sql, async (tx) => {
    const value = Math.floor(Math.random() * 1_000_000)
    const [gadget] = await tx<{ id: string; merchant_id: string }[]>`
      update gadget set value = ${value}, version = version + 1
      where id = (select id from gadget order by random() limit 1) returning id, merchant_id`
    if (!gadget) throw new Error('there are no gadgets')
    const about = { resourceType: 'payment', resourceId: gadget.id, merchantId: gadget.merchant_id } as const
    await announce(house, tx, [{ type: 'payment.authorized', ...about, data: { value } }])
  })
}

async function write(): Promise<void> {
  while ((await changesSoFar()) < orders.changes) {
    await change()
    await sleep((Math.random() * 2_000 * writers) / orders.perSecond)
  }
}

await Promise.all(Array.from({ length: writers }, write))
await house.outbound.close()
await sql.end()
