// The yardstick of latency, all in one process: a row and a notification in a transaction, and a listener that reads
// the row, signs it and posts it by undici. It remembers nothing.

import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { connect, transact } from '../../packages/server/src/db/connect.ts'
import { idMaker } from '../../packages/server/src/kernel/id.ts'
import { eventBody } from '../../packages/server/src/webhooks/event-body.ts'
import { signatureHeaders } from '../../packages/server/src/webhooks/signature.ts'
import type { Committed } from './announcer.ts'
import { secret } from './deployment.ts'
import { pace } from './pace.ts'
import { beAsked, sharedMs } from './part.ts'

export type ListenOrder = Readonly<{ url: string; ports: readonly number[]; perSecond: number; seconds: number }>

const now = () => new Date()
const newId = idMaker(now, randomBytes)

beAsked(async ({ url, ports, perSecond, seconds }: ListenOrder): Promise<Committed> => {
  const sql = connect(url, { max: 8 })
  await Promise.all(Array.from({ length: 8 }, () => sql`select pg_sleep(0.05)`))
  await sql`create table if not exists bare_event (id uuid primary key, place int not null, body text not null)`
  const pools = ports.map((port) => new Pool(`http://127.0.0.1:${port}`, { connections: 16 }))
  const under: Promise<void>[] = []
  const post = async (id: string) => {
    const [row] = await sql<{ place: number; body: string }[]>`select place, body from bare_event where id = ${id}`
    if (!row) throw new Error('a notification came before its row')
    const { body } = row
    const headers = { 'content-type': 'application/json', ...signatureHeaders([secret], { id, at: new Date(), body }) }
    const pool = pools[row.place % pools.length]
    const answer = await pool?.request({ path: '/webhooks', method: 'POST', headers, body })
    await answer?.body.text()
  }
  const ear = await sql.listen('bare_event', (id) => void under.push(post(id)))
  const committed: [string, number, number][] = []
  const change = async (index: number) => {
    const id = newId<'event'>()
    const resourceId = newId<'payment'>()
    const data = { customerId: newId(), clientReferenceId: `order-${index}`, transactionType: 'DEBIT' }
    const event = { type: 'payment.authorized', resourceType: 'payment', resourceId, data, happenedAt: now() } as const
    const body = JSON.stringify(eventBody({ ...event, id, sequence: index + 1, resourceVersion: 1 }))
    await transact(sql, async (tx) => {
      await tx`insert into bare_event (id, place, body) values (${id}, ${index}, ${body})`
      await tx`select pg_notify('bare_event', ${id})`
    })
    committed.push([resourceId, sharedMs(), index % ports.length])
  }
  await pace(change, perSecond, seconds)
  await sleep(200)
  while (under.length > 0) await Promise.all(under.splice(0))
  await ear.unlisten()
  await Promise.all(pools.map((pool) => pool.close()))
  await sql.end()
  return committed
})
