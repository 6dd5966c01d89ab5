// The yardstick of deliveries: the same bodies, signed the same way, posted by a bare loop over undici's pools.

import { Pool } from 'undici'
import { connect } from '../../packages/server/src/db/connect.ts'
import { listEvents } from '../../packages/server/src/webhooks/event.queries.ts'
import { eventBody } from '../../packages/server/src/webhooks/event-body.ts'
import { signatureHeaders } from '../../packages/server/src/webhooks/signature.ts'
import { type Listener, secret } from './deployment.ts'
import { beAsked } from './part.ts'

export type LoopOrder =
  | { do: 'load'; url: string; listeners: readonly Listener[]; ofEach: number; atOnce: number }
  | { do: 'post' }

type Message = Readonly<{ id: string; body: string }>
type Way = Readonly<{ pool: Pool; atOnce: number; messages: readonly Message[] }>

let ways: Way[] = []

async function load({ url, listeners, ofEach, atOnce }: Extract<LoopOrder, { do: 'load' }>): Promise<void> {
  const sql = connect(url, { max: 2 })
  ways = []
  for (const { merchantId, port } of listeners) {
    const [end] = await sql<{ last: bigint }[]>`select last from event_counter where merchant_id = ${merchantId}`
    const after = Number(end?.last ?? 0n) - ofEach
    const { events } = await listEvents({ sql }, { merchantId, after, types: null, resourceId: null, limit: ofEach })
    const messages = events.map((event) => ({ id: event.id, body: JSON.stringify(eventBody(event)) }))
    ways.push({ pool: new Pool(`http://127.0.0.1:${port}`, { connections: atOnce }), atOnce, messages })
  }
  await sql.end()
}

async function send({ pool, messages, atOnce }: Way): Promise<void> {
  let next = 0
  const work = async () => {
    for (let message = messages[next++]; message; message = messages[next++]) {
      const { id, body } = message
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'Rialto-Webhooks/1',
        ...signatureHeaders([secret], { id, at: new Date(), body }),
      }
      const answer = await pool.request({ path: '/webhooks', method: 'POST', headers, body })
      if (answer.statusCode !== 200) throw new Error(`it answered ${answer.statusCode}`)
      await answer.body.text()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

beAsked(async (order: LoopOrder) => {
  if (order.do === 'load') return load(order)
  const began = performance.now()
  await Promise.all(ways.map(send))
  const tookMs = performance.now() - began
  await Promise.all(ways.map(({ pool }) => pool.close()))
  return tookMs
})
