import { afterEach, beforeEach, expect, it } from 'vitest'
import type { MerchantId } from '../../src/kernel/id.ts'
import { proveBooks } from '../../src/ledger/proof/prove.ts'
import { schedulePayouts } from '../../src/payouts/payout.jobs.ts'
import { setPayoutAccount } from '../../src/payouts/payout-account.commands.ts'
import { scheduleRails } from '../../src/rails/ach/schedule.commands.ts'
import { advanceTo } from '../advance.ts'
import { type Json, rows } from '../answer.ts'
import { booksOf, refund } from '../story.ts'
import { openTestApi, type TestApi } from '../test-api.ts'
import { openTestBank, type SentFile, type TestBank } from '../test-bank.ts'

let t: TestApi
let bank: TestBank
let customerId: string
beforeEach(async () => {
  t = await openTestApi()
  bank = openTestBank(t.bankDrop)
  await setPayoutAccount(t.house, t.merchant.id as MerchantId, own)
  await t.house.sql`update merchant set fee_bps = 80`
  customerId = (await t.merchant.link()).customerId
  await scheduleRails(t.house)
  await schedulePayouts(t.house)
})
afterEach(async () => {
  const { checks } = await proveBooks(t.house)
  await t.close()
  expect(checks.filter(({ difference }) => difference)).toEqual([])
})

/** The merchant's own account. */
const own = { routingNumber: '044444444', number: '4400000001', type: 'checking' }

/** House time begins on Monday the 5th, at 10:00 in New York. */
const monday = '2026-01-06T01:05:00Z'
const tuesdayMorning = '2026-01-06T14:00:00Z'
const thursdayNoon = '2026-01-08T17:00:00Z'
const thursdayAt17 = '2026-01-08T22:05:00Z'
const thursdayNight = '2026-01-09T01:05:00Z'
const fridayMorning = '2026-01-09T14:00:00Z'

const pay = async (dollars: number, more: object = {}): Promise<string> =>
  String((await t.merchant.pay(customerId, dollars, more)).body.paymentId)
const last = (): SentFile => {
  const file = bank.sent().at(-1)
  if (!file) throw new Error('no file was sent')
  return file
}
const books = async () => {
  const all = await booksOf(t, t.merchant.id)
  return Object.fromEntries(Object.entries(all).filter(([, cents]) => cents !== 0n))
}
const settlements = async (query = '') => rows((await t.merchant.get(`/v1/settlements${query}`)).body.data) as Json[]
const newest = async () => (await settlements())[0] as Record<string, Json>
const eventsOf = async (id: string) =>
  (await t.house.sql<{ type: string }[]>`select type from event where resource_id = ${id} order by id`).map(
    ({ type }) => type,
  )
const usd = (value: number) => ({ value, currency: 'USD' })
const line = (kind: string, count: number, dollars: number) => ({ kind, count, amount: usd(dollars) })

it('pays two payments out, net of fees: run, file, settlement, and each payment is told', async () => {
  const [first, second] = [await pay(100, { clientReferenceId: 'order-1' }), await pay(50)]
  await advanceTo(t, monday)
  bank.settle(last(), '2026-01-06')
  await advanceTo(t, tuesdayMorning)
  expect(await books()).toEqual({ bank: 15_000n, held: 14_880n, fees: 120n })

  await advanceTo(t, thursdayAt17)
  expect(await books()).toEqual({ bank: 15_000n, outgoing: 14_880n, fees: 120n })
  const settlement = await newest()
  expect(settlement).toEqual({
    ...{ settlementId: expect.any(String), status: 'ACCEPTED', amount: usd(148.8), day: '2026-01-08' },
    ...{ expectedOn: '2026-01-09', accountLastFourDigits: '0001', periodTo: '2026-01-08T22:00:00.000Z' },
    lines: [line('GROSS', 2, 150), line('FEES', 2, -1.2)],
  })
  expect(await eventsOf(first)).not.toContain('payment.disbursed')

  await advanceTo(t, thursdayNight)
  expect(await books()).toEqual({ bank: 15_000n, credits: 14_880n, fees: 120n })
  const [entry] = last().entries
  expect(last().entries).toHaveLength(1)
  expect(entry).toMatchObject({
    ...{ transactionCode: 22, rdfi: '044444444', accountNumber: '4400000001', amount: 14_880n },
    ...{ secCode: 'CCD', individualName: 'CORNER STORE' },
    batch: { companyName: 'RIALTO', entryDescription: 'PAYOUT', serviceClass: 'credits' },
  })
  expect((await newest()).status).toBe('INITIATED')

  bank.acknowledge(last())
  bank.settle(last(), '2026-01-09')
  await advanceTo(t, fridayMorning)
  expect(await books()).toEqual({ bank: 120n, fees: 120n })
  expect(await newest()).toMatchObject({ status: 'PAID', settledOn: '2026-01-09', expectedOn: '2026-01-09' })
  for (const id of [first, second]) expect((await eventsOf(id)).at(-1)).toBe('payment.disbursed')
  expect((await t.merchant.get(`/v1/transactions/${first}`)).body.transactionStatus).toBe('SUCCEEDED')
})

/** Two payments of Monday, paid out on Thursday evening; answers the payout's file. */
async function paidOut(): Promise<SentFile> {
  await pay(100, { clientReferenceId: 'order-1' })
  await pay(50)
  await advanceTo(t, monday)
  bank.settle(last(), '2026-01-06')
  await advanceTo(t, thursdayNight)
  return last()
}

it('takes a payment back that returns after it was paid out, and carries the debt until it is made up for', async () => {
  bank.settle(await paidOut(), '2026-01-09')
  await advanceTo(t, fridayMorning)
  const first = bank.sent()[0]?.entries[0]
  if (!first) throw new Error('nothing was sent')
  bank.returns('2026-01-09', [{ entry: first, code: 'R10' }])
  await advanceTo(t, '2026-01-10T05:00:00Z')
  expect(await books()).toEqual({ bank: -9_880n, available: -10_000n, fees: 120n })
  expect(await settlements()).toHaveLength(1)
})

it('gives the money of a payout that came back to the merchant again, and pays nothing more until somebody has looked', async () => {
  const file = await paidOut()
  bank.settle(file, '2026-01-09')
  await advanceTo(t, fridayMorning)
  const [entry] = file.entries
  if (!entry) throw new Error('nothing was sent')
  bank.returns('2026-01-09', [{ entry, code: 'R03' }])
  await advanceTo(t, '2026-01-13T05:00:00Z')
  expect(await books()).toEqual({ bank: 15_000n, available: 14_880n, fees: 120n })
  expect(await settlements()).toMatchObject([{ status: 'RETURNED', returnCode: 'R03' }])
  const alerts = await t.house.sql<{ says: string }[]>`select says from alert where cleared_at is null`
  expect(alerts.map(({ says }) => says)).toContainEqual(expect.stringContaining('came back with R03'))
})

it('sends a payout again that the bank refused with its file', async () => {
  const file = await paidOut()
  bank.acknowledge(file, 'rejected')
  await advanceTo(t, fridayMorning)
  expect(await books()).toEqual({ bank: 15_000n, outgoing: 14_880n, fees: 120n })
  expect(await newest()).toMatchObject({ status: 'ACCEPTED', amount: usd(148.8) })
  await advanceTo(t, '2026-01-10T01:05:00Z')
  expect(last().name).not.toBe(file.name)
  expect(last().entries).toMatchObject([{ amount: 14_880n, secCode: 'CCD' }])
  bank.settle(last(), '2026-01-12')
  await advanceTo(t, '2026-01-12T14:00:00Z')
  expect(await newest()).toMatchObject({ status: 'PAID', day: '2026-01-08', settledOn: '2026-01-12' })
})

it('takes a refund in between out of the payout, and lists what the settlement is made of', async () => {
  const id = await pay(100, { clientReferenceId: 'order-1' })
  await pay(50)
  await advanceTo(t, monday)
  bank.settle(last(), '2026-01-06')
  await advanceTo(t, thursdayNoon)
  const given = await t.merchant.call('POST', '/v1/refunds', { body: refund(id, 30) })
  expect(given.status).toBe(201)
  await advanceTo(t, thursdayAt17)
  const { settlementId, lines, amount } = await newest()
  expect(amount).toEqual(usd(118.8))
  expect(lines).toEqual([line('GROSS', 2, 150), line('FEES', 2, -1.2), line('REFUNDS', 1, -30)])

  const path = `/v1/settlements/${String(settlementId)}/payments`
  const { body } = await t.merchant.get(path)
  const one = (kind: string, dollars: number, fee: number, net: number) =>
    expect.objectContaining({ kind, amount: usd(dollars), fee: usd(fee), net: usd(net) })
  expect(body).toEqual({
    data: expect.arrayContaining([
      one('GROSS', 100, 0.8, 99.2),
      one('GROSS', 50, 0.4, 49.6),
      one('REFUNDS', -30, 0, -30),
    ]),
    ...{ hasMore: false, nextCursor: null },
  })
  expect(rows(body.data)).toContainEqual(
    expect.objectContaining({ paymentId: id, transactionType: 'DEBIT', clientReferenceId: 'order-1' }),
  )
  const firstPage = (await t.merchant.get(`${path}?limit=2`)).body
  const secondPage = (await t.merchant.get(`${path}?limit=2&after=${String(firstPage.nextCursor)}`)).body
  expect([...rows(firstPage.data), ...rows(secondPage.data)]).toEqual(body.data)
})

it('shows a merchant their own settlements only, page by page, filtered by state and day', async () => {
  const file = await paidOut()
  bank.settle(file, '2026-01-09')
  await advanceTo(t, fridayMorning)
  const { settlementId } = await newest()
  expect((await t.merchant.get(`/v1/settlements/${String(settlementId)}`)).body).toEqual(await newest())
  expect(await settlements('?status=paid')).toHaveLength(1)
  expect(await settlements('?status=ACCEPTED')).toEqual([])
  expect(await settlements('?from=2026-01-08&to=2026-01-08')).toHaveLength(1)
  expect(await settlements('?from=2026-01-09')).toEqual([])
  expect(await settlements(`?after=${String(settlementId)}`)).toEqual([])
  for (const query of ['?status=GONE', '?from=2026-02-30', '?to=yesterday', '?limit=0', '?after=x'])
    expect((await t.merchant.get(`/v1/settlements${query}`)).status).toBe(400)

  const other = await t.newMerchant('Other')
  const path = `/v1/settlements/${String(settlementId)}`
  for (const gone of [path, `${path}/payments`, '/v1/settlements/no-id'])
    expect(await other.get(gone)).toMatchObject({ status: 404, body: { errorCode: 'NOT_FOUND' } })
  expect(rows((await other.get('/v1/settlements')).body.data)).toEqual([])
  expect((await t.merchant.call('GET', path, { scope: 'Link-Payment' })).status).toBe(403)
})
