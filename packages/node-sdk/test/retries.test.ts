import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dollars, RialtoConnectionError } from '../src/index.ts'
import { type FakeApi, no, openClient, openFakeApi } from './fake-api.ts'

let api: FakeApi
beforeEach(async () => {
  api = await openFakeApi()
})
afterEach(() => api.close())

const customer = { id: 'c' }
const made = { json: { paymentId: 'p', paymentStatus: 'AUTHORIZED' } }
const wish = { customerId: 'c', merchantId: 'm', amount: dollars(1840) }
const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'nothing was thrown',
    (error) => error,
  )
const keys = () =>
  api.calls().map(({ json, headers }) => ({ requestKey: json.requestKey, header: headers['idempotency-key'] }))

describe('what may be asked twice', () => {
  it.each([
    ['a connection that breaks', { instead: 'cut' } as const],
    ['500', no(500, 'INTERNAL_SERVER_ERROR')],
    ['502', { status: 502 }],
    ['503', no(503, 'SERVICE_UNAVAILABLE')],
    ['504', { status: 504 }],
    ['an answer that is cut short', { text: '{"id"', headers: { 'content-type': 'application/json' } }],
  ])('is asked again after %s, and waits longer each time', async (_what, trouble) => {
    const { rialto, slept } = openClient(api.url, { maxRetries: 4 })
    api.answers(trouble, trouble, trouble, { json: customer })
    expect(await rialto.customers.get('c')).toEqual(customer)
    expect(slept).toEqual([250, 500, 1000])
  })

  it('is not asked for ever', async () => {
    const { rialto } = openClient(api.url)
    api.answers(no(503, 'SERVICE_UNAVAILABLE'))
    expect(await caught(rialto.customers.get('c'))).toMatchObject({ status: 503, errorCode: 'SERVICE_UNAVAILABLE' })
    expect(api.calls()).toHaveLength(3)
    api.answers({ instead: 'cut' })
    expect(await caught(rialto.customers.get('c'))).toBeInstanceOf(RialtoConnectionError)
    expect(api.calls()).toHaveLength(6)
  })

  it('is the token as well', async () => {
    const { rialto, slept } = openClient(api.url)
    api.tokenCall.instead = { status: 503 }
    expect(await caught(rialto.customers.get('c'))).toMatchObject({ status: 503 })
    expect(api.tokenCalls()).toHaveLength(3)
    expect(slept).toEqual([250, 500])
  })
})

describe('Retry-After', () => {
  it.each([
    ['seconds', '7', 7_000],
    ['a date', 'Mon, 05 Jan 2026 15:00:09 GMT', 9_000],
    ['a date that is past', 'Mon, 05 Jan 2026 14:00:00 GMT', 0],
    ['nothing that can be read', 'soon', 0],
  ])('is kept to as %s', async (_what, header, waitMs) => {
    const { rialto, slept } = openClient(api.url)
    api.answers(no(429, 'TOO_MANY_REQUESTS', {}, { 'retry-after': header }), { json: customer })
    await rialto.customers.get('c')
    expect(slept).toEqual([waitMs + 250])
  })

  it('of more than a minute is told to the caller at once', async () => {
    const { rialto, slept } = openClient(api.url)
    api.answers(no(429, 'TOO_MANY_REQUESTS', {}, { 'retry-after': '61' }))
    expect(await caught(rialto.customers.get('c'))).toMatchObject({ status: 429, retryAfterSeconds: 61 })
    expect(slept).toEqual([])
  })
})

describe('what may not be asked twice', () => {
  const subscription = {
    url: 'https://shop.example/hooks',
    secretKey: 'x',
    subscriptionDetails: { type: 'ALL' },
  } as const

  it('is not asked again when nobody knows what became of it', async () => {
    const { rialto, slept } = openClient(api.url)
    api.answers({ instead: 'cut' })
    expect(await caught(rialto.webhookSubscriptions.subscribe(subscription))).toBeInstanceOf(RialtoConnectionError)
    expect(await caught(rialto.payments.retry('p'))).toBeInstanceOf(RialtoConnectionError)
    api.answers({ status: 504 })
    expect(await caught(rialto.payments.retry('p'))).toMatchObject({ status: 504 })
    expect(api.calls()).toHaveLength(3)
    expect(slept).toEqual([])
  })

  it('is asked again when nobody looked at it', async () => {
    const { rialto } = openClient(api.url)
    api.answers(no(429, 'TOO_MANY_REQUESTS'), { json: { subscriptionKey: 's' } })
    expect(await rialto.webhookSubscriptions.subscribe(subscription)).toEqual({ subscriptionKey: 's' })

    const closed = await openFakeApi()
    await closed.close()
    const token = () => Response.json({ access_token: 'token', expires_in: 3600 })
    const { rialto: alone, slept } = openClient(closed.url, {
      fetch: async (url, init) => (url.endsWith('/v1/tokens') ? token() : fetch(url, init)),
    })
    expect(await caught(alone.payments.retry('p'))).toMatchObject({ message: expect.stringContaining('ECONNREFUSED') })
    expect(slept).toEqual([250, 500])
  })
})

describe('a payment, a credit, a refund', () => {
  it('is asked for in the words of the wire', async () => {
    const { rialto } = openClient(api.url)
    api.answers(made)
    const more = { requestKey: 'order-1', clientReferenceId: 'NW-1', softDescriptor: 'NORTHWIND' }
    await rialto.payments.create({ ...wish, ...more })
    await rialto.credits.create({ ...wish, ...more })
    await rialto.refunds.create({ paymentId: 'p', amount: dollars(40), requestKey: 'refund-1' })
    const [theCustomer, theMerchant] = [
      { id: 'c', type: 'CUSTOMER' },
      { id: 'm', type: 'MERCHANT' },
    ]
    const amount = { value: 18.4, currency: 'USD' }
    expect(api.calls().map(({ method, path, json }) => ({ [`${method} ${path}`]: json }))).toEqual([
      { 'POST /v1/payments': { source: theCustomer, destination: theMerchant, amount, ...more } },
      { 'POST /v1/payments': { source: theMerchant, destination: theCustomer, amount, ...more } },
      { 'POST /v1/refunds': { paymentId: 'p', amount: { value: 0.4, currency: 'USD' }, requestKey: 'refund-1' } },
    ])
  })

  it('is sent again under the same keys, so that a lost answer is given again', async () => {
    const { rialto } = openClient(api.url)
    api.answers({ instead: 'cut' }, no(500, 'INTERNAL_SERVER_ERROR'), made)
    expect(await rialto.payments.create({ ...wish, requestKey: 'order-1' })).toEqual(made.json)
    expect(keys()).toEqual(Array(3).fill({ requestKey: 'order-1', header: 'order-1' }))
  })

  it('gets a request key if it has none, and whoever is left without an answer learns it', async () => {
    const { rialto } = openClient(api.url)
    api.answers({ instead: 'cut' })
    const error = await caught(rialto.refunds.create({ paymentId: 'p', amount: dollars(100) }))
    expect(error).toMatchObject({ name: 'RialtoConnectionError', requestKey: 'key-1' })
    expect(keys()).toEqual(Array(3).fill({ requestKey: 'key-1', header: 'key-1' }))
  })

  it('waits while the first try of it is still running', async () => {
    const { rialto, slept } = openClient(api.url)
    const running = no(409, 'IDEMPOTENCY_KEY_IN_USE', {}, { 'retry-after': '1' })
    api.answers({ instead: 'cut' }, running, made)
    expect(await rialto.payments.create({ ...wish, requestKey: 'order-1' })).toEqual(made.json)
    expect(slept).toEqual([250, 1_500])
  })

  it('believes no refusal of an earlier call: it asks anew', async () => {
    const { rialto } = openClient(api.url)
    const old = no(400, 'CUSTOMER_NOT_ACTIVE', {}, { 'idempotent-replayed': 'true' })
    api.answers(
      old,
      made,
      no(422, 'IDEMPOTENCY_KEY_REUSED'),
      no(400, 'DUPLICATE_REQUEST_KEY', { existingPaymentId: 'p' }),
    )
    expect(await rialto.payments.create({ ...wish, requestKey: 'order-1' })).toEqual(made.json)
    expect(await caught(rialto.payments.create({ ...wish, requestKey: 'order-1' }))).toMatchObject({
      errorCode: 'DUPLICATE_REQUEST_KEY',
      existingPaymentId: 'p',
      requestKey: 'order-1',
    })
    expect(keys().map(({ header }) => header)).toEqual(['order-1', 'key-1', 'order-1', 'key-2'])
    expect(new Set(keys().map(({ requestKey }) => requestKey))).toEqual(new Set(['order-1']))
  })

  it('may have a request key that no header could hold', async () => {
    const { rialto } = openClient(api.url)
    api.answers({ instead: 'cut' }, made)
    await rialto.call('POST /v1/refunds', { body: { paymentId: 'p', amount: dollars(1), requestKey: 'замовлення 7' } })
    const [first, second] = keys()
    expect(first).toEqual(second)
    expect(first).toEqual({ requestKey: 'замовлення 7', header: expect.stringMatching(/^sha256-[\w-]{43}$/) })
  })
})
