import { request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildApi } from '../../src/main/api.ts'
import { forgetOldRequests } from '../../src/requests/api-request.commands.ts'
import { type Json, rows } from '../answer.ts'
import { openTestApi, type TestApi, type TestMerchant } from '../test-api.ts'

let t: TestApi
beforeAll(async () => {
  t = await openTestApi()
})
afterAll(() => t.close())

const nobody = '019b8eac-1180-7fec-ab66-ffc86f38d952'
const requests = (merchant: TestMerchant, query = '') => merchant.get(`/v1/requests${query}`)
const cursorOf = async (merchant: TestMerchant) => String((await requests(merchant, '?after=latest')).body.nextCursor)

/** Everything that the merchant asked after the cursor, once there are so many. */
async function asked(merchant: TestMerchant, after: string, many: number, more = ''): Promise<Json[]> {
  const found: Json[] = []
  for (let cursor = after; found.length < many; ) {
    const page = (await requests(merchant, `?after=${cursor}&waitSeconds=10${more}`)).body
    expect(rows(page.data).length, 'nothing comes any more').toBeGreaterThan(0)
    found.push(...rows(page.data))
    cursor = String(page.nextCursor)
  }
  return found
}

it('writes down what a program asked and how it went, without its query, its body and its token', async () => {
  const merchant = await t.newMerchant()
  const after = await cursorOf(merchant)
  const { customerId } = await merchant.link()
  await merchant.pay(customerId, 5, { requestKey: 'the-request-key' })
  const again = await merchant.pay(customerId, 5, { requestKey: 'the-request-key' })
  await merchant.get('/v1/customers?email=somebody@example.com')
  await merchant.call('GET', `/v1/payments/${nobody}`, { headers: { 'user-agent': `Shop/1.0 ${'x'.repeat(300)}` } })
  const found = await asked(merchant, after, 5)
  expect(found.map(({ method, route, status }) => `${method} ${route} ${status}`)).toEqual([
    'POST /v1/sessions 200',
    'POST /v1/payments 200',
    'POST /v1/payments 400',
    'GET /v1/customers 200',
    'GET /v1/payments/:id 404',
  ])
  expect(found[2]).toMatchObject({ errorCode: 'DUPLICATE_REQUEST_KEY', requestId: again.body.requestId })
  expect(found[1]).not.toHaveProperty('errorCode')
  expect(found[4]).toMatchObject({
    path: `/v1/payments/${nobody}`,
    clientId: merchant.clientId,
    errorCode: 'NOT_FOUND',
  })
  expect(String(found[4]?.userAgent)).toMatch(/^Shop\/1.0 x{191}$/)
  const [kept] = await t.house.sql`select string_agg(r::text, ' ') as text from api_request r`
  expect(kept?.text).toContain(nobody)
  for (const secret of ['the-request-key', 'somebody@example.com', await merchant.token(), merchant.clientSecret])
    expect(kept?.text).not.toContain(secret)
})

it('reads one by its id, and tells nobody of those of others', async () => {
  const merchant = await t.newMerchant()
  const after = await cursorOf(merchant)
  const { headers } = await merchant.get('/v1/return-rates')
  const [found] = await asked(merchant, after, 1)
  const id = headers.get('x-request-id')
  expect((await merchant.get(`/v1/requests/${id}`)).body).toEqual(found)
  expect(found?.requestId).toBe(id)
  expect((await t.merchant.get(`/v1/requests/${id}`)).body).toMatchObject({ errorId: 10130, errorCode: 'NOT_FOUND' })
  expect((await merchant.get('/v1/requests/not-an-id')).status).toBe(404)
})

it('lists those of a status, the newest, and page after page', async () => {
  const merchant = await t.newMerchant()
  const after = await cursorOf(merchant)
  for (const path of ['/v1/return-rates', `/v1/payments/${nobody}`, '/v1/customers?limit=0', '/v1/return-rates'])
    await merchant.get(path)
  await asked(merchant, after, 4)
  const statuses = async (query: string) =>
    rows((await requests(merchant, query)).body.data).map(({ status }) => status)
  expect(await statuses('?status=4xx')).toEqual([404, 400])
  expect(await statuses('?status=404')).toEqual([404])
  expect(await statuses('?status=5XX')).toEqual([])
  expect(await statuses('?last=2')).toEqual([400, 200])
  expect(await statuses('?last=1&status=4xx')).toEqual([400])
  const first = (await requests(merchant, `?after=${after}&limit=3`)).body
  expect(first).toMatchObject({ hasMore: true, data: [{}, {}, {}] })
  const second = (await requests(merchant, `?after=${first.nextCursor}&limit=3`)).body
  expect(second).toMatchObject({ hasMore: false, data: [{ status: 200 }] })
  expect((await requests(merchant, `?after=${second.nextCursor}`)).body).toEqual({ ...second, data: [] })
})

it('wakes whoever waits, and only for what they wait for', async () => {
  const merchant = await t.newMerchant()
  const waiting = asked(merchant, await cursorOf(merchant), 1, '&status=404')
  await merchant.get('/v1/return-rates')
  await merchant.get(`/v1/payments/${nobody}`)
  expect(await waiting).toMatchObject([{ status: 404 }])
})

it('keeps what a known caller was refused for want of a scope, and nothing of an unknown one', async () => {
  const merchant = await t.newMerchant()
  const after = await cursorOf(merchant)
  await fetch(`${t.apiUrl}/v1/payments/${nobody}`, { headers: { authorization: 'Bearer nonsense' } })
  await fetch(`${t.apiUrl}/v1/nowhere`)
  await merchant.call('POST', '/v1/refunds', { body: {}, scope: 'Link-Core' })
  await merchant.get('/v1/requests')
  await t.api.inject({
    ...{ method: 'GET', url: '/v1/return-rates' },
    headers: { authorization: `Bearer ${await merchant.token()}` },
  })
  await merchant.get('/v1/return-rates')
  expect(await asked(merchant, after, 2)).toMatchObject([
    { route: '/v1/refunds', status: 403, errorCode: 'INSUFFICIENT_SCOPE' },
    { route: '/v1/return-rates', status: 200 },
  ])
  const all = await t.house.sql`select distinct merchant_id from api_request where route = '' or status = 401`
  expect(all).toHaveLength(0)
})

it('refuses questions that cannot be right', async () => {
  for (const [query, pointer] of [
    ['?status=6xx', '?status'],
    ['?status=many', '?status'],
    ['?limit=0', '?limit'],
    ['?last=1001', '?last'],
    ['?waitSeconds=26', '?waitSeconds'],
    ['?after=1&last=1', '?last'],
    ['?after=-1', '?after'],
  ])
    expect((await requests(t.merchant, query)).body, query).toMatchObject({ errors: [{ pointer }] })
})

it('lets ten of a merchant wait at once', async () => {
  const merchant = await t.newMerchant()
  const token = await merchant.token()
  const statuses: (number | undefined)[] = []
  const calls = Array.from({ length: 11 }, () =>
    request(`${t.apiUrl}/v1/requests?waitSeconds=20`, { headers: { authorization: `Bearer ${token}` } })
      .on('error', () => undefined)
      .on('response', ({ statusCode }) => statuses.push(statusCode))
      .end(),
  )
  await expect.poll(() => statuses, { timeout: 10_000 }).toEqual([429])
  for (const call of calls) call.destroy()
  await expect.poll(async () => (await requests(merchant, '?waitSeconds=1')).status, { timeout: 10_000 }).toBe(200)
})

it('loses nothing when the database does not answer for a while, and fails no request', async () => {
  const merchant = await t.newMerchant()
  const after = await cursorOf(merchant)
  await t.house.sql`alter table api_request rename to api_request_gone`
  expect((await merchant.get('/v1/return-rates')).status).toBe(200)
  await expect.poll(t.logged).toContain('requests could not be written down')
  await t.house.sql`alter table api_request_gone rename to api_request`
  expect(await asked(merchant, after, 1)).toMatchObject([{ route: '/v1/return-rates', status: 200 }])
})

it('writes down what it has before it ends', async () => {
  const merchant = await t.newMerchant()
  const api = await buildApi(t.house, { keys: [] })
  const url = await api.listen({ host: '127.0.0.1', port: 0 })
  await fetch(`${url}/v1/return-rates`, { headers: { authorization: `Bearer ${await merchant.token()}` } })
  await api.close()
  expect(rows((await requests(merchant)).body.data)).toMatchObject([{ route: '/v1/return-rates' }])
})

it('forgets what came more than a week ago', async () => {
  const merchant = await t.newMerchant()
  const after = await cursorOf(merchant)
  await merchant.get('/v1/return-rates')
  await asked(merchant, after, 1)
  await forgetOldRequests(t.house)
  expect(rows((await requests(merchant)).body.data)).toHaveLength(1)
  t.clock.real = new Date(t.clock.real.getTime() + 8 * 24 * 60 * 60_000)
  await forgetOldRequests(t.house)
  expect(rows((await requests(merchant)).body.data)).toHaveLength(0)
})
