import { afterEach, beforeEach, expect, it } from 'vitest'
import type { MerchantId } from '../../src/kernel/id.ts'
import { schedulePayouts } from '../../src/payouts/payout.jobs.ts'
import { setPayoutAccount } from '../../src/payouts/payout-account.commands.ts'
import { scheduleRails } from '../../src/rails/ach/schedule.commands.ts'
import { scheduleReports } from '../../src/reports/make-reports.jobs.ts'
import { advanceTo } from '../advance.ts'
import { rows } from '../answer.ts'
import { refund } from '../story.ts'
import { openTestApi, type TestApi } from '../test-api.ts'
import { openTestBank, type SentFile, type TestBank } from '../test-bank.ts'

let t: TestApi
let bank: TestBank
let customerId: string
beforeEach(async () => {
  t = await openTestApi()
  bank = openTestBank(t.bankDrop)
  const own = { routingNumber: '044444444', number: '4400000001', type: 'checking' }
  await setPayoutAccount(t.house, t.merchant.id as MerchantId, own)
  await t.house.sql`update merchant set fee_bps = 80, return_fee = 500`
  customerId = (await t.merchant.link()).customerId
  await scheduleRails(t.house)
  await schedulePayouts(t.house)
  await scheduleReports(t.house)
})
afterEach(() => t.close())

const pay = async (dollars: number, more: object = {}) =>
  String((await t.merchant.pay(customerId, dollars, more)).body.paymentId)
const last = (): SentFile => {
  const file = bank.sent().at(-1)
  if (!file) throw new Error('no file was sent')
  return file
}
const file = (day: string): string[] =>
  (t.reportDrop.outgoing.get(`Corner Store_Payout_${day}.csv`) ?? '').split('\r\n').slice(0, -1)
const cents = (dollars: string | undefined): bigint => BigInt((dollars || '0.00').replace('.', ''))
const heading =
  'Record,Payout ID,Payout Date,Kind,Count,Transaction ID,Client Reference ID,Date,Amount,Fee,Net,Currency'

/** Amounts are dollars with two places, so that the columns can be added up by whoever reads them. */
function sums(lines: readonly string[]) {
  const sum = {
    SUMMARY: 0n,
    TOTAL: 0n,
    DETAIL: 0n,
    byKind: new Map<string, bigint>(),
    details: new Map<string, bigint>(),
  }
  const add = (to: Map<string, bigint>, kind: string, amount: bigint) => to.set(kind, (to.get(kind) ?? 0n) + amount)
  for (const line of lines.slice(1)) {
    const [record, , , kind = '', , , , , amount, fee, net] = line.split(',')
    sum[record as 'TOTAL'] += cents(net)
    if (record === 'SUMMARY') add(sum.byKind, kind, cents(net))
    if (record === 'DETAIL') add(sum.details, kind, cents(amount))
    if (record === 'DETAIL' && fee) add(sum.details, 'FEES', cents(fee))
  }
  return sum
}

it('tells what a payout is made of, and every movement, so that all sums are the amount', async () => {
  const [first, second] = [await pay(100, { clientReferenceId: '=order' }), await pay(50)]
  await advanceTo(t, '2026-01-06T01:05:00Z')
  bank.settle(last(), '2026-01-06')
  await advanceTo(t, '2026-01-08T20:00:00Z')
  const given = String((await t.merchant.call('POST', '/v1/refunds', { body: refund(first, 30) })).body.paymentId)
  await advanceTo(t, '2026-01-09T12:00:00Z')

  const [settlement] = rows((await t.merchant.get('/v1/settlements')).body.data)
  const payout = `${settlement?.settlementId},2026-01-08`
  expect(file('2026-01-08')).toEqual([
    heading,
    `SUMMARY,${payout},GROSS,2,,,,,,150.00,USD`,
    `SUMMARY,${payout},FEES,2,,,,,,-1.20,USD`,
    `SUMMARY,${payout},REFUNDS,1,,,,,,-30.00,USD`,
    `TOTAL,${payout},PAYOUT,,,,,,,118.80,USD`,
    `DETAIL,${payout},GROSS,,${first},'=order,2026-01-08T14:15:00.000Z,100.00,-0.80,99.20,USD`,
    `DETAIL,${payout},GROSS,,${second},,2026-01-08T14:15:00.000Z,50.00,-0.40,49.60,USD`,
    `DETAIL,${payout},REFUNDS,,${given},,2026-01-08T20:00:00.000Z,-30.00,,-30.00,USD`,
  ])
  const { SUMMARY, TOTAL, DETAIL, byKind, details } = sums(file('2026-01-08'))
  expect([SUMMARY, DETAIL, TOTAL]).toEqual([11_880n, 11_880n, 11_880n])
  expect(Object.fromEntries(details)).toEqual(Object.fromEntries(byKind))
  expect(settlement?.amount).toEqual({ value: 118.8, currency: 'USD' })
  const listed = rows((await t.merchant.get('/v1/reports?kind=payout')).body.data)
  expect(listed).toMatchObject([{ kind: 'PAYOUT', rows: 7, period: { from: '2026-01-08', to: '2026-01-08' } }])
})

it('ties returns, return fees and new payments of a later payout in the same way', async () => {
  await pay(100)
  await advanceTo(t, '2026-01-06T01:05:00Z')
  const sent = last()
  bank.settle(sent, '2026-01-06')
  await advanceTo(t, '2026-01-08T23:00:00Z')
  await pay(400)
  await advanceTo(t, '2026-01-09T01:05:00Z')
  bank.settle(last(), '2026-01-09')
  const [entry] = sent.entries
  if (!entry) throw new Error('nothing was sent')
  bank.returns('2026-01-09', [{ entry, code: 'R10' }])
  await advanceTo(t, '2026-01-14T12:00:00Z')
  const lines = file('2026-01-13')
  expect(lines.map((line) => line.split(',')[3])).toEqual([
    'Kind',
    ...['GROSS', 'FEES', 'RETURNS', 'RETURN_FEES', 'PAYOUT', 'RETURNS', 'RETURN_FEES', 'GROSS'],
  ])
  const { SUMMARY, TOTAL, DETAIL, byKind, details } = sums(lines)
  const [settlement] = rows((await t.merchant.get('/v1/settlements')).body.data)
  expect(settlement?.amount).toEqual({ value: 291.8, currency: 'USD' })
  expect([SUMMARY, DETAIL, TOTAL]).toEqual([29_180n, 29_180n, 29_180n])
  expect(Object.fromEntries(details)).toEqual(Object.fromEntries(byKind))
  expect(file('2026-01-12')).toEqual([])
})
