import { once } from 'node:events'
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, inject, it, onTestFinished } from 'vitest'
import { listen } from '../../test/receiver.ts'
import { connect, transact } from '../db/connect.ts'
import { type Outbound, type OutboundOptions, openOutbound } from './outbound.ts'

const post = { headers: { 'content-type': 'application/json' }, body: '{"id":"1"}' }
const quickMs = 150

function open(options: Partial<OutboundOptions> = {}): Outbound {
  const outbound = openOutbound({ allow: ['127.0.0.0/8'], ...options })
  onTestFinished(() => outbound.close())
  return outbound
}

/** Answers each connection in bytes, once the request has come. */
const answering = (behave: (socket: Socket) => void) =>
  listen(createServer((socket) => socket.once('data', () => behave(socket))))

const serving = (answer: (request: IncomingMessage, response: ServerResponse) => void) =>
  listen(createHttp((request, response) => request.resume().on('end', () => answer(request, response))))

it('brings the body and the headers, and tells the status and the body of the answer', async () => {
  const seen: string[] = []
  const server = createHttp(async (request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers['x-signature']} ${request.headers.host}`)
    seen.push(Buffer.concat(await request.toArray()).toString())
    response.writeHead(202, { 'retry-after': '120' }).end('thank you')
  })
  const { origin, port } = await listen(server)
  const outcome = await open().post(`${origin}/hooks?shop=1`, { headers: { 'x-signature': 's' }, body: 'déjà' })
  expect(outcome).toEqual({
    ...{ kind: 'answered', status: 202, retryAfter: '120', body: 'thank you', bodyWasCut: false },
    tookMs: expect.any(Number),
  })
  expect(seen).toEqual([`POST /hooks?shop=1 s 127.0.0.1:${port}`, 'déjà'])
})

it('takes a redirect for an answer and does not go there', async () => {
  const elsewhere = await serving((_request, response) => response.end())
  const { origin } = await serving((_request, response) =>
    response.writeHead(302, { location: elsewhere.origin }).end(),
  )
  expect(await open().post(origin, post)).toMatchObject({ kind: 'answered', status: 302 })
  expect(elsewhere.opened()).toBe(0)
})

it('uses one connection for calls that follow each other, and closes it in the end', async () => {
  const { origin, opened, open: still } = await serving((_request, response) => response.end('ok'))
  const outbound = open()
  for (let turn = 0; turn < 3; turn += 1) expect(await outbound.post(origin, post)).toMatchObject({ status: 200 })
  expect(opened()).toBe(1)
  await outbound.close()
  await expect.poll(() => still.size).toBe(0)
  await expect(outbound.post(origin, post)).rejects.toThrow('closed')
})

it('opens another connection when the kept one was closed meanwhile', async () => {
  const { origin, opened, open: still } = await serving((_request, response) => response.end('ok'))
  const outbound = open()
  await outbound.post(origin, post)
  const [socket] = still
  await once(socket!.destroy(), 'close')
  expect(await outbound.post(origin, post)).toMatchObject({ status: 200 })
  expect(opened()).toBe(2)
})

it('never has more connections than it may, and lets calls wait for their turn', async () => {
  let together = 0
  let most = 0
  const server = () =>
    serving(async (_request, response) => {
      together += 1
      most = Math.max(most, together)
      await sleep(5)
      together -= 1
      response.end('ok')
    })
  const [one, two] = [await server(), await server()]
  const outbound = open({ mostConnections: { perOrigin: 2, inAll: 3 } })
  const calls = Array.from({ length: 24 }, (_, index) => outbound.post(index % 2 ? one.origin : two.origin, post))
  for (const outcome of await Promise.all(calls)) expect(outcome).toMatchObject({ status: 200 })
  expect(most).toBeLessThanOrEqual(3)
})

it('closes a connection that is idle when another needs its place', async () => {
  const [one, two] = [await serving((_, response) => response.end()), await serving((_, response) => response.end())]
  const outbound = open({ mostConnections: { perOrigin: 1, inAll: 1 } })
  expect(await outbound.post(one.origin, post)).toMatchObject({ status: 200 })
  expect(await outbound.post(two.origin, post)).toMatchObject({ status: 200 })
  await expect.poll(() => one.open.size).toBe(0)
})

it('counts the wait for a connection that others use', async () => {
  const { origin, opened } = await answering(() => undefined)
  const outbound = open({ mostConnections: { perOrigin: 1, inAll: 1 }, timeoutMs: quickMs })
  const outcomes = await Promise.all([outbound.post(origin, post), outbound.post(origin, post)])
  expect(outcomes).toMatchObject([{ why: 'timed_out' }, { why: 'timed_out' }])
  expect(opened()).toBeLessThanOrEqual(2)
})

const ok = 'HTTP/1.1 200 OK\r\n'

it.each<[what: string, behave: (socket: Socket) => void, outcome: object]>([
  ['hangs', () => undefined, { why: 'timed_out' }],
  ['hangs in the middle of the headers', (s) => s.write(`${ok}content-le`), { why: 'timed_out' }],
  ['only ever says that it works on it', (s) => drip(s, 'HTTP/1.1 102 Processing\r\n\r\n'), { why: 'timed_out' }],
  ['drips headers', (s) => drip(s, 'x-a: b\r\n', ok), { why: 'timed_out' }],
  ['closes without an answer', (s) => s.end(), { why: 'reset' }],
  ['resets before the headers', (s) => s.resetAndDestroy(), { why: 'reset' }],
  ['closes in the middle of the headers', (s) => s.end(`${ok}content-le`), { why: 'reset' }],
  ['speaks another protocol', (s) => s.write('SSH-2.0-OpenSSH_9.9\r\n'), { why: 'not_http' }],
  ['answers with a status below 100', (s) => s.end('HTTP/1.1 000 Nothing\r\n\r\n'), { why: 'not_http' }],
  ['wants to speak another protocol', (s) => s.write(upgrade), { why: 'not_http' }],
  ['sends endless headers', (s) => s.write(`${ok}x: ${'a'.repeat(100_000)}`), { why: 'not_http' }],
])('tells why there is no answer from a server that %s', async (_what, behave, outcome) => {
  const { origin } = await answering(behave)
  const isSlow = 'why' in outcome && outcome.why === 'timed_out'
  const came = await open(isSlow ? { timeoutMs: quickMs } : {}).post(origin, post)
  expect(came).toMatchObject({ kind: 'failed', says: expect.stringMatching(/^[A-Z].*\.$/), ...outcome })
})

it.each<[what: string, behave: (socket: Socket) => void, outcome: object]>([
  ['drips its body', (s) => drip(s, 'x', `${ok}\r\n`), { body: expect.stringMatching(/^x+$/) }],
  ['hangs before its body', (s) => s.write(`${ok}content-length: 2\r\n\r\n`), { body: '' }],
  ['resets in its body', (s) => s.write(`${ok}content-length: 9\r\n\r\nab`, () => s.end()), { body: 'ab' }],
  [
    'answers ten megabytes',
    (s) => s.write(`${ok}content-length: 10000000\r\n\r\n${'y'.repeat(10_000_000)}`),
    { body: 'y'.repeat(4_096) },
  ],
  ['answers a little too much', (s) => s.end(`${ok}\r\n${'z'.repeat(5_000)}`), { body: 'z'.repeat(4_096) }],
  ['breaks a chunk', (s) => s.write(`${ok}transfer-encoding: chunked\r\n\r\n1\r\na\r\nnonsense`), { body: 'a' }],
  ['is cut within a letter', (s) => s.end(`${ok}\r\nx${'é'.repeat(2_048)}`), { body: `x${'é'.repeat(2_047)}` }],
])('tells the status and what it read of a server that %s', async (_what, behave, outcome) => {
  const { origin, open: still } = await answering(behave)
  const outbound = open({ timeoutMs: 1_000 })
  expect(await outbound.post(origin, post)).toMatchObject({ status: 200, bodyWasCut: true, ...outcome })
  await expect.poll(() => still.size).toBe(0)
})

const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'

function drip(socket: Socket, bytes: string, begin = ''): void {
  socket.write(begin)
  const timer = setInterval(() => socket.write(bytes), 10)
  socket.on('close', () => clearInterval(timer))
}

it('makes text of whatever comes, such as a database can keep', async () => {
  const { origin } = await answering((s) => s.end(Buffer.from([...Buffer.from(`${ok}\r\n`), 0x61, 0, 0xff, 0x62])))
  expect(await open().post(origin, post)).toMatchObject({ body: 'a\ufffd\ufffdb', bodyWasCut: false })
})

it('tells that nobody listens, and that a name has no address', async () => {
  const server = createServer()
  const { origin } = await listen(server)
  await once(server.close(), 'close')
  const outbound = open({ resolve: () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' })) })
  expect(await outbound.post(origin, post)).toMatchObject({
    ...{
      why: 'not_connected',
      says: expect.stringMatching(/^No connection to 127\.0\.0\.1, port \d+\. Nobody listens/),
    },
  })
  expect(await outbound.post('http://nobody.example', post)).toMatchObject({
    ...{ why: 'name_not_found', says: 'The name nobody.example has no address.' },
  })
})

it('waits no longer for a name than for anything else', async () => {
  const outbound = open({ resolve: () => new Promise(() => undefined), timeoutMs: quickMs })
  expect(await outbound.post('http://slow.example', post)).toMatchObject({
    ...{ why: 'timed_out', says: 'The name slow.example was not found in time.' },
  })
})

it('lets calls under way end before it closes', async () => {
  const { origin } = await serving((_request, response) => setTimeout(() => response.end('at last'), 50))
  const outbound = open()
  const call = outbound.post(origin, post)
  await outbound.close()
  expect(await call).toMatchObject({ status: 200, body: 'at last' })
})

it('throws for what is a mistake of ours, and sends nothing', async () => {
  const { origin } = await serving((_request, response) => response.end())
  await expect(open().post(origin, { headers: { 'x-two': 'a\r\nb' }, body: '' })).rejects.toThrow(
    'invalid x-two header',
  )
})

it('is never used inside a transaction', async () => {
  const sql = connect(inject('postgresUrl'), { max: 1 })
  const inside = transact(sql, () => open().post('http://127.0.0.1:1', post))
  await expect(inside).rejects.toThrow('the outbound client is never used inside a transaction')
  await sql.end()
})

it('ends as an answer or a failure whatever bytes come back', async () => {
  let bytes = Buffer.alloc(0)
  const { origin } = await answering((socket) => socket.end(bytes))
  const outbound = open({ timeoutMs: 1_000 })
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((some) => Buffer.from(some)),
    fc
      .constantFrom(
        ok,
        'HTTP/1.1 ',
        '204 \r\n',
        '\r\n',
        '\r\n\r\n',
        'content-length: ',
        'transfer-encoding: chunked',
        '5',
        '\0',
      )
      .map((some) => Buffer.from(some)),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      bytes = Buffer.concat(pieces)
      expect(['answered', 'failed']).toContain((await outbound.post(origin, post)).kind)
    }),
    { numRuns: 200, seed: 1 },
  )
})
