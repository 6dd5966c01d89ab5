import { afterAll, beforeAll, expect, it } from 'vitest'
import { transact } from '../../src/db/connect.ts'
import { asDay } from '../../src/kernel/banking-day.ts'
import type { AccountId, CustomerId, MerchantId } from '../../src/kernel/id.ts'
import { riskCommand } from '../../src/main/risk-command.ts'
import { applyFacts, type FactOf } from '../../src/payments/payment-fact.commands.ts'
import { returnedFact, settledFact } from '../../src/payments/terms.ts'
import { scheduleWatch } from '../../src/risk/return-rate.jobs.ts'
import { advanceTo } from '../advance.ts'
import { seedPayments } from '../seed-payments.ts'
import { openTestApi, type TestApi } from '../test-api.ts'
import { openTestTerminal } from '../test-terminal.ts'

let t: TestApi
let customerId: string
/** Of whom there are two hundred debits already: more than one customer may make in a day. */
let busyId: string
beforeAll(async () => {
  t = await openTestApi()
  customerId = (await t.merchant.link()).customerId
  busyId = (await t.merchant.link()).customerId
  await scheduleWatch(t.house)
})
afterAll(() => t.close())

const { rialto } = openTestTerminal(() => t.house, riskCommand)
const monday = asDay('2026-01-05')

it('starts with nothing to judge', async () => {
  const { body } = await t.merchant.get('/v1/return-rates')
  const nothing = (rate: string, limitPercent: string) => ({
    ...{ rate, returns: 0, percent: '0.000', limitPercent, status: 'TOO_FEW_TO_JUDGE' },
  })
  const rates = [nothing('UNAUTHORIZED', '0.5'), nothing('ADMINISTRATIVE', '3'), nothing('OVERALL', '15')]
  expect(body).toEqual({
    ...{ asOf: '2026-01-05', countedUntil: null, fewestDebits: 100, debitsHeldSince: null },
    windows: [
      { window: 'LAST_60_DAYS', from: '2025-11-07', to: '2026-01-05', debits: 0, rates },
      { window: 'LAST_TWO_MONTHS', from: '2025-11-01', to: '2025-12-31', debits: 0, rates },
    ],
  })
  const payer = await t.merchant.call('GET', '/v1/return-rates', { scope: 'Link-Payment' })
  expect(payer.status).toBe(403)
})

it('holds new debits in the morning after too many came back; the merchant cannot release them, a person can lift it', async () => {
  const [account] = await t.house.sql<{ id: AccountId }[]>`select id from account where customer_id = ${busyId}`
  const merchantId = t.merchant.id as MerchantId
  const payer = { merchantId, customerId: busyId as CustomerId, accountId: account?.id as AccountId }
  const ids = await seedPayments(t.house, payer, 200, { amount: 1n })
  const tell = (some: typeof ids, factOf: FactOf) =>
    transact(t.house.sql, (tx) => applyFacts(t.house, tx, some, factOf))
  const fileId = '01890000-0000-7000-8000-00000000000f'
  await tell(ids, () => ({ kind: 'scheduled', fileId, effectiveOn: monday }))
  await tell(ids, () => ({ kind: 'initiated', traceNumber: '044444440000001' }))
  await tell(ids, (payment, terms) => settledFact(payment, terms, monday))
  await tell(ids.slice(0, 2), (payment, terms) => returnedFact(payment, terms, 'R11', monday))
  expect(await rialto('risk', 'hold-when-exceeded', merchantId, 'on')).toMatchObject({ code: 0 })
  expect((await t.merchant.pay(customerId, 1)).body.paymentStatus).toBe('AUTHORIZED')

  await advanceTo(t, '2026-01-06T15:00:01Z')
  const { body } = await t.merchant.get('/v1/return-rates')
  expect(body).toMatchObject({
    ...{ debitsHeldSince: '2026-01-06T15:00:00.000Z', countedUntil: '2026-01-06T14:50:00.000Z' },
    windows: [
      {
        debits: 200,
        rates: [
          { rate: 'UNAUTHORIZED', returns: 2, percent: '1.000', status: 'EXCEEDED' },
          { rate: 'ADMINISTRATIVE', returns: 0, status: 'OK' },
          { rate: 'OVERALL', returns: 2, percent: '1.000', status: 'OK' },
        ],
      },
      { debits: 0 },
    ],
  })
  const held = (await t.merchant.pay(customerId, 2)).body
  expect(held.paymentStatus).toBe('HELD')
  const release = () => t.merchant.call('PUT', `/v1/payments/${held.paymentId}/release`)
  expect(await release()).toMatchObject({
    status: 400,
    body: { errorCode: 'INVALID_STATE', errorMessage: expect.stringContaining('The platform holds your debits') },
  })

  expect(await rialto('risk', 'lift-hold', merchantId, '--by', 'Grace Hopper')).toMatchObject({ code: 2 })
  const why = ['--by', 'Grace Hopper', '--why', 'the misuse was stopped']
  expect(await rialto('risk', 'lift-hold', merchantId, ...why)).toMatchObject({ code: 0 })
  expect(await rialto('risk', 'lift-hold', merchantId, ...why)).toMatchObject({ code: 1 })
  expect((await t.merchant.pay(customerId, 3)).body.paymentStatus).toBe('AUTHORIZED')
  expect((await release()).body.paymentStatus).toBe('AUTHORIZED')
})

it('shows the rates to an operator, and ends with 1 when one is exceeded', async () => {
  const { out, code } = await rialto('risk', 'return-rates', '--merchant', t.merchant.id)
  expect(out.split('\n').slice(0, 6)).toEqual([
    '2025-11-08 to 2026-01-06: 200 debits',
    '  unauthorized            2    1.000 % of 0.5  %  EXCEEDED',
    '  administrative          0    0.000 % of 3    %  ok',
    '  overall                 2    1.000 % of 15   %  ok',
    '2025-11-01 to 2025-12-31: 0 debits, fewer than 100',
    '  unauthorized            0    0.000 % of 0.5  %  too few to judge',
  ])
  expect(code).toBe(1)
  const json = JSON.parse((await rialto('risk', 'return-rates', '--json')).out)
  expect(json).toMatchObject({ merchantId: null, spans: [{ debits: 200 }, { debits: 0 }] })
  expect(await rialto('risk', 'return-rates', '--merchant', customerId)).toMatchObject({ code: 1, out: '' })
})

it('takes new thresholds for a later day, and never changes those that were', async () => {
  const later = ['--unauthorized', '0.25', '--administrative', '3', '--overall', '12.5', '--fewest', '50']
  const add = (from: string) => rialto('risk', 'add-thresholds', '--from', from, ...later)
  expect((await add('2026-01-07')).out.split('\n')).toEqual([
    '2015-09-18  unauthorized 0.5 %  administrative 3 %  overall 15 %  of at least 100 debits',
    '2026-01-07  unauthorized 0.25 %  administrative 3 %  overall 12.5 %  of at least 50 debits',
    '',
  ])
  expect(await add('2026-01-07')).toMatchObject({ code: 1 })
  expect(await add('2026-02-30')).toMatchObject({ code: 2 })
  expect((await t.merchant.get('/v1/return-rates')).body.fewestDebits).toBe(100)
  t.clock.now = new Date('2026-01-07T05:00:00Z')
  expect((await t.merchant.get('/v1/return-rates')).body.fewestDebits).toBe(50)
})
