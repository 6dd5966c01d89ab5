import { afterEach, beforeEach, expect, it } from 'vitest'
import { scheduleRails } from '../../src/rails/ach/schedule.commands.ts'
import { advanceTo } from '../advance.ts'
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
})
afterEach(() => t.close())

const status = async (id: string) =>
  (await t.merchant.get(`/v1/transactions/${id}`)).body.transactionStatus as unknown as string
async function books(): Promise<Record<string, bigint>> {
  const rows = await t.house.sql<{ id: string; balance: bigint }[]>`
    select coalesce(replace(id, 'merchant:' || merchant_id || ':', ''), id) as id, balance from ledger_account
    where balance <> 0 and (merchant_id is null or merchant_id = ${t.merchant.id})`
  return Object.fromEntries(rows.map(({ id, balance }) => [id, balance]))
}
const pay = async (dollars: number, more: object = {}) =>
  (await t.merchant.pay(customerId, dollars, more)).body.paymentId as unknown as string
const last = (): SentFile => {
  const file = bank.sent().at(-1)
  if (!file) throw new Error('no file was sent')
  return file
}
const entry = (file: SentFile, index = 0) => {
  const found = file.entries[index]
  if (!found) throw new Error('there is no such entry')
  return found
}
const exceptions = () =>
  t.house.sql<{ reason: string; amount: bigint | null }[]>`
    select reason, amount from rail_exception where resolved_at is null order by id`
const alerts = async () =>
  (await t.house.sql<{ says: string }[]>`select says from alert where cleared_at is null order by id`).map(
    ({ says }) => says,
  )

/** Monday the 5th, 20:00 in New York, and what follows. The clock begins on Monday at 10:00. */
const afterCutOff = '2026-01-06T01:05:00Z'
const tuesdayMorning = '2026-01-06T14:00:00Z'
const wednesdayMorning = '2026-01-07T14:00:00Z'

it('sends at the cut-off, settles, releases, and takes back what returns; the customer cannot be debited any more', async () => {
  const id = await pay(100, { softDescriptor: 'Order 17' })
  await advanceTo(t, afterCutOff)
  expect(await status(id)).toBe('INITIATED')
  const file = last()
  expect(file.entries).toMatchObject([
    { amount: 10_000n, transactionCode: 27, secCode: 'WEB', addenda: { kind: 'payment', information: 'ORDER 17' } },
  ])
  expect(entry(file).batch).toMatchObject({ companyName: 'CORNER STORE', entryDescription: 'PURCHASE' })
  expect(await books()).toEqual({ 'ach:debits_in_transit': 10_000n, pending: 10_000n })

  bank.acknowledge(file)
  bank.settle(file, '2026-01-06')
  await advanceTo(t, tuesdayMorning)
  expect(await status(id)).toBe('SUCCEEDED')
  expect(await books()).toEqual({ 'bank:settlement': 10_000n, held: 10_000n })

  await advanceTo(t, '2026-01-08T15:00:00Z')
  expect(await books()).toEqual({ 'bank:settlement': 10_000n, available: 10_000n })

  bank.returns('2026-01-08', [{ entry: entry(file), code: 'R10' }])
  await advanceTo(t, '2026-01-08T19:00:00Z')
  expect(await status(id)).toBe('TERMINAL_FAILED')
  expect(await books()).toEqual({})
  expect((await t.merchant.get(`/v1/customers/${customerId}`)).body.customerStatus).toBe('INACTIVE')
  expect(await alerts()).toEqual([])
})

it('charges the fee when it settles and keeps it when the payment returns', async () => {
  await t.house.sql`update merchant set fee_fixed = 25, fee_bps = 80, return_fee = 500`
  await pay(100)
  await advanceTo(t, afterCutOff)
  bank.settle(last(), '2026-01-06')
  await advanceTo(t, tuesdayMorning)
  expect(await books()).toEqual({ 'bank:settlement': 10_000n, held: 9_895n, 'platform:fees': 105n })
  bank.returns('2026-01-07', [{ entry: entry(last()), code: 'R02' }])
  await advanceTo(t, wednesdayMorning)
  expect(await books()).toEqual({ available: -605n, 'platform:fees': 605n })
})

it('applies what comes back before it settled without touching the cash', async () => {
  const [back, paid] = [await pay(60), await pay(40)]
  await advanceTo(t, afterCutOff)
  const file = last()
  bank.returns('2026-01-06', [{ entry: entry(file), code: 'R13' }])
  bank.settle(file, '2026-01-06', [entry(file).traceNumber])
  await advanceTo(t, tuesdayMorning)
  expect([await status(back), await status(paid)]).toEqual(['TERMINAL_FAILED', 'SUCCEEDED'])
  expect(await books()).toEqual({ 'bank:settlement': 4_000n, held: 4_000n })
})

it('applies a file once, however often it comes and under whatever name', async () => {
  const id = await pay(100)
  await advanceTo(t, afterCutOff)
  const file = last()
  for (const _ of [1, 2, 3]) bank.settle(file, '2026-01-06')
  for (const name of ['one.ach', 'two.ach']) bank.returns('2026-01-06', [{ entry: entry(file), code: 'R01' }], name)
  await advanceTo(t, tuesdayMorning)
  expect(await status(id)).toBe('RETRYABLE_FAILED')
  // The two return files name different returns of the same entry: the second is a duplicate and waits for a person.
  expect(await exceptions()).toEqual([{ reason: 'not_possible_now', amount: -10_000n }])
  expect(await books()).toEqual({ 'ach:suspense': -10_000n, 'bank:settlement': -10_000n })
})

it('lets wait what fits nothing: a foreign trace, a wrong amount, a settlement that differs, a line that is none', async () => {
  const id = await pay(100)
  await advanceTo(t, afterCutOff)
  const file = last()
  bank.returns('2026-01-06', [
    { entry: { ...entry(file), traceNumber: '044444449999999' }, code: 'R01' },
    { entry: { ...entry(file), amount: 10_001n }, code: 'R02' },
  ])
  bank.settle({ ...file, entries: [{ ...entry(file), amount: 9_000n }] }, '2026-01-06')
  t.bankDrop.leave('note.txt', 'the branch is closed on Monday')
  await advanceTo(t, tuesdayMorning)
  expect((await exceptions()).toSorted((a, b) => (a.reason < b.reason ? -1 : 1))).toEqual([
    { reason: 'differs_from_entry', amount: -10_001n },
    { reason: 'no_such_entry', amount: -10_000n },
    { reason: 'settlement_differs', amount: 9_000n },
    { reason: 'unreadable', amount: null },
  ])
  expect(await status(id)).toBe('INITIATED')
})

it('takes a rejected file back: its payments go with the next one, under other trace numbers', async () => {
  const id = await pay(100)
  await advanceTo(t, afterCutOff)
  const first = last()
  bank.acknowledge(first, 'rejected')
  await advanceTo(t, tuesdayMorning)
  expect(await status(id)).toBe('AUTHORIZED')
  expect(await books()).toEqual({})
  expect(await alerts()).toEqual([expect.stringContaining('rejected')])
  await advanceTo(t, '2026-01-07T01:05:00Z')
  expect(await status(id)).toBe('INITIATED')
  expect(bank.sent()).toHaveLength(2)
  expect(entry(last()).traceNumber).not.toBe(entry(first).traceNumber)
})

it('raises an alert when the bank does not acknowledge a file, and sends nothing again', async () => {
  await pay(100)
  await advanceTo(t, afterCutOff)
  await advanceTo(t, '2026-01-06T05:00:00Z')
  expect(await alerts()).toEqual([expect.stringContaining('has not acknowledged')])
  expect(bank.sent()).toHaveLength(1)
  bank.acknowledge(last())
  await advanceTo(t, tuesdayMorning)
  expect(await alerts()).toEqual([])
})

it('keeps a file when the drop is away, and puts it there once it is back', async () => {
  const id = await pay(100)
  t.bankDrop.down(true)
  await advanceTo(t, afterCutOff)
  expect(await status(id)).toBe('SCHEDULED')
  t.bankDrop.down(false)
  await t.house.sql`update graphile_worker._private_jobs set run_at = now() where locked_at is null`
  await t.runJobs()
  expect(await status(id)).toBe('INITIATED')
  expect(bank.sent()).toHaveLength(1)
})

it("corrects an account by the bank's notification, and debits the corrected one next time", async () => {
  await pay(100)
  await advanceTo(t, afterCutOff)
  const file = last()
  bank.change('2026-01-06', entry(file), 'C01', '9988776655'.padEnd(29))
  await advanceTo(t, tuesdayMorning)
  await pay(20)
  await advanceTo(t, '2026-01-07T01:05:00Z')
  expect(entry(last())).toMatchObject({ accountNumber: '9988776655', amount: 2_000n })
  const [kept] = await t.house.sql`select code, before_sealed from account_correction`
  expect(kept).toMatchObject({ code: 'C01', before_sealed: expect.not.stringContaining(entry(file).accountNumber) })
})

it('keeps account numbers out of the database and the log', async () => {
  await pay(100)
  await advanceTo(t, afterCutOff)
  const file = last()
  bank.returns('2026-01-06', [{ entry: entry(file), code: 'R03' }])
  await advanceTo(t, tuesdayMorning)
  const number = entry(file).accountNumber.trim()
  const tables = await t.house.sql<{ name: string }[]>`
    select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
    where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'`
  for (const { name } of tables) {
    const found = await t.house.sql.unsafe(`select 1 from ${name} as row where row::text like '%${number}%' limit 1`)
    expect(found, `${name} holds no account number`).toHaveLength(0)
  }
  expect(t.logged()).not.toContain(number)
})

it('presents again in a batch of its own, at most three times in all', async () => {
  const id = await pay(100)
  const other = await pay(50)
  const mornings = ['2026-01-06', '2026-01-07', '2026-01-08']
  const statuses: string[] = []
  for (const [index, day] of mornings.entries()) {
    await advanceTo(t, `${day}T01:05:00Z`)
    const file = last()
    const mine = file.entries.find(({ amount }) => amount === 10_000n)
    expect(mine?.batch?.entryDescription).toBe(index === 0 ? 'PURCHASE' : 'RETRY PYMT')
    bank.settle(file, day)
    if (mine) bank.returns(day, [{ entry: mine, code: index === 1 ? 'R09' : 'R01' }])
    await advanceTo(t, `${day}T14:00:00Z`)
    statuses.push(await status(id))
    const again = await t.merchant.call('POST', `/v1/payments/${id}/retry`, { scope: 'Link-Payment' })
    expect(again.status).toBe(index < 2 ? 200 : 400)
  }
  expect(statuses).toEqual(['RETRYABLE_FAILED', 'RETRYABLE_FAILED', 'TERMINAL_FAILED'])
  expect(await status(other)).toBe('SUCCEEDED')
})

it('refunds what has settled with a credit in the next file', async () => {
  const id = await pay(100)
  await advanceTo(t, afterCutOff)
  bank.settle(last(), '2026-01-06')
  await advanceTo(t, tuesdayMorning)
  const refund = await t.merchant.call('POST', '/v1/refunds', {
    body: { paymentId: id, amount: { value: 40, currency: 'USD' }, requestKey: 'refund-1' },
    scope: 'Link-Payment',
  })
  expect(refund.status).toBe(201)
  await advanceTo(t, '2026-01-07T01:05:00Z')
  expect(entry(last())).toMatchObject({ transactionCode: 22, amount: 4_000n, secCode: 'PPD' })
  expect(await books()).toMatchObject({ 'ach:credits_in_transit': 4_000n, available: -4_000n, held: 10_000n })
  bank.settle(last(), '2026-01-07')
  await advanceTo(t, wednesdayMorning)
  expect(await status(refund.body.paymentId as unknown as string)).toBe('SUCCEEDED')
  expect(await books()).toMatchObject({ 'bank:settlement': 6_000n })
})
