import { afterAll, beforeAll, expect, it } from 'vitest'
import { rialto as rialtoOf } from '../../test/rialto.ts'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import type { MerchantId } from '../kernel/id.ts'
import { createMerchant } from '../merchants/merchant.commands.ts'

let t: TestHouse
let id: MerchantId
beforeAll(async () => {
  t = await openTestHouse()
  id = (await createMerchant(t.house, { name: 'Corner Store' })).merchant.id
})
afterAll(() => t.close())

const rialto = (...words: string[]) => rialtoOf(t.house, 'merchant', ...words)
const set = (...words: string[]) => rialto('set', id, ...words)
const shown = async () => JSON.parse((await rialto('show', id, '--json')).out)

it('shows the terms of a merchant that has agreed to nothing yet', async () => {
  expect(await shown()).toEqual({
    ...{ id, name: 'Corner Store', status: 'active' },
    terms: {
      ...{ feeFixed: 0, feeBps: 0, returnFee: 0, feeKeptOnReturn: true, holdsPayments: false, fundsHoldDays: 2 },
      ...{ unsentRefund: 'wait', overdraftLimit: 0, retryPolicy: 'manual', retryAfterDays: 3 },
      ...{ entryDescription: 'PURCHASE', companyName: null, sameDay: false, originatingBank: null },
    },
    payouts: { account: null, minimum: 1, paused: false },
  })
})

it('sets every term, and shows them all; what is not named stays', async () => {
  const first = await set('--fee-fixed', '0.25', '--fee-bps', '80', '--return-fee', '2', '--keep-fee-on-return', 'off')
  expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/fee-fixed {11}\$0\.25\n {2}fee-bps {13}80\n/) })
  await set('--hold-payments', 'on', '--hold-days', '0', '--unsent-refund', 'cancel', '--overdraft-limit', '500.5')
  await set('--retry', 'automatic', '--retry-after-days', '5', '--entry-description', 'RENT', '--same-day', 'on')
  await set('--company-name', ' Corner & Sons ', '--originating-bank', 'meridian')
  expect((await shown()).terms).toEqual({
    ...{ feeFixed: 0.25, feeBps: 80, returnFee: 2, feeKeptOnReturn: false, holdsPayments: true, fundsHoldDays: 0 },
    ...{ unsentRefund: 'cancel', overdraftLimit: 500.5, retryPolicy: 'automatic', retryAfterDays: 5 },
    ...{ entryDescription: 'RENT', companyName: 'CORNER & SONS', sameDay: true, originatingBank: 'meridian' },
  })
  const { out } = await set('--company-name', '', '--originating-bank', '')
  expect(out).toMatch(/company-name {8}-\n/)
  expect((await shown()).terms).toMatchObject({ companyName: null, originatingBank: null, feeBps: 80 })
})

it.each([
  [['--company-name', 'Seventeen Letters'], 'companyName must have at most 16'],
  [['--company-name', 'Café'], 'companyName must have at most 16'],
  [['--entry-description', 'ELEVEN CHAR'], 'entryDescription must have 1 to 10'],
  [['--entry-description', 'Purchase'], 'entryDescription must have 1 to 10 capital letters'],
  [['--entry-description', ''], 'entryDescription must have 1 to 10'],
  ...['REVERSAL', 'RETRY PYMT', 'ACCTVERIFY', 'RETURN FEE'].map(
    (words) => [['--entry-description', words], `entryDescription must not be ${words}`] as const,
  ),
  [['--fee-bps', '10001'], 'feeBps must be from 0 to 10000'],
  [['--hold-days', '61'], 'fundsHoldDays must be from 0 to 60'],
  [['--retry-after-days', '0'], 'retryAfterDays must be from 1 to 30'],
  [['--overdraft-limit', '9999999999'], 'overdraftLimit must be from 0.00 to $1,000,000,000.00'],
  [['--originating-bank', 'nowhere'], "originatingBank must be one of this deployment's originating banks: meridian"],
  [[], 'Nothing is to be set.'],
] as const)('refuses %j, says why, and changes nothing', async (words, says) => {
  const before = await shown()
  expect(await set(...words)).toMatchObject({ code: 1, out: '', note: expect.stringContaining(says) })
  expect(await shown()).toEqual(before)
})

it('says everything that is wrong at once', async () => {
  const { note } = await set('--fee-bps', '20000', '--hold-days', '99', '--company-name', 'x'.repeat(40))
  expect(note.split('\n').filter((line) => line.startsWith('  '))).toHaveLength(3)
})

it.each([
  ['--fee-fixed', '-1'],
  ['--fee-fixed', '0.255'],
  ['--fee-fixed', 'free'],
  ['--fee-fixed', '1e3'],
  ['--fee-bps', '0.5'],
  ['--hold-days', 'two'],
  ['--same-day', 'yes'],
  ['--retry', 'sometimes'],
  ['--unsent-refund', 'keep'],
])('ends with 2 when it is used wrongly: %s %s', async (...words) => {
  expect(await set(...words)).toMatchObject({ code: 2, out: '', note: expect.stringMatching(/./) })
})

it('does not know a merchant that does not exist', async () => {
  const nobody = 'ffffffff-1180-7fec-ab66-ffc86f38d952'
  for (const words of [
    ['show', nobody],
    ['set', nobody, '--fee-bps', '1'],
  ])
    expect(await rialto(...words)).toMatchObject({ code: 1, note: expect.stringContaining('no such merchant') })
})
