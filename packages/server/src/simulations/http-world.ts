import { assertOutsideTransaction } from '../db/connect.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Fault, InForce, OutsideWorld, Rule, WishAnswer, WorldClock } from './outside-world.ts'

const callTimeoutMs = 10_000
/** Turning its clock, the world does everything that is due by then. */
const turnTimeoutMs = 120_000
/** A thousand rules are a tenth of this. */
const mostBytes = 2_000_000

type Json = Readonly<Record<string, unknown>>
type Answer = Readonly<{ status: number; body: Json | readonly Json[] }>

/** The pretend outside world's control API: docs/internals/outside-world.md. */
export function openHttpWorld(origin: string): OutsideWorld {
  const call = (method: string, path: string, body?: object, timeoutMs = callTimeoutMs) =>
    send(`${origin}/control${path}`, method, body, timeoutMs)

  async function wish(traceNumber: string, what: string, how?: object): Promise<WishAnswer> {
    const answer = await call('POST', `/fed/entries/${encodeURIComponent(traceNumber)}/${what}`, how ?? {})
    if (answer.status === 404) return { kind: 'unknown' }
    const { message, possible, wrote } = objectOf(answer)
    if (answer.status === 409)
      return { kind: 'impossible', why: String(message), possible: Array.isArray(possible) ? possible.map(String) : [] }
    return { kind: 'done', wrote: Number(understood(answer) && wrote) || 0 }
  }

  return {
    clock: async () => toClock(understood(await call('GET', '/clock'))),
    async turnTo(at, standing) {
      const answer = await call('PUT', '/clock', { now: at.toISOString(), standing }, turnTimeoutMs)
      if (answer.status === 409) return 'ahead'
      const body = understood(answer)
      return { ...toClock(body), wrote: Number(body.wrote) || 0 }
    },
    settle: (trace) => wish(trace, 'settle'),
    returnEntry: (trace, how) => wish(trace, 'return', how),
    correct: (trace, how) => wish(trace, 'correct', how),
    listRules: async () => listOf(await call('GET', '/fed/rules'), 'rules') as unknown as InForce<Rule>[],
    addRule: async (rule) => understood(await call('POST', '/fed/rules', rule)) as unknown as InForce<Rule>,
    async removeRule(id) {
      const answer = await call('DELETE', `/fed/rules/${encodeURIComponent(id)}`)
      return answer.status === 404 ? false : understood(answer) !== undefined
    },
    listFaults: async () => listOf(await call('GET', '/fed/faults'), 'faults') as unknown as InForce<Fault>[],
    addFault: async (fault) => understood(await call('POST', '/fed/faults', fault)) as unknown as InForce<Fault>,
    clearFaults: async () => Number(understood(await call('DELETE', '/fed/faults')).wrote) || 0,
  }
}

async function send(url: string, method: string, body: object | undefined, timeoutMs: number): Promise<Answer> {
  assertOutsideTransaction('the outside world')
  try {
    const response = await fetch(url, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    })
    const text = await readCapped(response)
    // Starting, or something else altogether listens there.
    if (response.status >= 500) throw new Error(`it answered ${response.status}`)
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) }
  } catch (cause) {
    throw new Refusal('outside_world_unreachable', { why: (cause as Error).message })
  }
}

async function readCapped(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop early cancels the stream.
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > mostBytes) throw new Error('its answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const objectOf = ({ body }: Answer): Json => (Array.isArray(body) ? {} : (body as Json))

/** The body of an answer that says yes. What the world does not understand is the caller's to mend. */
function understood(answer: Answer): Json {
  const body = objectOf(answer)
  if (answer.status < 400) return body
  const message = `is refused by the outside world: ${String(body.message ?? answer.status)}`
  throw new Refusal('invalid_request', { errors: [{ pointer: '', code: 'outside_world', message }] })
}

const listOf = (answer: Answer, name: string): readonly Json[] => {
  understood(answer)
  const list = Array.isArray(answer.body) ? answer.body : objectOf(answer)[name]
  return Array.isArray(list) ? (list as Json[]) : []
}

const toDate = (value: unknown): Date | null => (typeof value === 'string' ? new Date(value) : null)

function toClock({ now, standing, nextDueAt }: Json): WorldClock {
  const at = toDate(now)
  if (!at || Number.isNaN(at.getTime())) throw new Refusal('outside_world_unreachable', { why: 'it tells no time' })
  return { now: at, standing: standing === true, nextDueAt: toDate(nextDueAt) }
}
