// Merchants' servers, as cheap as can be because they share two cores with what is measured: plain sockets, every body
// read to its end, always 200.

import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { beAsked, sharedMs } from './part.ts'

export type Ports = Readonly<{ live: readonly number[]; hanging: readonly number[] }>
/** When each resource was first heard of, in sharedMs. */
export type Arrivals = readonly (readonly [resourceId: string, at: number])[]
export type ReceiverOrder =
  | { do: 'open'; live: number; hanging: number }
  | { do: 'count' }
  | { do: 'arrivals' }
  | { do: 'forget'; note: boolean }

let received = 0
let isNoting = false
const arrivals = new Map<string, number>()

const taken = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'
const resourceMark = '"resourceId":"'

function listen(socket: Socket): void {
  let text = ''
  socket.setNoDelay(true)
  socket.setEncoding('latin1')
  socket.on('error', () => undefined)
  socket.on('data', (chunk: string) => {
    text += chunk
    const headEnd = text.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN)
    if (Number.isNaN(length)) throw new Error('a request without content-length')
    if (text.length < headEnd + 4 + length) return
    received++
    if (isNoting) note(text)
    text = ''
    socket.write(taken)
  })
}

function note(text: string): void {
  const from = text.indexOf(resourceMark) + resourceMark.length
  const resourceId = text.slice(from, from + 36)
  if (!arrivals.has(resourceId)) arrivals.set(resourceId, sharedMs())
}

async function open(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const openAll = (count: number, how: (socket: Socket) => void): Promise<number[]> =>
  Promise.all(Array.from({ length: count }, () => open(createServer(how))))

beAsked(async (order: ReceiverOrder) => {
  if (order.do === 'open') {
    const hang = (socket: Socket) => void socket.on('error', () => undefined).resume()
    return { live: await openAll(order.live, listen), hanging: await openAll(order.hanging, hang) }
  }
  if (order.do === 'count') return received
  if (order.do === 'arrivals') return [...arrivals]
  received = 0
  isNoting = order.note
  arrivals.clear()
  return null
})
