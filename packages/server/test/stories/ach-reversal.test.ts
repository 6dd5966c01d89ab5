import { validateFile } from '@rialto/nacha'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { proveBooks } from '../../src/ledger/proof/prove.ts'
import { achCommand } from '../../src/main/ach-command.ts'
import { scheduleRails } from '../../src/rails/ach/schedule.commands.ts'
import { advanceTo } from '../advance.ts'
import { rows } from '../answer.ts'
import { refund } from '../story.ts'
import { openTestApi, type TestApi } from '../test-api.ts'
import { openTestBank, type SentFile, type TestBank } from '../test-bank.ts'
import { openTestTerminal } from '../test-terminal.ts'

let t: TestApi
let bank: TestBank
let paid: string
const { rialto, json } = openTestTerminal(() => t.house, achCommand)

/** The clock begins on Monday the 5th at 10:00. The payment is sent at 20:00 and settles on Tuesday the 6th. */
const afterCutOff = '2026-01-06T01:05:00Z'
const tuesdayMorning = '2026-01-06T14:00:00Z'
const tuesdayNight = '2026-01-07T01:05:00Z'
const wednesdayMorning = '2026-01-07T14:00:00Z'
const thursdayMorning = '2026-01-08T14:00:00Z'

beforeEach(async () => {
  t = await openTestApi()
  bank = openTestBank(t.bankDrop)
  await t.house.sql`update merchant set fee_fixed = 100`
  const { customerId } = await t.merchant.link()
  await scheduleRails(t.house)
  const body = { clientReferenceId: 'order-7', softDescriptor: 'Order 7' }
  paid = (await t.merchant.pay(customerId, 100, body)).body.paymentId as unknown as string
  await advanceTo(t, afterCutOff)
})
/** Whatever the story was, the books prove. */
afterEach(async () => {
  expect((await proveBooks(t.house)).checks.filter(({ difference }) => difference)).toEqual([])
  await t.close()
})

const last = (): SentFile => {
  const file = bank.sent().at(-1)
  if (!file) throw new Error('no file was sent')
  return file
}
const entry = (file: SentFile) => {
  const [first] = file.entries
  if (!first) throw new Error('there is no entry')
  return first
}
async function settled(): Promise<void> {
  bank.settle(last(), '2026-01-06')
  await advanceTo(t, tuesdayMorning)
}
const reverse = (of = paid, ...more: string[]) =>
  rialto('ach', 'reverse', of, '--reason', 'duplicate', '--by', 'Ada Byron', ...more)
const reversed = async (): Promise<string> =>
  (await json('ach', 'reverse', paid, '--reason', 'duplicate', '--by', 'Ada Byron')).reversalId
const read = async (id: string) => (await t.merchant.get(`/v1/payments/${id}`)).body
const status = async (id: string) => (await read(id)).paymentStatus as unknown as string
const alerts = async () =>
  (await t.house.sql<{ says: string }[]>`select says from alert where cleared_at is null order by id`).map(
    ({ says }) => says,
  )
async function books(): Promise<Record<string, bigint>> {
  const found = await t.house.sql<{ id: string; balance: bigint }[]>`
    select coalesce(replace(id, 'merchant:' || merchant_id || ':', ''), id) as id, balance from ledger_account
    where balance <> 0`
  return Object.fromEntries(found.map(({ id, balance }) => [id, balance]))
}
const events = async (id: string, type: string) =>
  (await t.house.sql`select from event where resource_id = ${id} and type = ${type}`).length

it('gives the customer all of it back in a batch of its own, and the merchant the fee', async () => {
  await settled()
  expect(await books()).toEqual({ 'bank:settlement': 10_000n, held: 9_900n, 'platform:fees': 100n })
  const answer = await reverse()
  expect(answer).toMatchObject({ code: 0, out: expect.stringContaining(`gives $100.00 of ${paid} back`) })
  expect(await books()).toEqual({ 'bank:settlement': 10_000n, held: 9_900n, available: -9_900n, outgoing: 10_000n })
  const first = entry(last())
  await advanceTo(t, tuesdayNight)
  const file = last()
  expect(validateFile(file.text)).toEqual([])
  // Everything but the direction and the description is as it was.
  const { individualId, individualName, rdfi, accountNumber, discretionary, amount, addenda } = first
  expect(file.entries).toMatchObject([
    {
      ...{ individualId, individualName, rdfi, accountNumber, discretionary, amount, addenda, secCode: 'WEB' },
      ...{ transactionCode: 22, batch: { entryDescription: 'REVERSAL', companyId: first.batch?.companyId } },
    },
  ])
  bank.settle(file, '2026-01-07')
  await advanceTo(t, wednesdayMorning)
  expect(await books()).toEqual({ held: 9_900n, available: -9_900n })
  await advanceTo(t, '2026-01-09T14:00:00Z')
  expect(await books()).toEqual({})
})

it('is a credit on the wire that says why it was made, and of which payment', async () => {
  await settled()
  const id = await reversed()
  expect(await read(id)).toMatchObject({
    ...{ paymentType: 'CREDIT', paymentStatus: 'AUTHORIZED', refundOf: paid, reversalReason: 'DUPLICATE' },
    ...{ clientReferenceId: 'order-7', canDo: [] },
  })
  const debit = await read(paid)
  expect(debit).toMatchObject({ paymentStatus: 'SUCCEEDED', refundableAmount: { value: 0 }, canDo: [] })
  expect(rows(debit.lifecycle).at(-1)).toMatchObject({ change: 'REVERSED', status: 'SUCCEEDED' })
  expect(await events(id, 'payment.authorized')).toBe(1)
  // It is not the merchant's to stop.
  expect((await t.merchant.call('POST', `/v1/payments/${id}/cancel`)).status).toBe(400)
})

it('finds the payment by the trace number of its entry', async () => {
  await settled()
  expect(await reverse('044444449999999')).toMatchObject({ code: 1, note: expect.stringContaining('no such payment') })
  expect(await reverse(entry(last()).traceNumber)).toMatchObject({ code: 0 })
  expect(await reverse('12')).toMatchObject({ code: 2 })
})

describe('the five banking days after settlement', () => {
  // Tuesday the 13th is the fifth. What is asked for on Monday before 20:00 takes effect on it.
  it('end with the last file that takes effect in them', async () => {
    await settled()
    await advanceTo(t, '2026-01-13T00:50:00Z')
    const id = await reversed()
    await advanceTo(t, '2026-01-13T01:05:00Z')
    expect(entry(last()).batch).toMatchObject({ entryDescription: 'REVERSAL', effectiveDate: '2026-01-13' })
    expect(await status(id)).toBe('INITIATED')
  })

  it('are over when only a later file would bring it', async () => {
    await settled()
    await advanceTo(t, '2026-01-13T01:05:00Z')
    const { code, note } = await reverse()
    expect(code).toBe(1)
    expect(note).toContain(
      'It settled on 2026-01-06: a reversal had to take effect by 2026-01-13, and the next file does on 2026-01-14.',
    )
  })

  it('still have a same-day file where the merchant has one', async () => {
    await t.house.sql`update merchant set same_day = true`
    await settled()
    await advanceTo(t, '2026-01-13T14:00:00Z')
    const id = await reversed()
    await advanceTo(t, '2026-01-13T15:05:00Z')
    expect(entry(last()).batch).toMatchObject({ entryDescription: 'REVERSAL', effectiveDate: '2026-01-13' })
    expect(await status(id)).toBe('INITIATED')
  })

  it('stop a reversal that would go out too late, and somebody is told', async () => {
    await settled()
    await advanceTo(t, '2026-01-13T00:50:00Z')
    const id = await reversed()
    await advanceTo(t, '2026-01-13T01:05:00Z')
    bank.acknowledge(last(), 'rejected')
    await advanceTo(t, '2026-01-14T01:05:00Z')
    expect(await status(id)).toBe('CANCELED')
    expect(rows((await read(id)).lifecycle).at(-1)).toMatchObject({ reason: 'TOO_LATE' })
    expect((await alerts()).join()).toContain(`The reversal ${id} of payment ${paid} was not sent in time`)
    expect(await books()).toMatchObject({ 'bank:settlement': 10_000n, 'platform:fees': 100n })
    expect(await read(paid)).toMatchObject({ refundableAmount: { value: 100 } })
  })
})

describe('a reversal is refused', () => {
  const says = async (of?: string) => (await reverse(of)).note
  it('before the payment has settled, and after it came back', async () => {
    expect(await says()).toContain('It has been sent and has not settled: reverse it when it has.')
    await settled()
    bank.returns('2026-01-07', [{ entry: entry(last()), code: 'R10' }])
    await advanceTo(t, wednesdayMorning)
    expect(await says()).toContain('It came back with R10: the customer has the money already.')
  })

  it('when some of it was refunded, of what is no debit, and a second time', async () => {
    await settled()
    const part = await t.merchant.call('POST', '/v1/refunds', { body: refund(paid, 30) })
    const refundId = part.body.paymentId as unknown as string
    expect(await says()).toContain('$30.00 of it have been refunded, and a reversal is of all of it: refund the rest.')
    expect(await says(refundId)).toContain('Only debits are reversed here.')
    await t.merchant.call('POST', `/v1/payments/${refundId}/cancel`)
    expect(await says()).toContain('Tell the customer')
    expect(await says()).toContain('It is reversed already.')
    const again = await t.merchant.call('POST', '/v1/refunds', { body: refund(paid, 0.01) })
    expect(again.body).toMatchObject({ errorCode: 'INSUFFICIENT_REFUNDABLE' })
  })

  it('when it has not been sent, or stands in a file', async () => {
    const { customerId } = await t.merchant.link()
    const fresh = (await t.merchant.pay(customerId, 20)).body.paymentId as unknown as string
    expect(await says(fresh)).toContain('It has not been sent: cancel it instead.')
  })
})

it('can be stopped until it stands in a file', async () => {
  await settled()
  const id = await reversed()
  expect(await rialto('ach', 'stop-reversal', paid, '--by', 'Ada')).toMatchObject({ code: 1 })
  expect(await rialto('ach', 'stop-reversal', id, '--by', 'Ada')).toMatchObject({ code: 0 })
  expect(await books()).toEqual({ 'bank:settlement': 10_000n, held: 9_900n, 'platform:fees': 100n })
  expect(rows((await read(paid)).lifecycle).at(-1)).toMatchObject({ change: 'REVERSAL_FAILED' })
  const again = await reversed()
  await advanceTo(t, tuesdayNight)
  expect(await rialto('ach', 'stop-reversal', again, '--by', 'Ada')).toMatchObject({ code: 1 })
})

it('that comes back puts money and fee back to where they were, and tells the operator', async () => {
  await settled()
  const id = await reversed()
  await advanceTo(t, tuesdayNight)
  const file = last()
  bank.settle(file, '2026-01-07')
  await advanceTo(t, wednesdayMorning)
  bank.returns('2026-01-08', [{ entry: entry(file), code: 'R02' }])
  await advanceTo(t, thursdayMorning)
  expect(await status(id)).toBe('TERMINAL_FAILED')
  expect(await books()).toEqual({ 'bank:settlement': 10_000n, held: 9_900n, 'platform:fees': 100n })
  expect((await alerts()).join()).toContain(`The reversal ${id} of payment ${paid} came back with R02`)
  // It stands after all, and may be given back in another way.
  expect(await read(paid)).toMatchObject({ paymentStatus: 'SUCCEEDED', refundableAmount: { value: 100 } })
})

describe('a debit that comes back while its reversal', () => {
  it('is not sent stops the reversal, and is not presented again', async () => {
    await settled()
    const id = await reversed()
    bank.returns('2026-01-06', [{ entry: entry(last()), code: 'R01' }])
    await rialto('ach', 'collect')
    await t.runJobs()
    expect([await status(id), await status(paid)]).toEqual(['CANCELED', 'TERMINAL_FAILED'])
    expect((await read(paid)).canDo).toEqual([])
    // The fee had been given back with the reversal.
    expect(await books()).toEqual({})
    expect(await events(paid, 'payment.double_refund_risk')).toBe(0)
  })

  it('is on its way may be given back twice, and the merchant is told', async () => {
    await settled()
    const first = entry(last())
    const id = await reversed()
    await advanceTo(t, tuesdayNight)
    const file = last()
    bank.returns('2026-01-07', [{ entry: first, code: 'R01' }])
    bank.settle(file, '2026-01-07')
    await advanceTo(t, wednesdayMorning)
    expect([await status(id), await status(paid)]).toEqual(['SUCCEEDED', 'TERMINAL_FAILED'])
    expect(await events(paid, 'payment.double_refund_risk')).toBe(1)
    expect(await books()).toEqual({ 'bank:settlement': -10_000n, available: -10_000n })
    // Its bank finds that the customer has been paid twice, and gives the reversal back.
    bank.returns('2026-01-08', [{ entry: entry(file), code: 'R24' }])
    await advanceTo(t, thursdayMorning)
    expect(await books()).toEqual({})
  })
})
