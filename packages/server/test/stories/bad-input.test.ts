import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, rows } from '../answer.ts'
import { refund } from '../story.ts'
import { openTestApi, payment, person, send, type TestApi, type TestMerchant } from '../test-api.ts'

let t: TestApi
let customerId: string
let paymentId: string
let other: TestMerchant
beforeAll(async () => {
  t = await openTestApi()
  other = await t.newMerchant()
  customerId = (await t.merchant.link()).customerId
  paymentId = String((await t.merchant.pay(customerId, 50)).body.paymentId)
})
afterAll(() => t.close())

/** Whatever is wrong is said in the one body there is for it. */
function expectError(answer: Answer, status: number, pointer?: string): void {
  expect([answer.status, answer.text.slice(0, 300)]).toEqual([status, expect.stringContaining('"errorCode"')])
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  const { requestId, docs, errors, ...body } = answer.body
  expect(body).toMatchObject({
    ...{ errorId: expect.any(Number), errorCode: expect.stringMatching(/^[A-Z_]+$/) },
    ...{ errorMessage: expect.any(String), errorSeverity: expect.stringMatching(/^(ERROR|WARNING)$/) },
  })
  expect(requestId).toBe(answer.headers.get('x-request-id'))
  expect(docs).toBe(`http://localhost:4000/docs/errors#${body.errorCode}`)
  if (pointer === undefined) return
  expect(rows(errors).map((fault) => String(fault.pointer))).toContain(pointer)
  for (const fault of rows(errors))
    expect(fault).toMatchObject({ code: expect.any(String), message: expect.any(String) })
}

type Operation = Readonly<{ method: string; path: string; scope: string | undefined; hasBody: boolean }>
type Document = { paths: Record<string, Record<string, { security?: { token: string[] }[]; requestBody?: object }>> }

/** Every documented endpoint that takes a bearer token. */
function operations(): Operation[] {
  const { paths } = t.api.swagger() as unknown as Document
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { security }]) => security)
      .map(([method, { security, requestBody }]) => ({
        ...{ method: method.toUpperCase(), path, hasBody: requestBody !== undefined },
        scope: security?.length === 1 ? security[0]?.token[0] : undefined,
      })),
  )
}
const nobody = '01890000-0000-7000-8000-000000000000'
/** Suits each of the calls about webhooks. */
const webhook = {
  ...{ url: 'https://shop.example/webhooks', secretKey: 'k'.repeat(32), subscriptionDetails: { type: 'ALL' } },
  ...{ subscriptionId: nobody, eventType: 'payment.failed', since: '2026-01-05', fromSequence: 1 },
}
const bodyFor = (path: string) => {
  if (path.includes('/webhook/')) return webhook
  if (path.includes('refunds')) return refund(paymentId, 0.01)
  return path.includes('payments') ? payment(t.merchant.id, customerId, 1) : person()
}
const each = async (what: (one: Operation & { url: string; body: object | undefined }) => Promise<void>) => {
  const all = operations()
  expect(all.length).toBeGreaterThan(8)
  for (const one of all)
    await what({ ...one, url: one.path.replace('{id}', nobody), body: one.hasBody ? bodyFor(one.path) : undefined })
}

describe('every endpoint of the API', () => {
  it('is documented, and its aliases answer like it', async () => {
    expect(operations().map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining([
        ...['POST /v1/sessions', 'GET /v1/sessions/{id}', 'GET /v1/customers', 'GET /v1/customers/{id}'],
        ...['GET /v1/customers/{id}/accounts', 'DELETE /v1/customers/{id}', 'POST /v1/payments', 'GET /v1/payments'],
        ...['GET /v1/payments/{id}', 'GET /v1/transactions/{id}', 'POST /v1/refunds', 'POST /v1/payments/{id}/cancel'],
        ...['PUT /v1/payments/{id}/release', 'POST /v1/payments/{id}/release', 'POST /v1/payments/{id}/retry'],
      ]),
    )
    for (const alias of ['/core/v1/payments', '/public/v1/customers', '/session/v1/sessions', '/session/v2/sessions'])
      expectError(await t.merchant.call('GET', `${alias}/${nobody}`), 404)
  })

  it.each([
    ['no token', {}],
    ['no bearer token', { authorization: 'Basic YTpi' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['a made-up token', { authorization: 'Bearer abc' }],
    ['two tokens', { authorization: 'Bearer abc def' }],
    ['a very long token', { authorization: `Bearer ${'a.'.repeat(4_000)}` }],
  ])('refuses %s', async (_what, headers) => {
    await each(async ({ method, url, body }) => {
      const answer = await send(t.apiUrl + url, method, { body, headers })
      expectError(answer, 401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    })
  })

  it('refuses a token that somebody else signed, or changed', async () => {
    const [header = '', claims = '', signature = ''] = (await t.merchant.token()).split('.')
    const read = JSON.parse(Buffer.from(claims, 'base64url').toString())
    const claim = (more: object) => Buffer.from(JSON.stringify({ ...read, ...more })).toString('base64url')
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url')
    const forged = [
      ...[`${header}.${claim({ merchant_id: other.id })}.${signature}`, `${none}.${claims}.`],
      ...[
        `${header}.${claim({ exp: 9e9 })}.${signature}`,
        `${header}.${claims}.${'A'.repeat(86)}`,
        `${header}.${claims}`,
      ],
    ]
    for (const token of forged)
      await each(async ({ method, url, body }) => {
        expectError(await send(t.apiUrl + url, method, { body, headers: { authorization: `Bearer ${token}` } }), 401)
      })
  })

  it('refuses a token without the scope it needs, and says so', async () => {
    await each(async ({ method, url, body, scope }) => {
      const wrong = scope === 'Link-Payment' ? 'Link-Core' : 'Link-Payment'
      const answer = await t.merchant.call(method, url, { body, scope: wrong })
      if (scope) expectError(answer, 403)
      else expect(answer.status).not.toBe(403)
    })
  })

  it('does not know the ids of nobody, and says nothing else about them', async () => {
    await each(async ({ method, path, body }) => {
      if (!path.includes('{id}')) return
      const call = (id: string) => t.merchant.call(method, path.replace('{id}', id), { body })
      for (const id of [nobody, 'x', '1', "'", '%27%3B--', '__proto__', '%F0%9F%92%B8', nobody.toUpperCase()])
        expectError(await call(id), 404)
      for (const id of ['%00', 'a%00b']) expectError(await call(id), 400)
      for (const id of ['i'.repeat(201), 'i'.repeat(4_000), '%ff', '%E0%A4%A', '%']) {
        const answer = await call(id)
        expectError(answer, [400, 404, 414].includes(answer.status) ? answer.status : 400)
      }
    })
  })

  it('reads no body over 64 kB, none that is not JSON, and none of another content type', async () => {
    await each(async ({ method, url, hasBody }) => {
      if (!hasBody) return
      const call = (raw: string | undefined, type: string) =>
        t.merchant.call(method, url, { raw, headers: { 'content-type': type } })
      expectError(await call(`{"a":"${'x'.repeat(70_000)}"}`, 'application/json'), 413)
      for (const raw of ['{', '{"a":1,}', "{'a':1}", 'undefined', '{"a":NaN}', '{"a":01}', '\u0000', '{"a":"\u0001"}'])
        expectError(await call(raw, 'application/json'), 400, '')
      expectError(await call('', 'application/json'), 400, '')
      for (const raw of ['null', '[]', '1', '"text"', 'true']) expectError(await call(raw, 'application/json'), 400)
      for (const type of [
        'text/plain',
        'application/xml',
        'application/x-www-form-urlencoded',
        'multipart/form-data',
        'x',
      ])
        expectError(await call('{}', type), 415)
      expectError(await t.merchant.call(method, url, {}), 400)
    })
  })

  it('refuses text that is not text, and nesting without end', async () => {
    await each(async ({ method, url, hasBody, body }) => {
      if (!hasBody) return
      const text = JSON.stringify({ ...body, deep: 0 })
      const raws = ['"\\u0000"', '"\\ud800"', '"a\\udc00b"', '{"a":["\\ud800"]}', '{"\\ud800":1}', '"\\ud83d\\u0000"']
      for (const raw of raws)
        expectError(await t.merchant.call(method, url, { raw: text.replace('0}', `${raw}}`) }), 400, '')
      for (const depth of [1_000, 10_000, 31_000])
        for (const [open, close] of [
          ['[', ']'],
          ['{"":', '}'],
        ] as const) {
          const most = Math.floor((62_000 / (open.length + 1)) * (depth / 31_000))
          const nested = `${open.repeat(most)}1${close.repeat(most)}`
          for (const member of [nested, `1,"billingAddress":{"city":"x","deep":${nested}}`])
            expectError(await t.merchant.call(method, url, { raw: text.replace('0}', `${member}}`) }), 400)
        }
    })
  })

  it('tolerates members it does not know, those of every object among them, and refuses to be given a prototype', async () => {
    await each(async ({ method, url, hasBody, body }) => {
      if (!hasBody) return
      const more = { paymentType: 'ONE_TIME', currency: 'USD', toString: 'x', hasOwnProperty: 1, valueOf: null }
      const { status } = await t.merchant.call(method, url, { body: { ...body, ...more } })
      const ofNobody = url.includes(nobody) || url.endsWith('/unsubscribe')
      expect([url, status]).toEqual([url, ofNobody ? 404 : url === '/v1/refunds' ? 201 : 200])
      for (const poison of ['"__proto__":{"isAdmin":true}', '"constructor":{"prototype":{"isAdmin":true}}'])
        expectError(await t.merchant.call(method, url, { raw: JSON.stringify(body).replace('{', `{${poison},`) }), 400)
      expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
    })
  })
})

it('knows no other paths and methods, in the same words', async () => {
  for (const [method, path] of [
    ...[
      ['GET', '/'],
      ['GET', '/v1'],
      ['GET', '/v1/nothing'],
      ['DELETE', '/v1/payments'],
      ['PUT', '/v1/sessions'],
    ],
    ...[
      ['PATCH', '/v1/payments/x'],
      ['GET', '/v1/payments/'],
      ['GET', '//v1/payments'],
      ['GET', '/v1/payments/x/y'],
    ],
    ...[
      ['GET', '/V1/payments'],
      ['GET', '/%2e%2e/etc/passwd'],
      ['OPTIONS', '/v1/payments'],
    ],
  ] as [string, string][])
    expectError(await t.merchant.call(method, path), 404)
})

it('refuses an access token an hour after it was given', async () => {
  const token = await t.merchant.token()
  const headers = { authorization: `Bearer ${token}` }
  expect((await send(`${t.apiUrl}/v1/payments`, 'GET', { headers })).status).toBe(200)
  t.clock.forward(3_599_000)
  expect((await send(`${t.apiUrl}/v1/payments`, 'GET', { headers })).status).toBe(200)
  t.clock.forward(1_000)
  await each(async ({ method, url, body }) => {
    expectError(await send(t.apiUrl + url, method, { body, headers }), 401)
  })
})
