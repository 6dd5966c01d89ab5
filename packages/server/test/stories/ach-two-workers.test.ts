import { afterEach, beforeEach, expect, it } from 'vitest'
import { proveBooks } from '../../src/ledger/proof/prove.ts'
import type { AchFileId } from '../../src/rails/ach/ach-file.ts'
import { buildFile } from '../../src/rails/ach/build-file.jobs.ts'
import { runCutOff } from '../../src/rails/ach/cut-off.jobs.ts'
import { applyReports, collectReports } from '../../src/rails/ach/report.jobs.ts'
import { scheduleRails } from '../../src/rails/ach/schedule.commands.ts'
import { sendFile } from '../../src/rails/ach/send-file.jobs.ts'
import { advanceTo } from '../advance.ts'
import { seedPayer, seedPayments } from '../seed-payments.ts'
import { openTestBank, type SentFile, type TestBank } from '../test-bank.ts'
import { openTestHouse, type TestHouse } from '../test-house.ts'

// A worker that was thought dead goes on with a job that another one has taken over.

let t: TestHouse
let bank: TestBank
let file: SentFile
beforeEach(async () => {
  t = await openTestHouse()
  bank = openTestBank(t.bankDrop)
  await seedPayments(t.house, await seedPayer(t.house), 4)
  await scheduleRails(t.house)
  await advanceTo(t, '2026-01-06T01:05:00Z')
  file = bank.sent()[0] as SentFile
})
afterEach(() => t.close())

/** What the bank has left is read once, and applied by many. */
async function applyAtOnce(): Promise<void> {
  await collectReports(t.house, 'meridian')
  await Promise.all(Array.from({ length: 4 }, () => applyReports(t.house, 'meridian')))
}
const exceptions = async () =>
  (await t.house.sql<{ reason: string }[]>`select reason from rail_exception order by id`).map(({ reason }) => reason)
const differences = async () =>
  (await proveBooks(t.house)).checks.flatMap(({ difference }) => (difference ? [difference.says] : []))
const statuses = () => t.house.sql<{ status: string }[]>`select status from payment order by id`

it('applies a settlement once', async () => {
  bank.settle(file, '2026-01-06')
  await applyAtOnce()
  expect(await exceptions()).toEqual([])
  expect(await statuses()).toEqual(Array.from({ length: 4 }, () => ({ status: 'settled' })))
  expect(await differences()).toEqual([])
})

it('puts a settlement that differs into suspense once', async () => {
  const [odd, ...others] = file.entries
  bank.settle({ ...file, entries: odd ? [{ ...odd, amount: odd.amount + 1n }, ...others] : [] }, '2026-01-06')
  await applyAtOnce()
  expect(await exceptions()).toEqual(['settlement_differs'])
  expect(await differences()).toEqual([])
})

it('takes a return once, and puts one that does not fit into suspense once', async () => {
  bank.settle(file, '2026-01-06')
  await applyAtOnce()
  const [one, other] = file.entries
  if (!one || !other) throw new Error('there are four entries')
  bank.returns('2026-01-06', [
    { entry: one, code: 'R01' },
    { entry: { ...other, amount: 1n }, code: 'R01' },
  ])
  await applyAtOnce()
  expect(await exceptions()).toEqual(['differs_from_entry'])
  expect((await statuses()).map(({ status }) => status).toSorted()).toEqual([
    'retryable',
    'settled',
    'settled',
    'settled',
  ])
  expect(await differences()).toEqual([])
})

it('takes back what the bank rejects, and tells a person once of what it was never sent', async () => {
  bank.acknowledge({ ...file, modifier: 'Z' })
  bank.acknowledge(file, 'rejected')
  await applyAtOnce()
  expect(await exceptions()).toEqual(['no_such_file'])
  expect(await statuses()).toEqual(Array.from({ length: 4 }, () => ({ status: 'authorized' })))
  const [entries] = await t.house.sql<{ void: boolean }[]>`select bool_and(voided) as void from ach_entry`
  expect(entries?.void).toBe(true)
  expect(await differences()).toEqual([])
})

it('builds a file that holds each of its entries', async () => {
  await seedPayments(t.house, await seedPayer(t.house, 'Other Store'), 3)
  t.clock.now = new Date('2026-01-07T01:00:00Z')
  await runCutOff(t.house, 'meridian', t.clock.now)
  const [collected] = await t.house.sql<{ id: AchFileId }[]>`select id from ach_file where status = 'collecting'`
  const id = collected?.id as AchFileId
  await Promise.all(Array.from({ length: 4 }, () => buildFile(t.house, id)))
  await sendFile(t.house, id)
  expect(bank.sent().find(({ name }) => name.includes(id))?.entries).toHaveLength(3)
})
