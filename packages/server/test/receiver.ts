import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server of a test, and the connections that it saw. */
export type Receiver = Readonly<{
  origin: string
  port: number
  /** How many connections were opened so far. */
  opened: () => number
  /** Those that are open now. */
  open: ReadonlySet<Socket>
}>

/** Lets a server (plain TCP, HTTP, HTTPS) listen on this machine until the test ends. */
export async function listen(server: Server, how: { host?: string; secure?: boolean } = {}): Promise<Receiver> {
  const { host = '127.0.0.1', secure = false } = how
  const open = new Set<Socket>()
  let opened = 0
  server.on('connection', (socket: Socket) => {
    opened += 1
    open.add(socket)
    socket.on('close', () => open.delete(socket)).on('error', () => undefined)
  })
  server.listen(0, host)
  await once(server, 'listening')
  onTestFinished(async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of open) socket.destroy()
    await closed
  })
  const { port } = server.address() as AddressInfo
  return { origin: `${secure ? 'https' : 'http'}://${host}:${port}`, port, opened: () => opened, open }
}
