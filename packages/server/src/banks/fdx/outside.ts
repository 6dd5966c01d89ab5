import { performance } from 'node:perf_hooks'
import type { Logger } from 'pino'
import { type Stop, within } from './deadline.ts'

/** Longer than any answer a bank has reason to give, shorter than what would hurt us. */
const mostBytes = 1_048_576
/** From the first byte out to the last byte in, so that a bank that drips is cut off too. */
const callTimeoutMs = 10_000

type Call = Readonly<{
  bank: string
  /** What the call is named in the log. Never a path: account ids and consent ids are in paths. */
  name: string
  interactionId?: string
  signal?: AbortSignal
}>

/** Why there is no answer to speak of. */
type Silence = Stop | 'unreachable' | 'too_large'

/** Thrown by `send` only, and caught by whoever called it: nobody else sees it. */
export class BankSilent extends Error {
  readonly silence: Silence
  constructor(silence: Silence) {
    super(`the bank is silent: ${silence}`)
    this.name = 'BankSilent'
    this.silence = silence
  }
}

export type Outside = Readonly<{
  /** One HTTP call, its answer read whole. Throws BankSilent when there is none. Writes one line to the log. */
  send(call: Call, url: string, init: RequestInit): Promise<Response>
}>

/** The one door to the banks: nothing here reaches them but through it. Redirects are never followed. */
export function openOutside(deps: Readonly<{ fetch: typeof fetch; log: Logger; timeoutMs?: number }>): Outside {
  const timeoutMs = deps.timeoutMs ?? callTimeoutMs

  async function exchange(url: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
    const response = await deps.fetch(url, { ...init, redirect: 'manual', signal })
    const body = await readCapped(response)
    // A body is forbidden with these, and Response throws when given one.
    const isBare = [204, 205, 304].includes(response.status)
    return new Response(isBare ? null : body, { status: response.status, headers: response.headers })
  }

  return {
    async send(call, url, init) {
      const started = performance.now()
      const line = (facts: object) =>
        deps.log.info(
          {
            bank: call.bank,
            call: call.name,
            ...facts,
            ms: Math.round(performance.now() - started),
            ...(call.interactionId === undefined ? {} : { interactionId: call.interactionId }),
          },
          'bank call',
        )
      return within(timeoutMs, [call.signal, init.signal], async (signal) => {
        try {
          const response = await exchange(url, init, signal)
          line({ status: response.status })
          return response
        } catch (error) {
          const silence = silenceOf(error, signal)
          line({ status: null, silence, reason: reasonOf(error) })
          throw new BankSilent(silence)
        }
      })
    },
  }
}

function silenceOf(error: unknown, signal: AbortSignal): Silence {
  if (error instanceof BankSilent) return error.silence
  return signal.aborted ? (signal.reason as Stop) : 'unreachable'
}

/** The system's word for it, such as ECONNREFUSED. Messages are left out: an address may carry anything. */
function reasonOf(error: unknown): string | undefined {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return /^[A-Z0-9_]{1,40}$/.test(code) ? code : undefined
}

async function readCapped(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop early cancels the stream.
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > mostBytes) throw new BankSilent('too_large')
    chunks.push(chunk)
  }
  const body = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.length
  }
  return body
}
