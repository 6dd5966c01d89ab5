import { afterEach, beforeEach, expect, it } from 'vitest'
import { scheduleRails } from '../../src/rails/ach/schedule.commands.ts'
import { advanceTo } from '../advance.ts'
import { openTestApi, type TestApi } from '../test-api.ts'
import { openTestBank } from '../test-bank.ts'

let t: TestApi
beforeEach(async () => {
  t = await openTestApi()
  await scheduleRails(t.house)
})
afterEach(() => t.close())

const exceptions = () =>
  t.house.sql`select reason, amount, resolution from rail_exception order by id`.then((rows) => [...rows])

it('does nothing on the word of a torn file, and everything once the bank has sent it again, whole', async () => {
  const { customerId } = await t.merchant.link()
  const id = (await t.merchant.pay(customerId, 100)).body.paymentId as unknown as string
  await advanceTo(t, '2026-01-06T01:05:00Z')
  const texts: string[] = []
  const bank = openTestBank({ ...t.bankDrop, leave: (_name, text) => void texts.push(text) })
  const [file] = bank.sent()
  if (!file) throw new Error('no file was sent')
  bank.returns('2026-01-06', [{ entry: file.entries[0] as never, code: 'R01' }])
  const [whole = ''] = texts
  const status = async () => (await t.merchant.get(`/v1/transactions/${id}`)).body.transactionStatus

  t.bankDrop.leave('torn.ach', whole.slice(0, whole.indexOf('\n8') + 1))
  await advanceTo(t, '2026-01-06T14:00:00Z')
  expect(await status()).toBe('INITIATED')
  expect(await exceptions()).toEqual([{ reason: 'totals_disagree', amount: null, resolution: null }])

  t.bankDrop.leave('whole.ach', whole)
  await advanceTo(t, '2026-01-07T14:00:00Z')
  expect(await status()).toBe('RETRYABLE_FAILED')
  const resolution = 'noted: the bank has sent it again, whole'
  expect(await exceptions()).toEqual([{ reason: 'totals_disagree', amount: null, resolution }])

  t.bankDrop.leave('copy.ach', `${whole}\n`)
  await advanceTo(t, '2026-01-08T14:00:00Z')
  expect(await exceptions()).toHaveLength(1)
})
