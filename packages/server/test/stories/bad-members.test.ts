import { afterAll, beforeAll, expect, it } from 'vitest'
import { rows } from '../answer.ts'
import { openTestApi, payment, person, type TestApi } from '../test-api.ts'

let t: TestApi
let customerId: string
beforeAll(async () => {
  t = await openTestApi()
  customerId = (await t.merchant.link()).customerId
})
afterAll(() => t.close())

/** A value put at a pointer; undefined takes the member away. */
function put(body: object, pointer: string, value: unknown): object {
  const copy = structuredClone(body) as Record<string, unknown>
  const path = pointer.split('/').slice(1)
  const last = path.pop() ?? ''
  let place = copy
  for (const name of path) {
    place[name] ??= {}
    place = place[name] as Record<string, unknown>
  }
  if (value === undefined) delete place[last]
  else place[last] = value
  return copy
}
const faults = async (path: string, body: unknown) => {
  const answer = await t.merchant.call('POST', path, { body })
  return [answer.status, rows(answer.body.errors).map(({ pointer }) => String(pointer))] as const
}
const notTexts = [1, true, [], {}, ['a']]

it.each([
  ['/source', [undefined, null, 1, 'x', []]],
  ['/source/id', [undefined, null, 1, {}, 'i'.repeat(201)]],
  ['/source/type', [undefined, null, 1, 'MERCHANT', 'BANK', '', 'c'.repeat(21)]],
  ['/destination', [undefined, null, 1, 'x', []]],
  ['/destination/id', [undefined, null, 1, {}, 'i'.repeat(201)]],
  ['/destination/type', [undefined, null, 1, 'CUSTOMER', '']],
  ['/amount', [undefined, null, 1, '1.00', []]],
  ['/amount/value', [undefined, null, '1.00', '', true, [1], {}]],
  ['/amount/value', [0, -0, -1, 1.005, 0.001, -0.01, 1e20, 1e300, 9e13, Number.MAX_VALUE, Number.MIN_VALUE, 0.1 + 0.2]],
  ['/amount/currency', [undefined, null, 1, 'EUR', '', 'USDUSDUSDUSD']],
  ['/requestKey', [undefined, null, 1, '', 'k'.repeat(129), 'a\nb', 'a\u0007b', {}]],
  ['/clientReferenceId', [1, {}, 'c'.repeat(256), 'a\tb']],
  ['/softDescriptor', [1, {}, 's'.repeat(81), '<b>', 'Ünïcode', 'line\nbreak', '"quoted"', 'semi%20']],
])('points at what is wrong with a payment: %s', async (pointer, values) => {
  for (const value of values) {
    const [status, pointers] = await faults('/v1/payments', put(payment(t.merchant.id, customerId, 1), pointer, value))
    if (value === 9e13 || value === 1e20 || value === 1e300) expect(status).toBe(400)
    else expect([value, status, pointers]).toEqual([value, 400, expect.arrayContaining([pointer])])
  }
})

it.each(['1e400', '-1e400', 'NaN', 'Infinity', '1.0.0', '.5', '1.', '+1', '0x1', '1_000'])(
  'takes no amount that is written %s',
  async (value) => {
    const raw = JSON.stringify(payment(t.merchant.id, customerId, 7)).replace('"value":7', `"value":${value}`)
    expect(raw).toContain(value)
    const answer = await t.merchant.call('POST', '/v1/payments', { raw })
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'INVALID_REQUEST', errors: [{}] } })
  },
)

it.each(['7', '7.0', '7.00', '7.000000', '70e-1', '0.07e2', '0.01', '8999.99'])(
  'takes an amount that is written %s',
  async (value) => {
    const fresh = (await t.merchant.link()).customerId
    const raw = JSON.stringify(payment(t.merchant.id, fresh, 7)).replace('"value":7', `"value":${value}`)
    const answer = await t.merchant.call('POST', '/v1/payments', { raw })
    expect(answer).toMatchObject({ status: 200, body: { paymentStatus: 'AUTHORIZED' } })
    const { body } = await t.merchant.get(`/v1/payments/${answer.body.paymentId}`)
    expect(body.amount?.value).toBe(Number(value))
  },
)

it('takes the largest amount an entry can carry, and refuses one cent more', async () => {
  const largest = await t.merchant.pay(customerId, 99_999_999.99)
  expect(largest).toMatchObject({ status: 200, body: { paymentStatus: 'TERMINAL_FAILED' } })
  const { body } = await t.merchant.get(`/v1/transactions/${largest.body.paymentId}`)
  expect(body.amount).toEqual({ value: 99_999_999.99, currency: 'USD' })
  expect(await t.merchant.pay(customerId, 100_000_000)).toMatchObject({
    status: 400,
    body: { errorCode: 'INVALID_AMOUNT' },
  })
})

it('is liberal on input: capitals, empty optional texts, nulls, ids in capitals', async () => {
  const body = {
    ...payment(t.merchant.id.toUpperCase(), customerId.toUpperCase(), 1, {
      clientReferenceId: ' ',
      softDescriptor: null,
    }),
    amount: { value: 1, currency: 'usd' },
  }
  body.source.type = 'Customer'
  body.destination.type = 'merchant'
  const paid = await t.merchant.call('POST', '/v1/payments', { body })
  expect(paid.body).toEqual({ paymentId: expect.any(String), paymentStatus: 'AUTHORIZED' })
})

it('keeps a requestKey and a reference exactly as they were sent, in any script', async () => {
  const more = { requestKey: `клю́ч-🔑-${'é'.repeat(100)}`, clientReferenceId: 'ref "quoted" \\ ; -- 店' }
  const paid = await t.merchant.pay(customerId, 1, more)
  expect((await t.merchant.get(`/v1/payments/${paid.body.paymentId}`)).body).toMatchObject(more)
  const query = new URLSearchParams(more)
  expect(rows((await t.merchant.get(`/v1/payments?${query}`)).body.data)).toHaveLength(1)
  const emoji = '💸'.repeat(128)
  expect((await t.merchant.pay(customerId, 1, { requestKey: emoji })).status).toBe(200)
})

it.each([
  ['/firstName', [undefined, null, '', ' ', 'n'.repeat(101), ...notTexts]],
  ['/lastName', [undefined, null, '', ' ', 'n'.repeat(101), ...notTexts]],
  ['/email', [undefined, null, '', 'x', 'a@b', 'a b@c.d', '@c.d', `${'a'.repeat(250)}@c.de`, ...notTexts]],
  ['/phoneNumber', ['1'.repeat(31), ...notTexts]],
  ['/product', ['REFUND', 'p'.repeat(21), ...notTexts]],
  ['/billingAddress', [1, 'x', []]],
  ['/billingAddress/city', ['c'.repeat(101), ...notTexts]],
  ['/shippingAddress/postalCode', ['1'.repeat(21), 12345]],
  ['/items', [1, 'x', {}, Array(201).fill({})]],
  ['/totalAmount', ['1.00', true, -1, 1.005, 1e20, [], { value: -1 }, { value: 1.005, currency: 'USD' }]],
])('points at what is wrong with a session: %s', async (pointer, values) => {
  for (const value of values) {
    const [status, pointers] = await faults('/v1/sessions', put(person(), pointer, value))
    expect([value, status, pointers]).toEqual([value, 400, expect.arrayContaining([expect.stringContaining(pointer)])])
  }
})

it('wants the amounts that other amounts are parts of', async () => {
  expect(await faults('/v1/sessions', person({ subTotalAmount: 1 }))).toEqual([400, ['/totalAmount']])
  for (const part of ['discountAmount', 'shippingAmount', 'taxAmount'])
    expect(await faults('/v1/sessions', person({ totalAmount: 2, [part]: 1 }))).toEqual([400, ['/subTotalAmount']])
  expect(await faults('/v1/sessions', person({ items: [{ goodType: 'SMELL' }] }))).toEqual([400, ['/items/0/goodType']])
  expect(await faults('/v1/sessions', person({ items: [{ amount: 0.001 }] }))).toEqual([400, ['/items/0/amount']])
})

it('takes the whole order of the reference, amounts as numbers or as objects', async () => {
  const order = {
    ...{ product: 'pay', billingAddress: { streetAddress: '1 Main St', country: 'US' }, shippingAddress: {} },
    items: [{ description: 'Beans', amount: { value: 10.5, currency: 'USD' }, goodType: 'physical', sku: 'x' }],
    ...{ totalAmount: 12.5, subTotalAmount: { value: 10.5 }, taxAmount: 2, discountAmount: 0, shippingAmount: 0 },
  }
  const answer = await t.merchant.call('POST', '/v1/sessions', { body: person(order) })
  expect(answer.status).toBe(200)
  expect(Object.keys(answer.body)).toEqual(['sessionKey'])
})

it('lists what is wrong, but not more than twenty things', async () => {
  const body = person({ items: Array.from({ length: 100 }, () => ({ description: 1 })), firstName: 1 })
  const answer = await t.merchant.call('POST', '/v1/sessions', { body })
  expect(answer.status).toBe(400)
  expect(rows(answer.body.errors).length).toBeLessThanOrEqual(20)
})

it('never repeats in an error what was sent', async () => {
  const body = put(payment(t.merchant.id, customerId, 1), '/requestKey', { secret: 'do-not-echo' })
  const answer = await t.merchant.call('POST', '/v1/payments', { body })
  expect(answer.text).not.toContain('do-not-echo')
  expect(t.logged()).not.toContain('do-not-echo')
})
