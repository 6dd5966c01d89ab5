import { afterEach, expect, it, vi } from 'vitest'
import { callFlow } from './api.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const answering = (status: number, body: unknown = {}) => {
  const fetched = vi.fn(async (_url: string, _init: RequestInit) => new Response(JSON.stringify(body), { status }))
  vi.stubGlobal('fetch', fetched)
  return fetched
}

it('marks the calls that change something, and only those', async () => {
  const fetched = answering(200, { page: 'bank' })
  expect(await callFlow('f1', '/consent', { method: 'POST' })).toEqual({ kind: 'ok', body: { page: 'bank' } })
  await callFlow('f1', '/')
  const [post, get] = fetched.mock.calls.map(([url, init]) => ({ url, ...init }))
  expect(post).toMatchObject({ url: '/api/flows/f1/consent', method: 'POST', body: '{}', credentials: 'same-origin' })
  expect(post?.headers).toMatchObject({ 'x-rialto-flow': '1', 'content-type': 'application/json' })
  expect(get).toMatchObject({ url: '/api/flows/f1/', method: 'GET' })
  expect(get?.headers).not.toHaveProperty('x-rialto-flow')
})

it.each([
  [401, { kind: 'unknown' }],
  [404, { kind: 'unknown' }],
  [409, { kind: 'moved' }],
  [400, { kind: 'failed', isWorthRetrying: false }],
  [429, { kind: 'failed', isWorthRetrying: false }],
  [500, { kind: 'failed', isWorthRetrying: true }],
  [503, { kind: 'failed', isWorthRetrying: true }],
])('understands %i', async (status, answer) => {
  answering(status)
  expect(await callFlow('f1', '/')).toMatchObject(answer)
})

it('tells no answer, no answer in time and a cancelled question apart', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed to fetch')))
  expect(await callFlow('f1', '/')).toEqual({ kind: 'unreached' })

  const never = (_url: string, { signal }: RequestInit) =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  vi.stubGlobal('fetch', never)
  vi.useFakeTimers()
  const late = callFlow('f1', '/')
  await vi.advanceTimersByTimeAsync(20_000)
  expect(await late).toEqual({ kind: 'unreached' })

  const cancel = new AbortController()
  const dropped = callFlow('f1', '/banks?q=a', { signal: cancel.signal })
  cancel.abort()
  expect(await dropped).toEqual({ kind: 'cancelled' })
})
