import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = Readonly<{ headers: IncomingHttpHeaders; rawBody: Buffer; path: string }>

/** `hang`: never answers. `reset`: breaks the connection off. */
export type Reply = Readonly<{
  status?: number
  body?: string
  headers?: Readonly<Record<string, string>>
  does?: 'hang' | 'reset'
}>

export type WebhookReceiver = Readonly<{
  url: string
  /** What has come so far, in the order in which it came. */
  requests: readonly Received[]
  /** How it answers from now on; at first with 200. A function is asked each time. */
  answer(reply: Reply | ((request: Received) => Reply)): void
  close(): Promise<void>
}>

/** A merchant's program that takes webhooks: a real server on this machine. `port`: where one was before. */
export async function openWebhookReceiver(port = 0): Promise<WebhookReceiver> {
  const requests: Received[] = []
  let reply: (request: Received) => Reply = () => ({})
  const server = createServer((request, response) => {
    void read(request).then((received) => {
      requests.push(received)
      give(response, reply(received))
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}/webhooks`,
    requests,
    answer(next) {
      reply = typeof next === 'function' ? next : () => next
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function read(request: IncomingMessage): Promise<Received> {
  const rawBody = Buffer.concat(await request.toArray())
  return { headers: request.headers, rawBody, path: request.url ?? '' }
}

function give(response: ServerResponse, { status = 200, body = '', headers = {}, does }: Reply): void {
  if (does === 'reset') response.socket?.resetAndDestroy()
  else if (does !== 'hang') response.writeHead(status, headers).end(body)
}
