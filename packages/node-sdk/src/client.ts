import { RialtoApiError, RialtoError } from './errors.ts'
import { type HttpAnswer, type HttpRequest, sendOnce } from './http.ts'
import { type Machine, orAborted } from './machine.ts'
import { type Outcome, openPatience, retryAfterMs } from './retry.ts'
import type { Settings } from './settings.ts'
import { type Granted, openTokens } from './tokens.ts'
import { version } from './version.ts'

export type CallOptions = Readonly<{
  /** Ends the call, with the signal's reason. What was asked may have been done. */
  signal?: AbortSignal | undefined
}>
type Values = Readonly<Record<string, string | number | undefined>>
export type Sent = Readonly<{
  params?: Values | undefined
  query?: Values | undefined
  body?: unknown
  headers?: Readonly<Record<string, string>>
  /** Whether it may be sent twice without being done twice. Absent: not. */
  repeatable?: boolean
}> &
  CallOptions

export type Client = Readonly<{
  machine: Machine
  /** A good access token. */
  token(): Promise<string>
  /** Sends, with a token, until there is an answer that stands; throws when there is none. */
  send(route: string, sent?: Sent): Promise<HttpAnswer>
  /** What a good answer says; throws RialtoApiError for another one. */
  read(answer: HttpAnswer): unknown
}>

export function openClient(settings: Settings, machine: Machine): Client {
  const { baseUrl, timeoutMs } = settings
  const { another } = openPatience(settings.maxRetries, machine)
  const tokens = openTokens(fetchToken, machine.now)
  const identity = { accept: 'application/json, text/csv', 'user-agent': `rialto-node/${version}` }

  const attempt = (request: HttpRequest): Promise<Outcome> =>
    sendOnce(settings.fetch, { ...request, headers: { ...identity, ...request.headers } }).then(
      (answer) => ({ answer }),
      (error: unknown) => ({ error }),
    )

  async function fetchToken(): Promise<Granted> {
    const { clientId: client_id, clientSecret: client_secret, scope } = settings
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret, scope })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const request = { method: 'POST', url: `${baseUrl}/v1/tokens`, headers, body: form.toString(), timeoutMs }
    let outcome = await attempt(request)
    for (let failures = 1; await another(outcome, failures, true); failures++) outcome = await attempt(request)
    const { access_token: token, expires_in: seconds } = (read(answerOf(outcome)) ?? {}) as Record<string, unknown>
    if (typeof token !== 'string' || typeof seconds !== 'number')
      throw new RialtoError('The token call was answered without a token.')
    return { token, expiresInSeconds: seconds }
  }

  async function send(route: string, sent: Sent = {}): Promise<HttpAnswer> {
    const { signal, query, repeatable = false } = sent
    const [method = ''] = route.split(' ')
    const type: Record<string, string> = sent.body === undefined ? {} : { 'content-type': 'application/json' }
    // Who asks the platform to wait for something waits as long.
    const waitMs = Number(query?.waitSeconds ?? 0) * 1000
    const request = {
      ...{ method, url: baseUrl + addressOf(route, sent), timeoutMs: timeoutMs + waitMs, signal },
      ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
    }
    let failures = 0
    for (let renewed = false; ; ) {
      const token = await orAborted(tokens.current(), signal)
      const headers = { ...type, ...sent.headers, authorization: `Bearer ${token}` }
      const outcome = await attempt({ ...request, headers })
      // A token may be revoked before its time. A 401 was refused before anything was done.
      if (!renewed && 'answer' in outcome && outcome.answer.status === 401) {
        renewed = true
        tokens.forget(token)
      } else if (!(await another(outcome, ++failures, repeatable, signal))) return answerOf(outcome)
    }
  }

  function read(answer: HttpAnswer): unknown {
    const { status, body, header } = answer
    if (status < 200 || status > 299) throw refusal(answer, machine.now())
    const type = header('content-type') ?? ''
    if (typeof body === 'string' && !/^(text\/csv|application\/json)\b/i.test(type))
      throw new RialtoError(`The answer is ${type || 'of no known type'}, not JSON: is baseUrl the address of the API?`)
    return body
  }

  return { machine, token: tokens.current, send, read }
}

function answerOf(outcome: Outcome): HttpAnswer {
  if ('error' in outcome) throw outcome.error
  return outcome.answer
}

function refusal({ status, body, header }: HttpAnswer, now: Date): RialtoApiError {
  const after = retryAfterMs(header('retry-after'), now)
  return new RialtoApiError(status, body, {
    requestId: header('x-request-id'),
    ...(after === undefined ? {} : { retryAfterSeconds: Math.ceil(after / 1000) }),
  })
}

/** The path of `GET /v1/payments/{id}`, with its parameters in their places, and the query. */
function addressOf(route: string, { params = {}, query = {} }: Sent): string {
  const path = route.slice(route.indexOf(' ') + 1).replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(params[name] ?? '')
    // A path segment of dots would be resolved away, and the call would go elsewhere.
    if (/^\.{0,2}$/.test(value)) throw new RialtoError(`${name} is '${value}'; give the id of something.`)
    return encodeURIComponent(value)
  })
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value))
  return given.size === 0 ? path : `${path}?${given}`
}
