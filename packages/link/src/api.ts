/**
 * How a call to the platform ended.
 * `moved`: the flow is at another page by now. `unknown`: this browser has no such flow. `unreached`: no answer came.
 */
export type Answer<Body> =
  | { kind: 'ok'; body: Body }
  | { kind: 'moved' }
  | { kind: 'unknown' }
  | { kind: 'unreached' }
  | { kind: 'failed'; message: string; isWorthRetrying: boolean }
  | { kind: 'cancelled' }

type Call = {
  method?: 'GET' | 'POST'
  body?: unknown
  signal?: AbortSignal
  /** After this long without an answer the call counts as `unreached`. */
  limitMs?: number
}

/** A bank may take its time (the platform's own limits come first); a read of a row may not. */
export const patientLimitMs = 90_000
const limitMs = 20_000

export async function callFlow<Body>(flowId: string, path: string, call: Call = {}): Promise<Answer<Body>> {
  const cancel = new AbortController()
  const stop = () => cancel.abort()
  const timer = setTimeout(stop, call.limitMs ?? limitMs)
  call.signal?.addEventListener('abort', stop)
  if (call.signal?.aborted) stop()
  try {
    const response = await fetch(`/api/flows/${flowId}${path}`, {
      method: call.method ?? 'GET',
      credentials: 'same-origin',
      cache: 'no-store',
      signal: cancel.signal,
      headers: {
        accept: 'application/json',
        ...(call.method === 'POST' && { 'content-type': 'application/json', 'x-rialto-flow': '1' }),
      },
      ...(call.method === 'POST' && { body: JSON.stringify(call.body ?? {}) }),
    })
    if (response.ok) return { kind: 'ok', body: (await response.json()) as Body }
    return refusal(response.status)
  } catch {
    return { kind: call.signal?.aborted ? 'cancelled' : 'unreached' }
  } finally {
    clearTimeout(timer)
    call.signal?.removeEventListener('abort', stop)
  }
}

/** The server's own words are for developers; a customer reads these. */
function refusal(status: number): Answer<never> {
  if (status === 401 || status === 404) return { kind: 'unknown' }
  if (status === 409) return { kind: 'moved' }
  if (status >= 500) return failed('Something went wrong on our side. Please try again.', true)
  if (status === 429) return failed('That was tried too often. Wait a minute, then try again.', false)
  return failed('That did not work. Please check what you entered and try again.', false)
}

const failed = (message: string, isWorthRetrying: boolean) => ({ kind: 'failed', message, isWorthRetrying }) as const
