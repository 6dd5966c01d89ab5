import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { limitMs, type Plan, type Result } from './plan.ts'

/**
 * A load generator that costs little, because it shares two cores with what it measures: plain sockets, one request
 * under way on each, and every answer read and checked.
 */
const plan = JSON.parse(await text(process.stdin)) as Plan
const pieces = plan.body.split(/(\{n\}|\{c\})/)
const warmEnd = performance.now() + plan.warmSeconds * 1_000
const end = warmEnd + plan.seconds * 1_000
const latencies: number[] = []
const idle: Connection[] = []
const due: number[] = []
let number = 0
let answered = 0
let counted = 0
let bad = 0
let firstBad = ''
let underWay = 0
let cpu = process.cpuUsage()
let warm = false

type Connection = { socket: Socket; received: string; since: number }

function nextRequest(): string {
  const n = number++
  const body = pieces
    .map((piece) => {
      if (piece === '{n}') return String(n)
      if (piece === '{c}') return (1 + (n % plan.customers)).toString(16).padStart(12, '0')
      return piece
    })
    .join('')
  return `${plan.head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

function ask(connection: Connection, since: number): void {
  connection.since = since
  underWay++
  connection.socket.write(nextRequest(), 'latin1')
}

function hear(connection: Connection, chunk: string): void {
  connection.received += chunk
  const headEnd = connection.received.indexOf('\r\n\r\n')
  if (headEnd < 0) return
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(connection.received)?.[1] ?? Number.NaN)
  if (Number.isNaN(length)) fail('an answer without content-length')
  if (connection.received.length < headEnd + 4 + length) return
  const answer = connection.received
  connection.received = ''
  underWay--
  judge(answer, connection.since)
  next(connection)
}

function judge(answer: string, since: number): void {
  const now = performance.now()
  if (answer.startsWith('HTTP/1.1 200') && answer.includes(plan.expect)) answered++
  else {
    bad++
    firstBad ||= answer.slice(0, 600)
  }
  if (now < warmEnd || now > end) return
  if (!warm) {
    warm = true
    cpu = process.cpuUsage()
  }
  counted++
  latencies.push(now - since)
}

function next(connection: Connection): void {
  const now = performance.now()
  if (plan.rate === undefined) {
    if (now < end) ask(connection, now)
  } else {
    const since = due.shift()
    if (since === undefined) idle.push(connection)
    else ask(connection, since)
  }
}

/** Requests become due by the clock, whether or not earlier ones were answered: waiting for a connection counts. */
function beat(rate: number, from: number, sent = 0): void {
  const now = performance.now()
  const target = Math.floor(((Math.min(now, end) - from) / 1_000) * rate)
  for (; sent < target; sent++) {
    const connection = idle.pop()
    const since = from + (sent / rate) * 1_000
    if (connection) ask(connection, since)
    else due.push(since)
  }
  if (now < end) setTimeout(beat, 1, rate, from, sent)
}

function fail(why: string): never {
  process.stderr.write(`${why}\n`)
  process.exit(1)
}

setTimeout(() => fail('the load did not end in time'), limitMs(plan)).unref()
const connections = await Promise.all(
  Array.from({ length: plan.connections }, () => {
    const socket = connect({ port: plan.port, host: '127.0.0.1', noDelay: true })
    const connection: Connection = { socket, received: '', since: 0 }
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => hear(connection, chunk))
    socket.on('error', (error) => fail(`a connection broke: ${error.message}`))
    return new Promise<Connection>((done) => socket.once('connect', () => done(connection)))
  }),
)
if (plan.rate === undefined) for (const connection of connections) ask(connection, performance.now())
else {
  idle.push(...connections)
  beat(plan.rate, performance.now())
}
// The last bell, then until everything that was asked is answered.
await new Promise((done) => setTimeout(done, end - performance.now()))
const { user, system } = process.cpuUsage(cpu)
while (underWay + due.length > 0) await new Promise((done) => setTimeout(done, 5))
for (const { socket } of connections) socket.destroy()

latencies.sort((a, b) => a - b)
const quantile = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
const result: Result = {
  ...{ answered, bad, firstBad, perSecond: counted / plan.seconds },
  ...{ p50: quantile(0.5), p99: quantile(0.99), most: quantile(1), processorSeconds: (user + system) / 1e6 },
}
process.stdout.write(JSON.stringify(result))
