import { RialtoConnectionError, RialtoError, RialtoTimeoutError } from './errors.ts'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** One request as it goes over the wire. */
export type HttpRequest = Readonly<{
  method: string
  url: string
  headers: Readonly<Record<string, string>>
  body?: string
  timeoutMs: number
  signal?: AbortSignal | undefined
}>

export type HttpAnswer = Readonly<{
  status: number
  header: (name: string) => string | undefined
  /** Of JSON what it says, otherwise the text; undefined when there is nothing. */
  body: unknown
}>

/** A page of events has some hundred kilobytes, a report may have some megabytes. */
const mostCharacters = 64 * 1024 * 1024

/**
 * Sends a request once. Any answer is an answer, whatever its status. Throws RialtoTimeoutError, RialtoConnectionError,
 * or the signal's reason when the caller aborts. A redirect is an answer: it is not followed, since it could take the
 * token elsewhere.
 */
export async function sendOnce(fetch: Fetch, request: HttpRequest): Promise<HttpAnswer> {
  const { method, url, headers, body, timeoutMs, signal } = request
  const { origin } = new URL(url)
  const tooLate = new AbortController()
  const timer = setTimeout(() => tooLate.abort(), timeoutMs)
  const abort = () => tooLate.abort()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    signal?.throwIfAborted()
    const init = { method, headers, redirect: 'manual', signal: tooLate.signal } as const
    const response = await fetch(url, body === undefined ? init : { ...init, body })
    return await read(response)
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (error instanceof RialtoError) throw error
    if (tooLate.signal.aborted) throw new RialtoTimeoutError(`No answer from ${origin} within ${timeoutMs} ms.`)
    throw new RialtoConnectionError(`No answer from ${origin}: ${causeOf(error)}.`, { cause: error })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

async function read(response: Response): Promise<HttpAnswer> {
  const text = await readText(response)
  const header = (name: string) => response.headers.get(name) ?? undefined
  const isJson = /^application\/([\w.+-]+\+)?json\b/i.test(header('content-type') ?? '')
  return { status: response.status, header, body: text === '' ? undefined : isJson ? parsed(text) : text }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // An answer that was cut short is as good as none.
    throw new RialtoConnectionError('The answer says that it is JSON, and is not.')
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (text.length > mostCharacters) throw new RialtoError('The answer is larger than 64 MiB.')
  }
  return text + decoder.decode()
}

/** `fetch failed` says nothing; what stands behind it does. */
const causeOf = (error: unknown): string => {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string }
  return cause?.code ?? cause?.message ?? message ?? 'the connection broke'
}

/** Whether the request cannot have reached anybody. */
export const wasNeverSent = (error: RialtoConnectionError): boolean =>
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$/.test(causeOf(error.cause ?? {}))
