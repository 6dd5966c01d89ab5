import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Rialto, type RialtoOptions } from '../src/index.ts'

export type Received = Readonly<{
  method: string
  /** Path and query. */
  path: string
  headers: IncomingHttpHeaders
  text: string
  /** What its JSON says. */
  json: Record<string, unknown>
}>
export type Given = Readonly<{
  status?: number
  headers?: Readonly<Record<string, string>>
  json?: unknown
  text?: string
  /** `cut`: no answer, the connection is dropped. `silence`: no answer, ever. */
  instead?: 'cut' | 'silence'
}>
type Answering = Given | ((call: Received) => Given)

/** A platform on the loopback that answers what the test says, and remembers who called. */
export async function openFakeApi() {
  const received: Received[] = []
  const waiting: Answering[] = []
  let tokens = 0
  /** For how long tokens are good, and what the token call answers instead when it is set. */
  const tokenCall = { expiresInSeconds: 3600, instead: undefined as Given | undefined }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const { method = '', url: path = '', headers } = request
      const json = text.startsWith('{') ? JSON.parse(text) : {}
      const call = { method, path, headers, text, json }
      received.push(call)
      const given = answerTo(call)
      if (given.instead === 'silence') return
      if (given.instead === 'cut') return void request.socket.destroy()
      const body = given.text ?? (given.json === undefined ? '' : JSON.stringify(given.json))
      const type = given.json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }
      response.writeHead(given.status ?? 200, { ...type, ...given.headers }).end(body)
    })
  })

  function answerTo(call: Received): Given {
    if (call.path === '/v1/tokens') {
      if (tokenCall.instead) return tokenCall.instead
      const granted = { access_token: `token-${++tokens}`, expires_in: tokenCall.expiresInSeconds }
      return { json: { ...granted, token_type: 'Bearer', scope: 'Link-Core Link-Payment' } }
    }
    const next = waiting.length > 1 ? waiting.shift() : waiting[0]
    if (!next) throw new Error(`the test says nothing about ${call.method} ${call.path}`)
    return typeof next === 'function' ? next(call) : next
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokenCall,
    /** The answers to the next calls, tokens aside, in turn. The last one stays. */
    answers: (...given: Answering[]) => void waiting.splice(0, waiting.length, ...given),
    /** The calls so far, tokens aside. */
    calls: () => received.filter(({ path }) => path !== '/v1/tokens'),
    tokenCalls: () => received.filter(({ path }) => path === '/v1/tokens'),
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
export type FakeApi = Awaited<ReturnType<typeof openFakeApi>>

/** What the platform says when it says no. */
export const no = (status: number, errorCode: string, more: object = {}, headers: Given['headers'] = {}): Given => ({
  status,
  headers: { 'x-request-id': 'request-1', ...headers },
  json: { errorId: 10001, errorCode, errorMessage: 'It is not so.', errorSeverity: 'ERROR', ...more },
})

export const clientSecret = 'rialto_sandbox_a-secret-that-nobody-may-see'

/** A client of the fake platform on a clock that stands, which notes how long it would have slept. */
export function openClient(url: string, options: Partial<RialtoOptions> = {}) {
  const slept: number[] = []
  const clock = { now: new Date('2026-01-05T15:00:00.000Z') }
  let keys = 0
  const rialto = new Rialto(
    { baseUrl: url, clientId: 'shop', clientSecret, ...options },
    {
      now: () => clock.now,
      random: () => 0,
      newKey: () => `key-${++keys}`,
      sleep: async (ms, signal) => {
        signal?.throwIfAborted()
        slept.push(ms)
        clock.now = new Date(clock.now.getTime() + ms)
      },
    },
  )
  return { rialto, slept, clock }
}
