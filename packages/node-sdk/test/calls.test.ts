import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Rialto, RialtoApiError, RialtoConnectionError, RialtoTimeoutError } from '../src/index.ts'
import { clientSecret, type FakeApi, no, openClient, openFakeApi } from './fake-api.ts'

let api: FakeApi
beforeEach(async () => {
  api = await openFakeApi()
})
afterEach(() => api.close())

const customer = { id: 'c', customerStatus: 'ACTIVE' }
const bearers = () => api.calls().map(({ headers }) => headers.authorization)
const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'nothing was thrown',
    (error) => error,
  )

describe('the access token', () => {
  it('is fetched once for all who need it at the same time, with the credentials in a form', async () => {
    const { rialto } = openClient(`${api.url}/`)
    api.answers({ json: customer })
    await Promise.all([rialto.customers.get('a'), rialto.customers.get('b'), rialto.accessToken()])
    await rialto.customers.get('c')
    expect(bearers()).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-1'])
    expect(api.tokenCalls()).toHaveLength(1)
    expect(Object.fromEntries(new URLSearchParams(api.tokenCalls()[0]?.text))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'shop',
      client_secret: clientSecret,
      scope: 'Link-Core Link-Payment',
    })
  })

  it('is replaced a minute before it expires, or after half of a short life', async () => {
    const { rialto, clock } = openClient(api.url, { scope: 'Link-Core' })
    api.answers({ json: customer })
    const later = async (seconds: number) => {
      clock.now = new Date(clock.now.getTime() + seconds * 1000)
      await rialto.customers.get('c')
    }
    await later(0)
    await later(3539)
    api.tokenCall.expiresInSeconds = 60
    await later(1)
    await later(29)
    await later(1)
    expect(bearers().map((bearer) => bearer?.slice(-1))).toEqual(['1', '1', '2', '2', '3'])
    expect(new URLSearchParams(api.tokenCalls()[0]?.text).get('scope')).toBe('Link-Core')
  })

  it('is replaced once when it is no longer taken', async () => {
    const { rialto } = openClient(api.url)
    api.answers({ json: customer }, no(401, 'UNAUTHORIZED'), { json: customer }, no(401, 'UNAUTHORIZED'))
    await rialto.customers.get('c')
    await rialto.customers.get('c')
    expect(await caught(rialto.customers.get('c'))).toMatchObject({ status: 401, errorCode: 'UNAUTHORIZED' })
    expect(bearers().map((bearer) => bearer?.slice(-1))).toEqual(['1', '1', '2', '2', '3'])
  })

  it('says why there is none, and asks again the next time', async () => {
    const { rialto } = openClient(api.url)
    const body = { error: 'invalid_client', error_description: 'client authentication failed' }
    api.tokenCall.instead = { status: 401, json: body }
    expect(await caught(rialto.customers.get('c'))).toMatchObject({
      name: 'RialtoApiError',
      status: 401,
      errorCode: 'INVALID_CLIENT',
      message: 'client authentication failed',
    })
    expect(api.tokenCalls()).toHaveLength(1)
    api.tokenCall.instead = { json: { access_token: 'x' } }
    expect(await caught(rialto.customers.get('c'))).toMatchObject({
      message: expect.stringContaining('without a token'),
    })
    api.tokenCall.instead = undefined
    api.answers({ json: customer })
    expect(await rialto.customers.get('c')).toEqual(customer)
  })
})

describe('a call', () => {
  it('says who is calling, and puts ids and filters where they belong', async () => {
    const { rialto } = openClient(api.url)
    api.answers({ json: customer })
    await rialto.customers.get('a/b?c')
    await rialto.call('GET /v1/settlements', { query: { status: 'PAID', from: '2026-01-05', to: undefined } })
    await rialto.payments.cancel('p')
    await rialto.webhookSubscriptions.unsubscribe({ subscriptionId: 's', subscriptionDetails: { type: 'ALL' } })
    expect(api.calls().map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v1/customers/a%2Fb%3Fc',
      'GET /v1/settlements?status=PAID&from=2026-01-05',
      'POST /v1/payments/p/cancel',
      'PUT /v1/webhook/unsubscribe',
    ])
    expect(api.calls()[0]?.headers['user-agent']).toMatch(/^rialto-node\/\d+\.\d+\.\d+$/)
    expect(api.calls()[2]?.headers['content-type']).toBeUndefined()
  })

  it.each(['', '.', '..'])("never goes elsewhere for an id of '%s'", async (id) => {
    const { rialto } = openClient(api.url)
    await expect(rialto.customers.delete(id)).rejects.toThrow(`id is '${id}'; give the id of something.`)
    expect(api.calls()).toEqual([])
  })

  it('answers what is not JSON as it is, and nothing when there is nothing', async () => {
    const { rialto } = openClient(api.url)
    api.answers({ text: 'a,b\n1,2\n', headers: { 'content-type': 'text/csv; charset=utf-8' } }, { status: 204 })
    expect(await rialto.call('GET /v1/reports/{id}/content', { params: { id: 'r' } })).toBe('a,b\n1,2\n')
    expect(await rialto.customers.delete('c')).toBeUndefined()
  })

  it('notices that something else than the API answers', async () => {
    const { rialto } = openClient(api.url, { maxRetries: 0 })
    const page = { text: '<html>', headers: { 'content-type': 'text/html', location: 'https://elsewhere.example/' } }
    api.answers(page, { ...page, status: 302 }, { ...page, status: 502 })
    await expect(rialto.customers.get('c')).rejects.toThrow('is baseUrl the address of the API?')
    await expect(rialto.customers.get('c')).rejects.toMatchObject({ status: 302, errorCode: 'UNEXPECTED_ANSWER' })
    await expect(rialto.customers.get('c')).rejects.toMatchObject({ status: 502, errorCode: 'UNEXPECTED_ANSWER' })
  })
})

describe('a refusal', () => {
  it('is an error with everything that the platform said', async () => {
    const { rialto } = openClient(api.url)
    const errors = [{ pointer: '/amount/value', code: 'amount', message: 'must be more than 0' }]
    const more = { errors, docs: 'https://api.example/docs/errors#INVALID_REQUEST', possible: ['refund'] }
    api.answers(no(400, 'INVALID_REQUEST', { ...more, existingPaymentId: 'p', paymentStatus: 'SUCCEEDED' }))
    const error = await caught(rialto.payments.cancel('p'))
    expect(error).toBeInstanceOf(RialtoApiError)
    expect(error).toMatchObject({
      status: 400,
      errorCode: 'INVALID_REQUEST',
      errorId: 10001,
      message: 'It is not so.',
      requestId: 'request-1',
      existingPaymentId: 'p',
      paymentStatus: 'SUCCEEDED',
      ...more,
    })
    expect(api.calls()).toHaveLength(1)
  })
})

describe('secrets', () => {
  it('are not to be seen in the client nor in what it throws', async () => {
    const { rialto } = openClient(api.url, { maxRetries: 0, timeoutMs: 50 })
    api.answers(no(400, 'INVALID_REQUEST'), { instead: 'cut' }, { instead: 'silence' })
    const thrown = [
      await caught(rialto.customers.get('a')),
      await caught(rialto.customers.get('b')),
      await caught(rialto.customers.get('c')),
    ]
    expect(thrown.map((error) => (error as Error).name)).toEqual([
      'RialtoApiError',
      'RialtoConnectionError',
      'RialtoTimeoutError',
    ])
    const seen = inspect([rialto, ...thrown], { depth: 20, showHidden: true }) + JSON.stringify([rialto, thrown])
    expect(seen).toContain('RialtoTimeoutError')
    expect(seen).not.toContain(clientSecret)
    expect(seen).not.toContain('token-1')
  })
})

it('gives up on an answer that does not come, and on the caller’s word', async () => {
  const { rialto } = openClient(api.url, { maxRetries: 0, timeoutMs: 50 })
  api.answers({ instead: 'silence' })
  const late = await caught(rialto.customers.get('c'))
  expect(late).toBeInstanceOf(RialtoTimeoutError)
  expect(late).toBeInstanceOf(RialtoConnectionError)
  const abort = new AbortController()
  api.answers(() => {
    abort.abort(new Error('the customer left'))
    return { instead: 'silence' }
  })
  const { rialto: patient } = openClient(api.url)
  await expect(patient.customers.get('c', { signal: abort.signal })).rejects.toThrow('the customer left')
  expect(api.calls()).toHaveLength(2)
  api.tokenCall.instead = { instead: 'silence' }
  const { rialto: waiting } = openClient(api.url)
  await expect(waiting.customers.get('c', { signal: abort.signal })).rejects.toThrow('the customer left')
  expect(api.calls()).toHaveLength(2)
})

it.each([
  [{ baseUrl: 'api.pay.example' }, 'baseUrl must be the absolute address'],
  [{ baseUrl: 'ftp://api.pay.example' }, 'baseUrl must be the absolute address'],
  [{ baseUrl: 'https://shop:secret@api.pay.example' }, 'baseUrl must not hold credentials'],
  [{ clientId: '' }, 'clientId is missing'],
  [{ clientSecret: undefined }, 'clientSecret is missing'],
  [{ timeoutMs: 0 }, 'timeoutMs must be'],
  [{ maxRetries: 11 }, 'maxRetries must be'],
])('cannot be made with %j', (wrong, says) => {
  const right = { baseUrl: 'https://api.pay.example', clientId: 'shop', clientSecret }
  expect(() => new Rialto({ ...right, ...(wrong as object) })).toThrow(says)
  expect(new Rialto(right)).toBeInstanceOf(Rialto)
})
