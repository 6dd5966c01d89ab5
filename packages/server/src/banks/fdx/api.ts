import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { meaningOf } from './errors.ts'
import { BankSilent, type Outside } from './outside.ts'
import { type Fields, isFields, readJson } from './reading.ts'
import type { FdxBank } from './settings.ts'

const mostTries = 4
const firstPauseMs = 250
/** A bank that wants us to wait longer than this is, to the person who waits, not available. */
const longestPauseMs = 5_000

export type ApiCall = Readonly<{
  /** For the log. */
  name: string
  /** Below the bank's base address, each part as it is. */
  path: readonly string[]
  query?: Readonly<Record<string, string>>
  /** With it the call is a PUT. */
  put?: object
  /** Whether the customer is there and waits. */
  actor: 'USER' | 'BATCH'
  /** Ends tries and pauses alike. */
  signal: AbortSignal
}>

/** `status` is null where no answer came. */
export type ApiRefusal = Readonly<{
  kind: 'unauthorized' | 'relink' | 'account_unusable' | 'nothing' | 'bank_unavailable'
  why: string
  status: number | null
}>
/** `body` is null where the bank said 200 and nothing else. */
export type ApiAnswer = Readonly<{ kind: 'ok'; body: Fields | null; isPartial: boolean }> | ApiRefusal

export type Api = Readonly<{ call(bank: FdxBank, accessToken: string, call: ApiCall): Promise<ApiAnswer> }>

type Try = ApiAnswer | Readonly<{ kind: 'again'; why: string; status: number | null; pauseMs: number | undefined }>

/** The FDX-style API of a bank. Every answer comes back in our words; nothing a bank does is thrown. */
export function openApi(deps: Readonly<{ outside: Outside; random: (bytes: number) => Buffer; log: Logger }>): Api {
  async function tryOnce(bank: FdxBank, accessToken: string, call: ApiCall): Promise<Try> {
    const interactionId = uuid(deps.random)
    const init = {
      method: call.put ? 'PUT' : 'GET',
      headers: headersOf(bank, accessToken, interactionId, call),
      ...(call.put ? { body: JSON.stringify(call.put) } : {}),
    }
    try {
      const sent = { bank: bank.id, name: call.name, interactionId, signal: call.signal }
      const response = await deps.outside.send(sent, addressOf(bank, call), init)
      return understand(response, await response.text())
    } catch (error) {
      if (!(error instanceof BankSilent)) throw error
      // A connection that broke may be an old one; one that timed out has had its time.
      const kind = error.silence === 'unreachable' ? 'again' : 'bank_unavailable'
      return { kind, why: `no answer: ${error.silence}`, status: null, pauseMs: undefined }
    }
  }

  return {
    async call(bank, accessToken, call) {
      for (let tries = 1; ; tries++) {
        if (call.signal.aborted) return unavailable('the time is over', null)
        const answer = await tryOnce(bank, accessToken, call)
        if (answer.kind !== 'again') {
          // The only refusal an operator can do something about.
          if (answer.kind === 'bank_unavailable' && answer.status !== null && answer.status < 502)
            deps.log.warn({ bank: bank.id, call: call.name, status: answer.status }, answer.why)
          return answer
        }
        const pauseMs = answer.pauseMs ?? backoff(tries, deps.random)
        if (tries === mostTries || pauseMs > longestPauseMs) return unavailable(answer.why, answer.status)
        await wait(pauseMs, undefined, { signal: call.signal }).catch(() => undefined)
      }
    },
  }
}

const unavailable = (why: string, status: number | null): ApiRefusal => ({ kind: 'bank_unavailable', why, status })

function understand(response: Response, text: string): Try {
  const { status } = response
  const json = readJson(text)
  if (response.ok) {
    const isPartial = status === 206
    if (text.trim() === '') return { kind: 'ok', body: null, isPartial }
    return isFields(json) ? { kind: 'ok', body: json, isPartial } : unavailable('the bank sent no JSON object', status)
  }
  const { meaning, why } = meaningOf(status, isFields(json) ? json.code : undefined)
  if (meaning === 'again') return { kind: 'again', why, status, pauseMs: retryAfterMs(response) }
  return meaning === 'our_mistake' ? unavailable(why, status) : { kind: meaning, why, status }
}

/** Seconds only. The other form, a date, would need the bank's clock to be ours. */
function retryAfterMs(response: Response): number | undefined {
  const after = response.headers.get('retry-after') ?? ''
  return /^\d{1,6}$/.test(after) ? Number(after) * 1_000 : undefined
}

/** 250 ms, 500, 1000, each up to a quarter longer, so that many who failed together do not come back together. */
function backoff(tries: number, random: (bytes: number) => Buffer): number {
  const pauseMs = firstPauseMs * 2 ** (tries - 1)
  return Math.round(pauseMs * (1 + random(1).readUInt8() / 1_020))
}

function addressOf(bank: FdxBank, { path, query }: ApiCall): string {
  const base = bank.fdxBase.replace(/\/+$/, '')
  const search = query && Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : ''
  return `${base}/${path.map(encodeURIComponent).join('/')}${search}`
}

const headersOf = (bank: FdxBank, accessToken: string, interactionId: string, call: ApiCall) => ({
  accept: 'application/json',
  authorization: `Bearer ${accessToken}`,
  'x-fapi-interaction-id': interactionId,
  'fdx-api-actor-type': call.actor,
  ...(bank.dataRecipientId === undefined ? {} : { 'fdx-api-data-recipient-id': bank.dataRecipientId }),
  ...(bank.dataProviderId === undefined ? {} : { 'fdx-api-data-provider-id': bank.dataProviderId }),
  ...(call.put ? { 'content-type': 'application/json' } : {}),
})

/** Version 4: banks check the form of interaction ids, and not all know version 7 yet. */
function uuid(random: (bytes: number) => Buffer): string {
  const bytes = random(16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
