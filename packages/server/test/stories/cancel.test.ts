import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rows } from '../answer.ts'
import { tellFacts, tellStory } from '../story.ts'
import { openTestApi, type TestApi, type TestMerchant } from '../test-api.ts'

let t: TestApi
beforeAll(async () => {
  t = await openTestApi()
})
beforeEach(() => {
  t.clock.now = new Date('2026-01-05T15:00:00.000Z')
})
afterAll(() => t.close())

const wish = (merchant: TestMerchant, id: string, verb: string, method = 'POST', more: object = {}) =>
  merchant.call(method, `/v1/payments/${id}/${verb}`, more)
const idOf = (answer: { body: { paymentId?: unknown } }) => String(answer.body.paymentId)

describe('cancel', () => {
  it.each([
    [
      'takes back a payment that is not in a file yet, once and for all',
      `
      pay P 100.00 AUTHORIZED
      can P cancel refund
      cancel P CANCELED
      cancel P CANCELED
      can P nothing
      events P created authorized canceled
      books pending 0.00 available 0.00`,
    ],
    [
      'takes back a payment that is held',
      `
      terms --hold-payments on
      pay P 100.00 HELD
      cancel P CANCELED
      release P refused INVALID_STATE`,
    ],
    [
      'takes back a payment whose file was withdrawn',
      `
      pay P 100.00 AUTHORIZED
      schedule P
      cancel P refused INVALID_STATE
      withdraw P
      cancel P CANCELED`,
    ],
    [
      'comes too late in every later state',
      `
      pay P 100.00 AUTHORIZED
      send P
      cancel P refused INVALID_STATE
      settle P
      cancel P refused INVALID_STATE
      free P
      cancel P refused INVALID_STATE
      payout P
      cancel P refused INVALID_STATE
      return P R10
      cancel P refused INVALID_STATE
      pay P2 9001.00 TERMINAL_FAILED
      cancel P2 refused INVALID_STATE
      pay P3 10.00 AUTHORIZED
      send P3
      return P3 R01
      cancel P3 refused INVALID_STATE`,
    ],
    [
      'may be wished of a payment that waits to be presented again',
      `
      pay P 100.00 AUTHORIZED
      send P
      return P R01
      retry P AUTHORIZED
      cancel P CANCELED
      books pending 0.00 debits 0.00`,
    ],
  ])('%s', (_what, story) => tellStory(t, story))

  it('says where the payment has got to, and what is possible instead', async () => {
    const { customerId } = await t.merchant.link()
    const id = idOf(await t.merchant.pay(customerId, 10))
    await tellFacts(t, [id], { kind: 'scheduled', fileId: id, effectiveOn: '2026-01-06' as never })
    const late = await wish(t.merchant, id, 'cancel')
    expect(late).toMatchObject({
      status: 400,
      body: {
        ...{ errorCode: 'INVALID_STATE', errorId: 10_029, paymentStatus: 'SCHEDULED', possible: ['refund'] },
        errorMessage: 'The payment can no longer be canceled. It stands in a file for the bank.',
      },
    })
    const [event] = await t.house.sql`select count(*)::int as count from event where resource_id = ${id}`
    expect(event).toEqual({ count: 3 })
  })

  it('answers the payment, and remembers which request canceled it', async () => {
    const { customerId } = await t.merchant.link()
    const id = idOf(await t.merchant.pay(customerId, 10, { clientReferenceId: 'order-5' }))
    const first = await wish(t.merchant, id, 'cancel')
    expect(first.body).toEqual({ paymentId: id, paymentStatus: 'CANCELED', clientReferenceId: 'order-5' })
    const again = await wish(t.merchant, id, 'cancel')
    expect([again.status, again.text]).toEqual([200, first.text])
    const [event] = await t.house.sql`select request_id from event
      where resource_id = ${id} and type = 'payment.canceled'`
    expect(event).toEqual({ request_id: first.headers.get('x-request-id') })
    const { lifecycle } = (await t.merchant.get(`/v1/payments/${id}`)).body
    expect(rows(lifecycle).at(-1)).toMatchObject({ status: 'CANCELED', change: 'CANCELED', reason: 'ASKED' })
  })

  it('stops a payment that waits for its decision: it is not decided any more', async () => {
    const { customerId } = await t.merchant.link({}, { bank: 'meadow' })
    t.clock.forward(60_000)
    t.banks.away.add('meadow')
    const paid = await t.merchant.pay(customerId, 10)
    expect(paid.body.paymentStatus).toBe('PENDING')
    expect((await wish(t.merchant, idOf(paid), 'cancel')).body.paymentStatus).toBe('CANCELED')
    t.banks.away.delete('meadow')
    t.clock.forward(20 * 60_000)
    await t.runJobs()
    const { body } = await t.merchant.get(`/v1/payments/${idOf(paid)}`)
    expect(body).toMatchObject({ paymentStatus: 'CANCELED', decision: null })
    const [due] = await t.house.sql`select count(*)::int as count from agenda where key like ${`%${idOf(paid)}%`}`
    expect(due).toEqual({ count: 0 })
  })

  it('no longer counts against the customer’s limits', async () => {
    const { customerId } = await t.merchant.link()
    for (const dollars of [9000, 9000]) await t.merchant.pay(customerId, dollars)
    const last = await t.merchant.pay(customerId, 7000)
    expect((await t.merchant.pay(customerId, 1000)).body.paymentStatus).toBe('TERMINAL_FAILED')
    await wish(t.merchant, idOf(last), 'cancel')
    expect((await t.merchant.pay(customerId, 1000)).body.paymentStatus).toBe('AUTHORIZED')
  })

  it('races the cut-off: one of the two comes first, fifty times over', async () => {
    const { customerId } = await t.merchant.link()
    const wins = { canceled: 0, scheduled: 0 }
    for (let round = 0; round < 50; round++) {
      const id = idOf(await t.merchant.pay(customerId, 1))
      const scheduled = { kind: 'scheduled', fileId: id, effectiveOn: '2026-01-06' as never } as const
      const [canceled, told] = await Promise.all([
        wish(t.merchant, id, 'cancel'),
        new Promise((go) => setTimeout(go, round % 7)).then(() => tellFacts(t, [id], scheduled)),
      ])
      const { body } = await t.merchant.get(`/v1/payments/${id}`)
      const changes = rows(body.lifecycle).map(({ change }) => String(change))
      if (canceled.status === 200) {
        wins.canceled++
        expect([told.moved.length, changes]).toEqual([0, ['CREATED', 'APPROVED', 'CANCELED']])
      } else {
        wins.scheduled++
        expect(canceled.body).toMatchObject({ errorId: 10_029, paymentStatus: 'SCHEDULED' })
        expect([told.moved.length, changes]).toEqual([1, ['CREATED', 'APPROVED', 'SCHEDULED']])
      }
    }
    expect(wins.canceled + wins.scheduled).toBe(50)
    expect(Math.min(wins.canceled, wins.scheduled)).toBeGreaterThan(0)
  })

  it('cancels once, though twenty ask at the same time', async () => {
    const { customerId } = await t.merchant.link()
    const id = idOf(await t.merchant.pay(customerId, 1))
    const answers = await Promise.all(Array.from({ length: 20 }, () => wish(t.merchant, id, 'cancel')))
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    const [event] = await t.house.sql`select count(*)::int as count from event
      where resource_id = ${id} and type = 'payment.canceled'`
    expect(event).toEqual({ count: 1 })
  })
})

describe('hold and release', () => {
  it.each([
    [
      'keeps approved payments until they are released, by POST or PUT',
      `
      terms --hold-payments on
      pay P 100.00 HELD
      can P cancel release refund
      release P AUTHORIZED
      can P cancel refund
      events P created held authorized
      release P AUTHORIZED
      send P
      settle P
      release P SUCCEEDED
      events P created held authorized scheduled initiated succeeded`,
    ],
    [
      'declines what is to be declined at once',
      `
      terms --hold-payments on
      pay P 9001.00 TERMINAL_FAILED
      release P refused INVALID_STATE`,
    ],
    [
      'does not release what never was held',
      `
      pay P 100.00 AUTHORIZED
      release P refused INVALID_STATE`,
    ],
    [
      'refunds a held payment as one that was not sent',
      `
      terms --hold-payments on --unsent-refund cancel
      pay P1 100.00 HELD
      refund R1 of P1 100.00 CANCELED
      is P1 CANCELED
      pay P2 100.00 HELD
      refund R2 of P2 40.00 PENDING
      release P2 AUTHORIZED
      send P2
      settle P2
      is R2 AUTHORIZED`,
    ],
  ])('%s', (_what, story) => tellStory(t, story))

  it('counts held payments against the 24-hour limits', async () => {
    const merchant = await t.newMerchant()
    await t.house.sql`update merchant set holds_payments = true where id = ${merchant.id}`
    const { customerId } = await merchant.link()
    for (const dollars of [9000, 9000, 7000])
      expect((await merchant.pay(customerId, dollars)).body.paymentStatus).toBe('HELD')
    expect((await merchant.pay(customerId, 0.01)).body.paymentStatus).toBe('TERMINAL_FAILED')
  })

  it('releases by PUT, too, and says why not', async () => {
    const merchant = await t.newMerchant()
    await t.house.sql`update merchant set holds_payments = true where id = ${merchant.id}`
    const { customerId } = await merchant.link()
    const id = idOf(await merchant.pay(customerId, 1))
    expect(await wish(merchant, id, 'release', 'PUT')).toMatchObject({
      ...{ status: 200, body: { paymentId: id, paymentStatus: 'AUTHORIZED' } },
    })
    await wish(merchant, id, 'cancel')
    expect(await wish(merchant, id, 'release', 'PUT')).toMatchObject({
      status: 400,
      body: {
        ...{ errorId: 10_024, paymentStatus: 'CANCELED', possible: [] },
        errorMessage: expect.stringContaining('It is not held. It has been canceled.'),
      },
    })
  })
})

describe('every wish', () => {
  it('is answered at the reference product’s other address, too', async () => {
    const { customerId } = await t.merchant.link()
    const id = idOf(await t.merchant.pay(customerId, 1))
    const answer = await t.merchant.call('POST', `/core/v1/payments/${id}/cancel`)
    expect(answer).toMatchObject({ status: 200, body: { paymentStatus: 'CANCELED' } })
  })

  it('takes no body, an empty one, or any', async () => {
    const { customerId } = await t.merchant.link()
    const headers = { 'content-type': 'application/json' }
    for (const raw of [undefined, '', ' ', '{}', '{"reason":"changed my mind"}', 'null']) {
      const id = idOf(await t.merchant.pay(customerId, 1))
      expect((await wish(t.merchant, id, 'cancel', 'POST', { raw, headers })).status).toBe(200)
    }
    const id = idOf(await t.merchant.pay(customerId, 1))
    expect((await wish(t.merchant, id, 'cancel', 'POST', { raw: '{', headers })).status).toBe(400)
  })

  it.each(['cancel', 'release', 'retry'])(
    'needs the scope Link-Payment, and the caller’s own payment: %s',
    async (verb) => {
      const other = await t.newMerchant()
      const { customerId } = await t.merchant.link()
      const id = idOf(await t.merchant.pay(customerId, 1))
      expect((await wish(t.merchant, id, verb, 'POST', { scope: 'Link-Core' })).status).toBe(403)
      for (const [merchant, known] of [
        [other, id],
        [t.merchant, '01890000-0000-7000-8000-000000000000'],
        [t.merchant, 'not-an-id'],
      ] as const)
        expect(await wish(merchant, known, verb)).toMatchObject({ status: 404, body: { errorCode: 'NOT_FOUND' } })
      expect((await wish(t.merchant, id.toUpperCase(), 'cancel')).status).toBe(200)
    },
  )
})
