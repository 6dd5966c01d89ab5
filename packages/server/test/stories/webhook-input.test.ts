import { afterAll, beforeAll, expect, it } from 'vitest'
import { rows } from '../answer.ts'
import { openTestApi, type TestApi, type TestMerchant } from '../test-api.ts'
import { happen, subscribe, subscribed, subscriptions } from '../webhook-story.ts'

let t: TestApi
let other: TestMerchant
let id: string
const good = 'https://shop.example/webhooks'
beforeAll(async () => {
  t = await openTestApi({ endpoints: { allow: [], allowHttp: false } })
  other = await t.newMerchant()
  id = await subscribed(t.merchant, good)
})
afterAll(() => t.close())

async function faults(method: string, path: string, body: object) {
  const answer = await t.merchant.call(method, path, { body })
  expect([answer.status, answer.body.errorCode]).toEqual([400, 'INVALID_REQUEST'])
  return rows(answer.body.errors).map(({ pointer, message }) => [String(pointer), String(message)] as const)
}
const subscribeFaults = (more: object) =>
  faults('POST', '/v1/webhook/subscribe', {
    ...{ url: good, secretKey: 'k'.repeat(24), subscriptionDetails: { type: 'ALL' }, ...more },
  })

it.each([
  ['', /complete web address/],
  ['shop.example/webhooks', /complete web address/],
  ['ftp://shop.example/', /complete web address/],
  ['file:///etc/passwd', /complete web address/],
  ['javascript:alert(1)', /complete web address/],
  ['http://shop.example/webhooks', /https:/],
  ['https://ada:lovelace@shop.example/', /user name and password/],
  ['https://shop.example/#part', /from # on/],
  ['https://127.0.0.1/', /public internet/],
  ['https://2130706433/', /public internet/],
  ['https://0x7f.1/', /public internet/],
  ['https://[::1]/', /public internet/],
  ['https://[::ffff:10.0.0.1]/', /public internet/],
  ['https://10.1.2.3/', /public internet/],
  ['https://169.254.169.254/latest/meta-data', /public internet/],
  ['https://localhost/', /public internet/],
  ['https://LOCALHOST./', /public internet/],
  ['https://db.internal/', /public internet/],
  [`https://shop.example/${'x'.repeat(2_000)}`, /2000/],
])('takes no subscription for the address %s', async (url, why) => {
  expect(await subscribeFaults({ url })).toEqual([['/url', expect.stringMatching(why)]])
  expect(await faults('PATCH', `${subscriptions}/${id}`, { url })).toEqual([['/url', expect.stringMatching(why)]])
})

it.each([
  ['', /at least 8/],
  ['1234567', /at least 8/],
  ['k'.repeat(513), /at most 512/],
  [`whsec_${Buffer.alloc(23).toString('base64')}`, /24 to 64 bytes/],
  [`whsec_${Buffer.alloc(65).toString('base64')}`, /24 to 64 bytes/],
  ['whsec_this is not base64 at all, is it', /base64/],
  [`whsec_${Buffer.alloc(25).toString('base64').replaceAll('=', '')}`, /base64/],
])('takes no secret that is %j', async (secret, why) => {
  expect(await subscribeFaults({ secretKey: secret })).toEqual([['/secretKey', expect.stringMatching(why)]])
  if (secret === '') return
  const rotate = `${subscriptions}/${id}/rotate-secret`
  expect(await faults('POST', rotate, { secretKey: secret })).toEqual([['/secretKey', expect.stringMatching(why)]])
})

it('takes a short secret, as merchants bring them, and warns of it', async () => {
  for (const secret of ['12345678', 'k'.repeat(23)])
    expect((await subscribe(t.merchant, good, { secretKey: secret })).body).toEqual({
      ...{ subscriptionKey: expect.any(String), warnings: [expect.stringContaining('fewer than 24')] },
    })
  for (const secret of [
    'k'.repeat(24),
    'k'.repeat(512),
    `whsec_${Buffer.alloc(24).toString('base64')}`,
    'ключ'.repeat(6),
  ])
    expect(Object.keys((await subscribe(t.merchant, good, { secretKey: secret })).body)).toEqual(['subscriptionKey'])
})

it.each([
  [undefined, '/subscriptionDetails', /required/],
  [null, '/subscriptionDetails', /object/],
  ['ALL', '/subscriptionDetails', /object/],
  [{}, '/subscriptionDetails/type', /required/],
  [{ type: 1 }, '/subscriptionDetails/type', /string/],
  [{ type: 'EVERYTHING' }, '/subscriptionDetails/type', /ALL, CATEGORY, EVENT/],
  [{ type: 'EVENT' }, '/subscriptionDetails/details', /payment\.created, /],
  [{ type: 'CATEGORY', details: [] }, '/subscriptionDetails/details', /ACCOUNT, CUSTOMER, PAYMENT, REPORT, WEBHOOK/],
  [
    { type: 'EVENT', details: ['payment.failed', 'payment.suceeded'] },
    '/subscriptionDetails/details/1',
    /mean payment\.succeeded\? There are .*customer\.created/,
  ],
  [{ type: 'EVENT', details: ['failed'] }, '/subscriptionDetails/details/0', /mean payment\.failed\?/],
  [{ type: 'EVENT', details: ['PAYMENT'] }, '/subscriptionDetails/details/0', /'PAYMENT' is not/],
  [{ type: 'CATEGORY', details: ['PAYMENTS'] }, '/subscriptionDetails/details/0', /mean PAYMENT\?/],
  [{ type: 'CATEGORY', details: ['zzzzzz'] }, '/subscriptionDetails/details/0', /is not\. There are ACCOUNT/],
  [{ type: 'CATEGORY', details: Array(101).fill('PAYMENT') }, '/subscriptionDetails/details', /100/],
])('points at what is wrong with a wish: %j', async (subscriptionDetails, pointer, message) => {
  const expected = expect.arrayContaining([[pointer, expect.stringMatching(message)]])
  expect(await subscribeFaults({ subscriptionDetails })).toEqual(expected)
  const body = { subscriptionId: id, subscriptionDetails }
  expect(await faults('PUT', '/v1/webhook/unsubscribe', body)).toEqual(expected)
  if (subscriptionDetails !== undefined)
    expect(await faults('PATCH', `${subscriptions}/${id}`, { subscriptionDetails })).toEqual(expected)
})

it.each([
  ['PATCH', '', { status: 'ENDED' }, '/status'],
  ['PATCH', '', { status: '' }, '/status'],
  ['PATCH', '', { alertEmail: 'nobody' }, '/alertEmail'],
  ['PATCH', '', { description: 'd'.repeat(201) }, '/description'],
  ['POST', '/rotate-secret', { overlapSeconds: -1 }, '/overlapSeconds'],
  ['POST', '/rotate-secret', { overlapSeconds: 2_592_001 }, '/overlapSeconds'],
  ['POST', '/rotate-secret', { overlapSeconds: 1.5 }, '/overlapSeconds'],
  ['POST', '/examples', { eventType: 'payment.nothing' }, '/eventType'],
  ['POST', '/examples', {}, '/eventType'],
  ['POST', '/resend-failed', {}, '/since'],
  ['POST', '/resend-failed', { since: 'yesterday' }, '/since'],
  ['POST', '/replays', {}, ''],
  ['POST', '/replays', { fromSequence: 1, from: '2026-01-05' }, ''],
  ['POST', '/replays', { fromSequence: 1, to: '2026-01-05' }, ''],
  ['POST', '/replays', { toSequence: 3 }, ''],
  ['POST', '/replays', { to: '2026-01-05' }, ''],
  ['POST', '/replays', { fromSequence: 0, toSequence: 3 }, '/fromSequence'],
  ['POST', '/replays', { fromSequence: 1, toSequence: 1e300 }, '/toSequence'],
  ['POST', '/replays', { fromSequence: 4, toSequence: 3 }, '/toSequence'],
  ['POST', '/replays', { from: '2026-01-06', to: '2026-01-05' }, '/to'],
  ['POST', '/replays', { from: '9999999-01-01' }, '/from'],
] as const)('points at what is wrong: %s %s %j', async (method, path, body, pointer) => {
  const found = await faults(method, `${subscriptions}/${id}${path}`, body)
  expect(found.map(([at]) => at)).toContain(pointer)
})

it.each([
  [subscriptions, '?after=x', '?limit=0', '?limit=101', '?limit=x'],
  [
    'deliveries',
    '?after=x',
    '?after=-1',
    `?after=${'9'.repeat(16)}`,
    '?limit=0',
    '?status=LOST',
    '?eventType=payment.lost',
  ],
  ['/v1/events', '?after=x', '?after=-1', '?after=1.5', `?after=${'9'.repeat(16)}`, '?after=1&after=2', '?limit=0'],
  ['/v1/events', '?limit=1001', '?types=payment.lost', '?categories=MONEY', '?resourceId=x', '?waitSeconds=31'],
])('refuses a cursor, a limit and a filter that cannot be meant: %s', async (path, ...queries) => {
  const at = path === 'deliveries' ? `${subscriptions}/${id}/deliveries` : path
  for (const query of queries) {
    const { status, body } = await t.merchant.get(at + query)
    const [fault] = rows(body.errors)
    expect([query, status, String(fault?.pointer)]).toEqual([query, 400, query.split('=')[0]])
  }
})

it('does not know the subscriptions, deliveries and events of another merchant', async () => {
  await happen(t, t.merchant, 'payment.created')
  await t.runJobs()
  const [event] = rows((await t.merchant.get('/v1/events')).body.data)
  const [delivery] = rows((await t.merchant.get(`${subscriptions}/${id}/deliveries`)).body.data)
  const calls: [string, string, object?][] = [
    ...(['', '/statistics', '/deliveries', '/replays'].map((path) => ['GET', `${subscriptions}/${id}${path}`]) as [
      string,
      string,
    ][]),
    ['GET', `/v1/events/${event?.id}`],
    ['GET', `/v1/webhook/deliveries/${delivery?.id}`],
    ['POST', `/v1/webhook/deliveries/${delivery?.id}/resend`],
    ['PATCH', `${subscriptions}/${id}`, { status: 'DISABLED' }],
    ['POST', `${subscriptions}/${id}/rotate-secret`, {}],
    ['POST', `${subscriptions}/${id}/examples`, { eventType: 'payment.failed' }],
    ['POST', `${subscriptions}/${id}/resend-failed`, { since: '2026-01-01' }],
    ['POST', `${subscriptions}/${id}/replays`, { fromSequence: 1 }],
    ['PUT', '/v1/webhook/unsubscribe', { subscriptionId: id, subscriptionDetails: { type: 'ALL' } }],
  ]
  for (const [method, path, body] of calls) {
    expect([path, (await other.call(method, path, { body })).status]).toEqual([path, 404])
    const nobodys = path.replace(/[0-9a-f-]{36}/, t.house.newId())
    const nobody = body && 'subscriptionId' in body ? { ...body, subscriptionId: 'x' } : body
    expect([path, (await t.merchant.call(method, nobodys, { body: nobody })).status]).toEqual([path, 404])
  }
  expect((await other.get('/v1/events')).body).toEqual({ data: [], hasMore: false, nextCursor: '0' })
  expect((await t.merchant.get(`${subscriptions}/${id}`)).body.status).toBe('ENABLED')
})
