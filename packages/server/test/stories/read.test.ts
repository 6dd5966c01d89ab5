import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Json, rows } from '../answer.ts'
import { openTestApi, type TestApi, type TestMerchant } from '../test-api.ts'

let t: TestApi
let other: TestMerchant
beforeAll(async () => {
  t = await openTestApi()
  other = await t.newMerchant('Other Store')
})
afterAll(() => t.close())

const ids = (page: Json, member: string) => rows(page.data).map((row) => String(row[member]))

it('lists payments newest first, page by page, each exactly once', async () => {
  const merchant = await t.newMerchant()
  const [ada, bob] = [await merchant.link(), await merchant.link()]
  const made: string[] = []
  for (let index = 0; index < 60; index++) {
    const dollars = index % 10 === 9 ? 9001 : 1
    const reference = { clientReferenceId: `ref-${index % 2}`, requestKey: `list-${index}` }
    t.clock.forward(1_000)
    const paid = await merchant.pay((index < 40 ? ada : bob).customerId, dollars, reference)
    made.unshift(String(paid.body.paymentId))
  }
  const walk = async (query: string) => {
    const seen: string[] = []
    for (let after = ''; ; ) {
      const { body } = await merchant.get(`/v1/payments?${query}${after}`)
      seen.push(...ids(body, 'paymentId'))
      expect(body.hasMore).toBe(body.nextCursor !== null)
      if (body.nextCursor === null) return seen
      expect(ids(body, 'paymentId')).toHaveLength(25)
      after = `&after=${body.nextCursor}`
    }
  }
  expect(await walk('limit=25')).toEqual(made)
  expect(await walk('')).toEqual(made)
  expect(await walk('status=terminal_failed')).toEqual(made.filter((_, index) => index % 10 === 0))
  expect(await walk(`customerId=${bob.customerId}`)).toEqual(made.slice(0, 20))
  expect(await walk('clientReferenceId=ref-1')).toEqual(made.filter((_, index) => index % 2 === 0))
  expect(await walk('requestKey=list-7')).toEqual([made[52]])
  const from = new Date(t.clock.now.getTime() - 9_000).toISOString()
  expect(await walk(`createdFrom=${from}`)).toEqual(made.slice(0, 10))
  expect(await walk(`createdBefore=${from}`)).toEqual(made.slice(10))
  expect((await other.get('/v1/payments')).body).toEqual({ data: [], hasMore: false, nextCursor: null })
  const [row] = rows((await merchant.get('/v1/payments?limit=1')).body.data)
  expect(row).toEqual({
    ...{ paymentId: made[0], paymentStatus: 'TERMINAL_FAILED', paymentType: 'DEBIT', customerId: bob.customerId },
    ...{ amount: { value: 9001, currency: 'USD' }, requestKey: 'list-59', clientReferenceId: 'ref-1' },
    ...{ creationDate: t.clock.now.toISOString(), errorDetails: expect.any(Object) },
  })
})

it.each([
  ['limit=0', '?limit'],
  ['limit=101', '?limit'],
  ['limit=-1', '?limit'],
  ['limit=1&limit=2', '?limit'],
  ['after=yesterday', '?after'],
  ['status=PAID', '?status'],
  ['createdFrom=soon', '?createdFrom'],
  ['createdFrom=2026-13-45', '?createdFrom'],
  ['createdFrom=0000-01-01', '?createdFrom'],
  ['createdBefore=9999-12-31T23:59:59-23:00', '?createdBefore'],
  [`requestKey=${'k'.repeat(129)}`, '?requestKey'],
])('refuses to list payments by %s', async (query, pointer) => {
  const answer = await t.merchant.get(`/v1/payments?${query}`)
  expect(answer).toMatchObject({ status: 400, body: { errorCode: 'INVALID_REQUEST', errors: [{ pointer }] } })
})

it('answers a transaction in exactly the shape of the contract', async () => {
  const { customerId } = await t.merchant.link()
  const more = { clientReferenceId: 'ref-9', softDescriptor: 'CORNER STORE' }
  const paid = await t.merchant.pay(customerId, 12.34, more)
  const { body } = await t.merchant.get(`/v1/transactions/${paid.body.paymentId}`)
  expect(body).toEqual({
    ...{ transactionId: paid.body.paymentId, transactionType: 'DEBIT', customerId },
    ...{ amount: { value: 12.34, currency: 'USD' }, clientReferenceId: 'ref-9', transactionStatus: 'AUTHORIZED' },
    accountDetails: {
      ...{ financialInstitutionName: 'The harbor bank', accountLastFourDigits: '4321' },
      ...{ accountType: 'checking', preferred: true },
    },
    ...{ descriptor: 'CORNER STORE', creationDate: t.clock.now.toISOString() },
  })
  const bare = await t.merchant.pay(customerId, 9001, { clientReferenceId: '', softDescriptor: '' })
  const declined = (await t.merchant.get(`/v1/transactions/${bare.body.paymentId}`)).body
  expect(declined).toMatchObject({
    transactionStatus: 'TERMINAL_FAILED',
    transactionFailureReason: {
      code: 'PAYMENT_DECLINED',
      description: 'Transaction amount is greater than the limit.',
    },
  })
  expect(Object.keys(declined)).not.toContain('clientReferenceId')
  expect(Object.keys(declined)).not.toContain('descriptor')
})

it('makes a second linked account the one that pays, and shows it first', async () => {
  const email = 'two-accounts@example.com'
  const first = await t.merchant.link({ email })
  t.clock.forward(1_000)
  const second = await t.merchant.link({ email }, { bank: 'meadow', account: 1 })
  expect(second.customerId).toBe(first.customerId)
  const { body } = await t.merchant.get(`/v1/customers/${first.customerId}/accounts`)
  expect(body).toMatchObject({ id: first.customerId, customerId: first.customerId })
  const mark = 'http://localhost:4001/bank-marks/meadow.svg'
  expect(body.accountDetails).toEqual([
    {
      ...{ accountId: expect.any(String), financialInstitutionId: 102, financialInstitutionName: 'The meadow bank' },
      ...{ logoUrl: mark, iconUrl: mark, accountLastFourDigits: '4322', accountType: 'savings' },
      ...{ accountStatus: 'ACTIVE', preferred: true, routingNumber: '011000015', creationDate: expect.any(String) },
    },
    expect.objectContaining({ financialInstitutionId: 101, accountType: 'checking', preferred: false }),
  ])
  const customer = await t.merchant.get(`/v1/customers/${first.customerId}`)
  expect(customer.body.accountDetails).toEqual({
    ...{ financialInstitutionName: 'The meadow bank', accountLastFourDigits: '4322', accountType: 'savings' },
    ...{ accountStatus: 'ACTIVE', preferred: true, creationDate: expect.any(String) },
  })
  const paid = await t.merchant.pay(first.customerId, 1)
  const transaction = await t.merchant.get(`/v1/transactions/${paid.body.paymentId}`)
  expect(transaction.body.accountDetails).toMatchObject({ accountLastFourDigits: '4322', preferred: true })
})

it('knows a customer again by e-mail, in whatever case, and keeps the newest name', async () => {
  await t.merchant.session({ email: 'Same@Example.com', firstName: 'A' })
  await t.merchant.session({ email: 'same@example.com', firstName: 'B' })
  const { body } = await t.merchant.get('/v1/customers?email=SAME@example.com')
  expect(rows(body.data)).toHaveLength(1)
  expect(rows(body.data)[0]).toMatchObject({ firstName: 'B', customerStatus: 'CREATED' })
})

it('lists customers newest first, page by page', async () => {
  const merchant = await t.newMerchant()
  for (let index = 0; index < 7; index++) {
    t.clock.forward(1)
    await merchant.session({ firstName: `N${index}` })
  }
  const first = (await merchant.get('/v1/customers?limit=4')).body
  expect(ids(first, 'firstName')).toEqual(['N6', 'N5', 'N4', 'N3'])
  const second = (await merchant.get(`/v1/customers?limit=4&after=${first.nextCursor}`)).body
  expect(ids(second, 'firstName')).toEqual(['N2', 'N1', 'N0'])
  expect(second).toMatchObject({ hasMore: false, nextCursor: null })
})

it('tells how far a visit came, and never again its key', async () => {
  const key = await t.merchant.session()
  const flowId = await t.browser().open(key)
  const { body, text } = await t.merchant.get(`/v1/sessions/${flowId}`)
  expect(body).toMatchObject({ id: flowId, status: 'OPEN', product: 'PAY' })
  expect(text).not.toContain(key)
})

it("answers 404 for everything of another merchant's, exactly as for what does not exist", async () => {
  const { customerId, flowId } = await t.merchant.link()
  const paid = await t.merchant.pay(customerId, 1)
  const nobody = '01890000-0000-7000-8000-000000000000'
  const places: [string, string][] = [
    ['/v1/payments/:id', String(paid.body.paymentId)],
    ['/core/v1/payments/:id', String(paid.body.paymentId)],
    ['/v1/transactions/:id', String(paid.body.paymentId)],
    ['/v1/customers/:id', customerId],
    ['/v1/customers/:id/accounts', customerId],
    ['/public/v1/customers/:id/accounts', customerId],
    ['/v1/sessions/:id', flowId],
  ]
  for (const [path, id] of places) {
    expect((await t.merchant.get(path.replace(':id', id))).status).toBe(200)
    const theirs = await other.get(path.replace(':id', id))
    const none = await other.get(path.replace(':id', nobody))
    const noId = await other.get(path.replace(':id', 'not-an-id'))
    const words = ({ status, body }: typeof none) => [status, body.errorCode, body.errorMessage]
    expect(words(theirs)).toEqual([404, 'NOT_FOUND', expect.any(String)])
    expect([words(none), words(noId)]).toEqual([words(theirs), words(theirs)])
  }
  expect(await other.pay(customerId, 1)).toMatchObject({ status: 404, body: { errorCode: 'NOT_FOUND' } })
  expect((await other.get(`/v1/payments?customerId=${customerId}`)).body.data).toEqual([])
  expect((await other.get(`/v1/payments?after=${paid.body.paymentId}`)).body.data).toEqual([])
})
