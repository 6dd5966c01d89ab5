import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { atEastern } from '../../src/kernel/banking-day.ts'
import { rows } from '../answer.ts'
import { rialto } from '../rialto.ts'
import { tellFacts, tellStory } from '../story.ts'
import { openTestApi, type TestApi, type TestMerchant } from '../test-api.ts'

let t: TestApi
beforeAll(async () => {
  t = await openTestApi()
})
beforeEach(() => {
  t.clock.now = new Date('2026-01-05T15:00:00.000Z')
  t.banks.balance.dollars = 100_000
  t.banks.away.clear()
})
afterAll(() => t.close())

const at = (day: string, time: string) => {
  t.clock.now = atEastern(day as never, time)
}
const day = (text: string) => text as never
const send = async (id: string) => {
  await tellFacts(t, [id], { kind: 'scheduled', fileId: id, effectiveOn: day('2026-01-06') })
  await tellFacts(t, [id], { kind: 'initiated', traceNumber: '044444440000001' })
}
const comeBack = (id: string, on: string, code = 'R01') =>
  tellFacts(t, [id], { kind: 'returned', code, on: day(on), mayRetry: true, feeBack: '0', returnFee: '0' })
const read = async (merchant: TestMerchant, id: string) => (await merchant.get(`/v1/payments/${id}`)).body
const retry = (merchant: TestMerchant, id: string) => merchant.call('POST', `/v1/payments/${id}/retry`)
const due = async (id: string) =>
  (
    await t.house.sql<{ task: string; due_at: Date }[]>`
    select task, due_at from agenda where key like ${`payment:${id}:%`} order by due_at`
  ).map(({ task, due_at }) => `${task} ${due_at.toISOString()}`)

/** A payment that came back for lack of funds on Wednesday the 7th, before it had settled. */
async function returned(policy = 'manual'): Promise<{ merchant: TestMerchant; id: string; customerId: string }> {
  const merchant = await t.newMerchant()
  await rialto(t.house, 'merchant', 'set', merchant.id, '--retry', policy)
  const { customerId } = await merchant.link()
  const id = String((await merchant.pay(customerId, 100)).body.paymentId)
  await send(id)
  at('2026-01-07', '10:00')
  await comeBack(id, '2026-01-07')
  return { merchant, id, customerId }
}

describe('a retry that the merchant asks for', () => {
  it.each([
    [
      'presents a payment again that came back for lack of funds, twice, with the fee and a return fee each',
      `
      terms --fee-fixed 1 --return-fee 5
      pay P 100.00 AUTHORIZED
      send P
      settle P
      books held 99.00 fees 1.00 bank 100.00
      return P R01
      is P RETRYABLE_FAILED
      can P retry
      books available -6.00 held 0.00 fees 6.00 bank 0.00
      retry P AUTHORIZED
      retry P refused INVALID_STATE
      send P
      books debits 100.00 pending 100.00
      return P R09
      retry P AUTHORIZED
      send P
      settle P
      books available -11.00 held 100.00 fees 11.00 bank 100.00
      return P R01
      is P TERMINAL_FAILED
      can P nothing
      retry P refused INVALID_STATE
      books available -16.00 held 0.00 fees 16.00 bank 0.00`,
    ],
    [
      'is not for what came back for any other reason, or did not come back',
      `
      pay P1 10.00 AUTHORIZED
      retry P1 refused INVALID_STATE
      send P1
      retry P1 refused INVALID_STATE
      settle P1
      retry P1 refused INVALID_STATE
      return P1 R10
      is P1 TERMINAL_FAILED
      can P1 nothing
      retry P1 refused INVALID_STATE
      pay P2 10.00 AUTHORIZED
      send P2
      return P2 R02
      retry P2 refused INVALID_STATE
      pay P3 10.00 AUTHORIZED
      cancel P3 CANCELED
      retry P3 refused INVALID_STATE`,
    ],
    [
      'counts the 180 days from the first settlement',
      `
      clock 2026-01-06 10:00
      pay P 10.00 AUTHORIZED
      send P
      settle P
      return P R01
      clock 2026-07-02 23:59
      can P retry
      clock 2026-07-03 00:00
      can P nothing
      retry P refused INVALID_STATE`,
    ],
    [
      'does not begin the 180 days anew with a second return',
      `
      clock 2026-01-06 10:00
      pay P 10.00 AUTHORIZED
      send P
      return P R01
      clock 2026-06-01 10:00
      retry P AUTHORIZED
      send P
      return P R01
      can P retry
      clock 2026-07-03 10:00
      can P nothing`,
    ],
  ])('%s', (_what, story) => tellStory(t, story))

  it.each([
    ['R10', 'It came back with R10; only after R01 and R09 is that allowed.'],
    ['R99', 'It came back with R99; only after R01 and R09 is that allowed.'],
  ])('says why not: %s', async (code, says) => {
    const { merchant, id } = await returned()
    await retry(merchant, id)
    await send(id)
    await tellFacts(t, [id], {
      ...{ kind: 'returned', code, on: day('2026-01-08'), mayRetry: false, feeBack: '0', returnFee: '0' },
    })
    expect(await retry(merchant, id)).toMatchObject({
      status: 400,
      body: { errorCode: 'INVALID_STATE', errorId: 10_032, errorMessage: expect.stringContaining(says), possible: [] },
    })
  })

  it('is refused once the account, or the authorization to debit it, is gone', async () => {
    const first = await returned()
    await t.house.sql`update account set status = 'inactive' where customer_id = ${first.customerId}`
    const gone = await retry(first.merchant, first.id)
    expect(gone).toMatchObject({ status: 400, body: { paymentStatus: 'RETRYABLE_FAILED', possible: [] } })
    expect(String(gone.body.errorMessage)).toContain('The account can no longer be used')
    const second = await returned()
    await t.house.sql`update mandate set revoked_at = now() where customer_id = ${second.customerId}`
    expect(String((await retry(second.merchant, second.id)).body.errorMessage)).toContain(
      'authorization has been revoked',
    )
    expect(await read(second.merchant, second.id)).toMatchObject({ canDo: [], presentment: 1 })
  })

  it('presents once, though twenty ask at the same time, and nobody has to be reminded any more', async () => {
    const { merchant, id } = await returned('automatic')
    expect(await due(id)).toHaveLength(2)
    const answers = await Promise.all(Array.from({ length: 20 }, () => retry(merchant, id)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await read(merchant, id)).toMatchObject({ presentment: 2, paymentStatus: 'AUTHORIZED' })
    expect(await due(id)).toEqual([])
  })

  it('is shown in the lifecycle', async () => {
    const { merchant, id } = await returned()
    await retry(merchant, id)
    const { lifecycle } = await read(merchant, id)
    expect(rows(lifecycle).map(({ status, change }) => `${status} ${change}`)).toEqual([
      ...['CREATED CREATED', 'AUTHORIZED APPROVED', 'SCHEDULED SCHEDULED', 'INITIATED INITIATED'],
      ...['RETRYABLE_FAILED RETURNED', 'AUTHORIZED RETRIED'],
    ])
    expect(rows(lifecycle)[2]).toMatchObject({ effectiveOn: '2026-01-06' })
    expect(rows(lifecycle)[4]).toMatchObject({ returnCode: 'R01' })
  })
})

describe('an automatic retry', () => {
  it('comes after as many banking days as agreed, in the morning, once the balance covers it', async () => {
    const { merchant, id } = await returned('automatic')
    expect(await due(id)).toEqual(['retry-payment 2026-01-12T14:00:00.000Z', 'give-up-retry 2026-07-07T13:00:00.000Z'])
    at('2026-01-12', '08:59')
    await t.runJobs()
    expect((await read(merchant, id)).paymentStatus).toBe('RETRYABLE_FAILED')
    at('2026-01-12', '09:00')
    const before = t.banks.calls.length
    await t.runJobs()
    expect(t.banks.calls.slice(before)).toEqual(['balance harbor'])
    expect(await read(merchant, id)).toMatchObject({ paymentStatus: 'AUTHORIZED', presentment: 2 })
    expect(await due(id)).toEqual([])
  })

  it('looks again on the next banking day when the balance is too low, and presents when it is not', async () => {
    const { merchant, id } = await returned('automatic')
    t.banks.balance.dollars = 99.99
    at('2026-01-12', '09:00')
    await t.runJobs()
    expect(await due(id)).toEqual(['retry-payment 2026-01-13T14:00:00.000Z', expect.stringContaining('give-up')])
    t.banks.balance.dollars = 100
    at('2026-01-13', '09:00')
    await t.runJobs()
    expect(await read(merchant, id)).toMatchObject({ paymentStatus: 'AUTHORIZED', presentment: 2 })
  })

  it('leaves it to the merchant after five more looks, be the balance too low or the bank away', async () => {
    const { merchant, id } = await returned('automatic')
    t.banks.balance.dollars = 1
    const looks: string[] = []
    for (let left = 20; left > 0; left--) {
      const [next] = await due(id)
      if (!next?.startsWith('retry')) break
      looks.push(next.slice(14, 24))
      t.clock.now = new Date(next.slice(14))
      if (looks.length === 3) t.banks.away.add('harbor')
      await t.runJobs()
      t.banks.away.clear()
    }
    // Monday the 19th is a holiday.
    expect(looks).toEqual(['2026-01-12', '2026-01-13', '2026-01-14', '2026-01-15', '2026-01-16', '2026-01-20'])
    expect(await read(merchant, id)).toMatchObject({ paymentStatus: 'RETRYABLE_FAILED', canDo: ['retry'] })
  })

  it('does not count on money that other payments were approved for', async () => {
    const { merchant, id, customerId } = await returned('automatic')
    t.banks.balance.dollars = 150
    at('2026-01-12', '08:00')
    expect((await merchant.pay(customerId, 60)).body.paymentStatus).toBe('AUTHORIZED')
    at('2026-01-12', '09:00')
    await t.runJobs()
    expect((await read(merchant, id)).paymentStatus).toBe('RETRYABLE_FAILED')
    at('2026-01-13', '09:00')
    await t.runJobs()
    expect((await read(merchant, id)).paymentStatus).toBe('AUTHORIZED')
  })

  it('does not come when the merchant has chosen otherwise meanwhile, or the account is gone', async () => {
    const first = await returned('automatic')
    await rialto(t.house, 'merchant', 'set', first.merchant.id, '--retry', 'manual')
    const second = await returned('automatic')
    t.banks.unusable.add('harbor')
    at('2026-01-12', '09:00')
    await t.runJobs()
    t.banks.unusable.clear()
    for (const { merchant, id } of [first, second]) {
      expect((await read(merchant, id)).paymentStatus).toBe('RETRYABLE_FAILED')
      expect(await due(id)).toEqual([expect.stringContaining('give-up-retry')])
    }
  })

  it('is not presented twice when its job runs twice', async () => {
    const { merchant, id } = await returned('automatic')
    at('2026-01-12', '09:00')
    await t.house.sql`select graphile_worker.add_job('retry-payment', ${t.house.sql.json({ paymentId: id })}::json)`
    await t.runJobs()
    expect(await read(merchant, id)).toMatchObject({ paymentStatus: 'AUTHORIZED', presentment: 2 })
  })
})

describe('a retry that never came', () => {
  it('is given up after 180 days: what came back stays back', async () => {
    const { merchant, id } = await returned()
    at('2026-07-06', '23:00')
    await t.runJobs()
    expect((await read(merchant, id)).paymentStatus).toBe('RETRYABLE_FAILED')
    at('2026-07-07', '09:00')
    await t.runJobs()
    const body = await read(merchant, id)
    expect(body).toMatchObject({ paymentStatus: 'TERMINAL_FAILED', returnCode: 'R01', finality: { isFinal: true } })
    expect(body.errorDetails).toMatchObject({ errorCode: 'R01' })
    const again = await retry(merchant, id)
    expect(again).toMatchObject({ status: 400, body: { errorMessage: expect.stringContaining('180 days') } })
    const told = await t.house.sql`select type from event where resource_id = ${id} order by id desc limit 1`
    expect(told).toEqual([{ type: 'payment.failed' }])
  })

  it('is not given up when it was presented again and came back later', async () => {
    const { merchant, id } = await returned()
    await retry(merchant, id)
    await send(id)
    await tellFacts(t, [id], { kind: 'settled', on: day('2026-03-02'), fee: '0', fundsOn: day('2026-03-04') })
    await comeBack(id, '2026-03-04')
    expect(await due(id)).toEqual(['give-up-retry 2026-08-30T13:00:00.000Z'])
    at('2026-07-07', '09:00')
    await t.runJobs()
    expect((await read(merchant, id)).paymentStatus).toBe('RETRYABLE_FAILED')
  })
})
