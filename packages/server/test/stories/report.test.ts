import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { scheduleRails } from '../../src/rails/ach/schedule.commands.ts'
import { scheduleReports } from '../../src/reports/make-reports.jobs.ts'
import { advanceTo } from '../advance.ts'
import { rows } from '../answer.ts'
import { openTestApi, type TestApi } from '../test-api.ts'
import { openTestBank, type SentFile, type TestBank } from '../test-bank.ts'

let t: TestApi
let bank: TestBank
let customerId: string
beforeEach(async () => {
  t = await openTestApi()
  bank = openTestBank(t.bankDrop)
  customerId = (await t.merchant.link()).customerId
  await scheduleRails(t.house)
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
const entryOf = (file: SentFile, cents: bigint) => {
  const found = file.entries.find(({ amount }) => amount === cents)
  if (!found) throw new Error('there is no such entry')
  return found
}
/** What lies in the drop, as UTF-8. */
const delivered = (name: string): string | undefined => {
  const text = t.reportDrop.outgoing.get(name)
  return text && Buffer.from(text, 'latin1').toString('utf8')
}
const transactions = (day: string) => delivered(`Corner Store_Transactions_${day}.csv`)
const csv = (...lines: string[]) => lines.map((line) => `${line}\r\n`).join('')
const heading =
  'Update,Date of Transaction,Date of Settlement,Client Reference ID,Transaction ID,Debit,Credit,Currency,Status'

it('tells a merchant every morning what was made and what changed, byte for byte', async () => {
  const paid = await pay(100, { clientReferenceId: 'order-1' })
  t.clock.forward(60_000)
  const declined = await pay(9001, { clientReferenceId: 'Ünder, "quoted"' })
  await advanceTo(t, '2026-01-06T11:00:00Z')
  expect(transactions('2026-01-05')).toBe(
    csv(
      heading,
      `No,2026-01-05T15:00:00.000Z,,order-1,${paid},100.00,,USD,INITIATED`,
      `No,2026-01-05T15:01:00.000Z,,"Ünder, ""quoted""",${declined},9001.00,,USD,TERMINAL_FAILED`,
    ),
  )

  bank.settle(last(), '2026-01-06')
  await advanceTo(t, '2026-01-06T16:00:00Z')
  const second = await pay(0.07)
  const refund = String((await t.merchant.call('POST', '/v1/refunds', { body: refundOf(paid, 60.5) })).body.paymentId)
  await advanceTo(t, '2026-01-07T11:00:00Z')
  expect(transactions('2026-01-06')).toBe(
    csv(
      heading,
      `Yes,2026-01-05T15:00:00.000Z,2026-01-06T13:30:00.000Z,order-1,${paid},100.00,,USD,SUCCEEDED`,
      `No,2026-01-06T16:00:00.000Z,,,${second},0.07,,USD,INITIATED`,
      `No,2026-01-06T16:00:00.000Z,,,${refund},,60.50,USD,INITIATED`,
    ),
  )

  bank.returns('2026-01-07', [{ entry: entryOf(last(), 7n), code: 'R01' }])
  await advanceTo(t, '2026-01-08T11:00:00Z')
  expect(transactions('2026-01-07')).toBe(
    csv(heading, `Yes,2026-01-06T16:00:00.000Z,,,${second},0.07,,USD,RETRYABLE_FAILED`),
  )
})

const refundOf = (paymentId: string, dollars: number) => ({
  paymentId,
  amount: { value: dollars, currency: 'USD' },
  requestKey: `refund-${paymentId}`,
})

it('makes a file on days on which nothing happened, from the first payment on', async () => {
  await advanceTo(t, '2026-01-07T12:00:00Z')
  expect([...t.reportDrop.outgoing.keys()]).toEqual([])
  await pay(5)
  await advanceTo(t, '2026-01-11T12:00:00Z')
  expect([...t.reportDrop.outgoing.keys()]).toEqual(
    ['07', '08', '09', '10'].map((day) => `Corner Store_Transactions_2026-01-${day}.csv`),
  )
  expect(transactions('2026-01-10')).toBe(csv(heading))
})

it('says the same of a payment as the API says at that hour', async () => {
  await t.house.sql`update merchant set retry_policy = 'automatic'`
  const ids = [await pay(10), await pay(20), await pay(30), await pay(9002), await pay(40)]
  await t.merchant.call('POST', `/v1/payments/${ids[4]}/cancel`)
  await advanceTo(t, '2026-01-06T02:00:00Z')
  const file = last()
  bank.returns('2026-01-06', [{ entry: entryOf(file, 2_000n), code: 'R13' }])
  bank.settle(file, '2026-01-06', [entryOf(file, 2_000n).traceNumber])
  await advanceTo(t, '2026-01-06T20:00:00Z')
  bank.returns('2026-01-07', [{ entry: entryOf(file, 3_000n), code: 'R01' }])
  for (const day of ['07', '08', '13']) {
    await advanceTo(t, `2026-01-${day}T05:00:00Z`)
    const said = new Map<string, (string | undefined)[]>()
    for (const id of ids) {
      const { body } = await t.merchant.get(`/v1/transactions/${id}`)
      said.set(id, [body.settlementDate ?? '', body.transactionStatus] as unknown as string[])
    }
    await advanceTo(t, `2026-01-${day}T11:00:00Z`)
    const before = `2026-01-${String(Number(day) - 1).padStart(2, '0')}`
    for (const line of (transactions(before) ?? '').split('\r\n').slice(1, -1)) {
      const [, , settled, , id = '', , , , status] = line.split(',')
      expect([settled, status]).toEqual(said.get(id))
    }
  }
})

it('makes the same bytes however late it is made', async () => {
  const paid = await pay(100)
  await advanceTo(t, '2026-01-06T02:00:00Z')
  await t.house.sql`update agenda set due_at = '2026-01-09T12:00:00Z' where key = 'reports:make'`
  bank.settle(last(), '2026-01-06')
  await advanceTo(t, '2026-01-10T12:00:00Z')
  expect(transactions('2026-01-05')).toBe(csv(heading, `No,2026-01-05T15:00:00.000Z,,,${paid},100.00,,USD,INITIATED`))
  expect(transactions('2026-01-06')).toContain(`Yes,2026-01-05T15:00:00.000Z,2026-01-06T13:30:00.000Z,,${paid}`)
  expect(transactions('2026-01-09')).toBe(csv(heading))
})

it('holds no account number and no routing number', async () => {
  await pay(1)
  await advanceTo(t, '2026-01-06T12:00:00Z')
  const [account] = await t.house.sql<{ id: string; routing_number: string; number_sealed: string }[]>`
    select id, routing_number, number_sealed from account`
  const [piece] = await t.house.sql<{ content: string }[]>`select content from report_piece`
  const { accountNumber = '' } = last().entries[0] ?? {}
  expect(accountNumber.trim()).toMatch(/^\d{4,}$/)
  expect(piece?.content).toContain('Transaction ID')
  expect(piece?.content).not.toContain(accountNumber.trim())
  expect(piece?.content).not.toContain(account?.routing_number)
})

it('announces a report, lists it, and gives its file to its merchant only', async () => {
  await pay(1)
  await advanceTo(t, '2026-01-08T12:00:00Z')
  const { body } = await t.merchant.get('/v1/reports?limit=2')
  const [newest, older] = rows(body.data)
  expect(body).toMatchObject({ hasMore: true, nextCursor: older?.id })
  expect(rows((await t.merchant.get(`/v1/reports?after=${older?.id}`)).body.data)).toMatchObject([
    { name: 'Corner Store_Transactions_2026-01-05.csv' },
  ])
  const text = transactions('2026-01-07') ?? ''
  const sha256 = createHash('sha256').update(text).digest('hex')
  expect(newest).toEqual({
    ...{ id: expect.any(String), kind: 'TRANSACTIONS', name: 'Corner Store_Transactions_2026-01-07.csv' },
    ...{ period: { from: '2026-01-07', to: '2026-01-07' }, rows: 0, bytes: text.length, sha256 },
    ...{ creationDate: '2026-01-08T11:00:00.000Z', deliveryDate: '2026-01-08T11:00:00.000Z' },
  })
  expect((await t.merchant.get(`/v1/reports/${newest?.id}`)).body).toEqual(newest)
  const content = await t.merchant.get(`/v1/reports/${newest?.id}/content`)
  expect([content.status, content.text]).toEqual([200, text])
  expect(content.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(content.headers.get('content-disposition')).toBe(
    'attachment; filename="Corner Store_Transactions_2026-01-07.csv"; ' +
      "filename*=UTF-8''Corner%20Store_Transactions_2026-01-07.csv",
  )
  const events = await t.house.sql`select resource_id, data from event where type = 'report.available' order by id`
  expect(events).toHaveLength(3)
  expect(events[2]).toEqual({
    resource_id: newest?.id,
    data: {
      ...{ kind: 'TRANSACTIONS', name: newest?.name, from: '2026-01-07', to: '2026-01-07' },
      ...{ rows: 0, bytes: text.length, sha256 },
    },
  })

  const other = await t.newMerchant('Other Store')
  for (const path of [`/v1/reports/${newest?.id}`, `/v1/reports/${newest?.id}/content`, '/v1/reports/nonsense'])
    expect(await other.get(path)).toMatchObject({ status: 404, body: { errorCode: 'NOT_FOUND' } })
  expect((await other.get('/v1/reports')).body.data).toEqual([])
  expect((await t.merchant.get('/v1/reports?kind=payout')).body.data).toEqual([])
  expect((await t.merchant.get('/v1/reports?kind=menu')).status).toBe(400)
  const payer = await t.merchant.call('GET', '/v1/reports', { scope: 'Link-Payment' })
  expect(payer.status).toBe(403)
})
