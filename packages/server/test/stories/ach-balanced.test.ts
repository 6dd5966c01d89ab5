import { validateFile } from '@rialto/nacha'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { proveBooks } from '../../src/ledger/proof/prove.ts'
import { achCommand } from '../../src/main/ach-command.ts'
import { scheduleRails } from '../../src/rails/ach/schedule.commands.ts'
import { advanceTo } from '../advance.ts'
import { refund } from '../story.ts'
import { openTestApi, type TestApi } from '../test-api.ts'
import { openTestBank, type SentFile, type TestBank } from '../test-bank.ts'
import { testBank } from '../test-bank-settings.ts'
import { openTestTerminal } from '../test-terminal.ts'

let t: TestApi
let bank: TestBank
let customerId: string
const { rialto, json } = openTestTerminal(() => t.house, achCommand)

const offsetAccount = { routingNumber: '044444444', accountNumber: '4400000000', type: 'checking' }
/** Monday the 5th, 20:00 in New York, and what follows. The clock begins on Monday at 10:00. */
const afterCutOff = '2026-01-06T01:05:00Z'
const tuesdayMorning = '2026-01-06T14:00:00Z'
const tuesdayNight = '2026-01-07T01:05:00Z'
const wednesdayMorning = '2026-01-07T14:00:00Z'

beforeEach(async () => {
  t = await openTestApi({}, undefined, { originatingBanks: [testBank({ balanced: true, offsetAccount })] })
  bank = openTestBank(t.bankDrop)
  customerId = (await t.merchant.link()).customerId
  await scheduleRails(t.house)
})
afterEach(() => t.close())

const pay = async (dollars: number) => (await t.merchant.pay(customerId, dollars)).body.paymentId as unknown as string
const isOffset = ({ accountNumber }: { accountNumber: string }) => accountNumber.trim() === '4400000000'
const last = (): SentFile => {
  const file = bank.sent().at(-1)
  if (!file) throw new Error('no file was sent')
  return file
}
const offsetsOf = (file: SentFile) => file.entries.filter(isOffset)
const offsetOf = (file: SentFile) => {
  const [offset] = offsetsOf(file)
  if (!offset) throw new Error('there is no offset')
  return offset
}
/** As the bank advises: of the entries of others only. */
const settle = (file: SentFile, on: string) =>
  bank.settle(
    file,
    on,
    offsetsOf(file).map(({ traceNumber }) => traceNumber),
  )
const balances = async () => {
  const rows = await t.house.sql<{ id: string; balance: bigint }[]>`
    select id, balance from ledger_account where balance <> 0 and merchant_id is null`
  return Object.fromEntries(rows.map(({ id, balance }) => [id, balance]))
}
const unproven = async () => (await proveBooks(t.house)).checks.filter(({ difference }) => difference)

it('brings each batch to nothing, debits against a credit to our account, credits against a debit of it', async () => {
  const id = await pay(100)
  await pay(20.5)
  await advanceTo(t, afterCutOff)
  const file = last()
  expect(validateFile(file.text, { balanced: true })).toEqual([])
  expect(file.entries).toMatchObject([
    { amount: 10_000n, transactionCode: 27 },
    { amount: 2_050n, transactionCode: 27 },
    { amount: 12_050n, transactionCode: 22, rdfi: '044444444', individualId: 'OFFSET', individualName: 'RIALTO' },
  ])
  expect(file.text).toMatch(/^5200/m)
  settle(file, '2026-01-06')
  await advanceTo(t, tuesdayMorning)
  expect(await balances()).toEqual({ 'bank:settlement': 12_050n })

  await t.merchant.call('POST', '/v1/refunds', { body: refund(id, 30) })
  await advanceTo(t, tuesdayNight)
  expect(validateFile(last().text, { balanced: true })).toEqual([])
  expect(last().entries).toMatchObject([
    { amount: 3_000n, transactionCode: 22 },
    { amount: 3_000n, transactionCode: 27, accountNumber: expect.stringContaining('4400000000') },
  ])
  settle(last(), '2026-01-07')
  await advanceTo(t, wednesdayMorning)
  expect(await balances()).toEqual({ 'bank:settlement': 9_050n })
  expect(await unproven()).toEqual([])
})

it('gives each offset a trace number of its own, and counts it nowhere among the entries', async () => {
  const store = await t.newMerchant('Book Store')
  await pay(10)
  await store.pay((await store.link()).customerId, 7)
  await advanceTo(t, afterCutOff)
  const file = last()
  const traces = file.entries.map(({ traceNumber }) => traceNumber)
  expect(new Set(traces).size).toBe(4)
  expect(offsetsOf(file).map(({ amount }) => amount)).toEqual([1_000n, 700n])
  const [{ id }] = (await json('ach', 'files')).files
  const story = await json('ach', 'file', id)
  expect(story).toMatchObject({ entries: 2, debitsCents: '1700', creditsCents: '0' })
  expect(story.batches.map(({ offsetTrace }: { offsetTrace: string }) => offsetTrace)).toEqual(
    offsetsOf(file).map(({ traceNumber }) => traceNumber),
  )
  expect((await rialto('ach', 'file', id)).out).toContain('2 entries of our own account besides')
})

it('goes out again under other trace numbers when the bank rejected the file', async () => {
  await pay(100)
  await advanceTo(t, afterCutOff)
  const first = last()
  bank.acknowledge(first, 'rejected')
  await advanceTo(t, tuesdayNight)
  const traces = [...first.entries, ...last().entries].map(({ traceNumber }) => traceNumber)
  expect(new Set(traces).size).toBe(4)
  expect(validateFile(last().text, { balanced: true })).toEqual([])
})

it('writes the offset where its trace belongs when trace numbers begin again', async () => {
  await t.house.sql`insert into ach_counter (bank_id, next_trace) values ('meridian', 9999999)`
  await pay(100)
  await advanceTo(t, afterCutOff)
  expect(last().entries.map(({ traceNumber }) => traceNumber)).toEqual(['044444440000001', '044444449999999'])
  expect(validateFile(last().text, { balanced: true })).toEqual([])
})

it('lets a person see to an offset that comes back; the money that never came is in suspense', async () => {
  await pay(100)
  await advanceTo(t, afterCutOff)
  const file = last()
  settle(file, '2026-01-06')
  await advanceTo(t, tuesdayMorning)
  bank.returns('2026-01-07', [{ entry: offsetOf(file), code: 'R16' }])
  await advanceTo(t, wednesdayMorning)
  const [waiting] = (await json('ach', 'exceptions')).exceptions
  expect(waiting).toMatchObject({ reason: 'offset_entry', amountCents: '-10000' })
  expect(await balances()).toEqual({ 'ach:suspense': -10_000n })
  expect(await unproven()).toEqual([])
  await rialto('ach', 'resolve', waiting.id, '--as', 'settled_back', '--by', 'Ada', '--note', 'credited by hand')
  expect(await balances()).toEqual({ 'bank:settlement': 10_000n })
  expect(await unproven()).toEqual([])
})
