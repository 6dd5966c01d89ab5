import { afterEach, beforeEach, expect, it } from 'vitest'
import { proveBooks } from '../../src/ledger/proof/prove.ts'
import { scheduleRails } from '../../src/rails/ach/schedule.commands.ts'
import { advanceTo } from '../advance.ts'
import { openTestApi, type TestApi } from '../test-api.ts'
import { openTestBank, type SentFile, type TestBank } from '../test-bank.ts'

// What the bank says of an entry is about that time that it was presented, whatever has become of its payment since.

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

const pay = async (dollars: number) => String((await t.merchant.pay(customerId, dollars)).body.paymentId)
const status = async (id: string) => (await t.merchant.get(`/v1/transactions/${id}`)).body.transactionStatus
const last = (): SentFile => bank.sent().at(-1) as SentFile
const entryOf = (file: SentFile, cents: bigint) => file.entries.filter(({ amount }) => amount === cents)
const waiting = () =>
  t.house.sql<{ reason: string; amount: bigint | null }[]>`
    select reason, amount from rail_exception where resolved_at is null order by id`
const differences = async () =>
  (await proveBooks(t.house)).checks.flatMap(({ difference }) => (difference ? [difference.says] : []))

/** Sent on Monday with another one, back by Tuesday morning, and sent again by itself on Tuesday. */
async function presentedTwice(): Promise<{ id: string; other: string; first: SentFile; second: SentFile }> {
  const [id, other] = [await pay(100), await pay(50)]
  await advanceTo(t, '2026-01-06T01:05:00Z')
  const first = last()
  bank.returns('2026-01-06', [{ entry: entryOf(first, 10_000n)[0] as never, code: 'R01' }])
  await advanceTo(t, '2026-01-06T14:00:00Z')
  expect((await t.merchant.call('POST', `/v1/payments/${id}/retry`, { scope: 'Link-Payment' })).status).toBe(200)
  await advanceTo(t, '2026-01-07T01:05:00Z')
  expect(await status(id)).toBe('INITIATED')
  return { id, other, first, second: last() }
}

it('settles what of a file did not come back, however late the bank says so', async () => {
  const { id, other, first, second } = await presentedTwice()
  const [back] = entryOf(first, 10_000n)
  bank.settle(first, '2026-01-06', [back?.traceNumber ?? ''])
  await advanceTo(t, '2026-01-07T14:00:00Z')
  expect([await status(other), await status(id)]).toEqual(['SUCCEEDED', 'INITIATED'])
  expect(await differences()).toEqual([])

  bank.settle(second, '2026-01-07')
  await advanceTo(t, '2026-01-08T14:00:00Z')
  expect(await status(id)).toBe('SUCCEEDED')
  expect(await waiting()).toEqual([])
  expect(await differences()).toEqual([])
})

it('leaves a payment alone whose earlier entry comes back once more', async () => {
  const { id, first, second } = await presentedTwice()
  const [back] = entryOf(first, 10_000n)
  bank.returns('2026-01-07', [{ entry: back as never, code: 'R01' }])
  await advanceTo(t, '2026-01-07T14:00:00Z')
  expect(await status(id)).toBe('INITIATED')
  expect(await waiting()).toEqual([{ reason: 'not_possible_now', amount: -10_000n }])

  bank.settle(second, '2026-01-07')
  await advanceTo(t, '2026-01-08T14:00:00Z')
  expect(await status(id)).toBe('SUCCEEDED')
  expect(await differences()).toEqual([])
})
