import { afterEach, beforeEach, expect, it } from 'vitest'
import { proveBooks } from '../../src/ledger/proof/prove.ts'
import { achCommand } from '../../src/main/ach-command.ts'
import { scheduleRails } from '../../src/rails/ach/schedule.commands.ts'
import { advanceTo } from '../advance.ts'
import { openTestApi, type TestApi } from '../test-api.ts'
import { openTestBank, type SentFile, type TestBank } from '../test-bank.ts'
import { openTestTerminal } from '../test-terminal.ts'

let t: TestApi
let bank: TestBank
let file: SentFile
const { rialto, json } = openTestTerminal(() => t.house, achCommand)

/** Monday the 5th, 20:00 in New York, and a little more. The clock begins on Monday at 10:00. */
const afterCutOff = '2026-01-06T01:05:00Z'
/** The account that a customer of the tests pays from. */
let account: string

beforeEach(async () => {
  t = await openTestApi()
  bank = openTestBank(t.bankDrop)
  const { customerId } = await t.merchant.link()
  await scheduleRails(t.house)
  await t.merchant.pay(customerId, 100)
  await advanceTo(t, afterCutOff)
  file = bank.sent()[0] as SentFile
  account = entry().accountNumber
})
afterEach(() => t.close())

function entry() {
  const [first] = file.entries
  if (!first) throw new Error('there is no entry')
  return first
}
const strange = '044444449999999'
async function collected(): Promise<{ id: string; reason: string; amountCents?: string }[]> {
  await rialto('ach', 'collect')
  await t.runJobs()
  return (await json('ach', 'exceptions')).exceptions
}
async function balances() {
  const rows = await t.house.sql<{ id: string; balance: bigint }[]>`
    select id, balance from ledger_account where balance <> 0 and merchant_id is null`
  return Object.fromEntries(rows.map(({ id, balance }) => [id, balance]))
}
async function expectWholeBooks(): Promise<void> {
  const [sum] = await t.house.sql<{ debits: bigint; credits: bigint }[]>`
    select sum(debits)::int8 as debits, sum(credits)::int8 as credits from ledger_account`
  expect(sum?.debits).toBe(sum?.credits)
  expect((await proveBooks(t.house)).checks[0]?.difference).toBeUndefined()
}
const resolve = (id: string, as: string, ...more: string[]) =>
  rialto('ach', 'resolve', id, '--as', as, '--by', 'Ada Byron', '--note', 'spoke to the bank', ...more)

it('has nothing to show when everything fits', async () => {
  expect((await rialto('ach', 'exceptions')).out).toBe('Nothing waits for you.\n')
  expect((await rialto('ach', 'exceptions', '--all')).out).toBe('Nothing has waited for you yet.\n')
})

it('writes off a return of an entry that we never sent', async () => {
  bank.returns('2026-01-06', [{ entry: { ...entry(), traceNumber: strange }, code: 'R01' }])
  const [waiting] = await collected()
  expect(waiting).toMatchObject({ reason: 'no_such_entry', amountCents: '-10000' })
  expect((await rialto('ach', 'exceptions')).out).toMatch(
    /meridian {2}no_such_entry {2}-\$100\.00 {2}It names an entry/,
  )
  expect(await balances()).toMatchObject({ 'ach:suspense': -10_000n, 'bank:settlement': -10_000n })

  const noted = await resolve(waiting?.id ?? '', 'noted')
  expect(noted).toMatchObject({ code: 1, out: '', note: expect.stringContaining('is in suspense') })
  expect(await resolve(waiting?.id ?? '', 'written_off')).toMatchObject({ code: 0, note: '' })
  expect(await balances()).toEqual({
    ...{ 'ach:debits_in_transit': 10_000n, 'bank:settlement': -10_000n, 'platform:losses': 10_000n },
  })
  await expectWholeBooks()
  expect((await rialto('ach', 'exceptions')).out).toBe('Nothing waits for you.\n')
  expect((await rialto('ach', 'exceptions', '--all')).out).toContain('by Ada Byron: written_off: spoke to the bank')
  const again = await resolve(waiting?.id ?? '', 'settled_back')
  expect(again).toMatchObject({ code: 1, note: expect.stringContaining('has been resolved already') })
})

it('settles back what the bank put right', async () => {
  bank.settle({ ...file, entries: [{ ...entry(), amount: 9_000n }] }, '2026-01-06')
  const [waiting] = await collected()
  expect(waiting).toMatchObject({ reason: 'settlement_differs', amountCents: '9000' })
  expect(await balances()).toMatchObject({ 'ach:suspense': 9_000n, 'bank:settlement': 9_000n })
  expect((await resolve(waiting?.id ?? '', 'settled_back')).code).toBe(0)
  expect(await balances()).toEqual({ 'ach:debits_in_transit': 10_000n })
  await expectWholeBooks()
})

it('keeps what was written off in our favour', async () => {
  bank.settle({ ...file, modifier: 'Z' }, '2026-01-06')
  const [waiting] = await collected()
  expect(waiting).toMatchObject({ reason: 'no_such_file', amountCents: '10000' })
  await resolve(waiting?.id ?? '', 'written_off')
  expect(await balances()).toEqual({
    ...{ 'ach:debits_in_transit': 10_000n, 'bank:settlement': 10_000n, 'platform:losses': -10_000n },
  })
  await expectWholeBooks()
})

it('notes what moved no money, and shows the lines that it came with, account numbers by their last four', async () => {
  t.bankDrop.leave('note.txt', `account ${account} of Ada is closed`)
  const [waiting] = await collected()
  expect(waiting).toMatchObject({ reason: 'unreadable' })
  const { out } = await rialto('ach', 'exception', waiting?.id ?? '')
  expect(out).toMatch(/^reason {5}unreadable$/m)
  expect(out).toMatch(/^file {7}note\.txt, line 1$/m)
  expect(out).toContain(`  account ${'*'.repeat(account.length - 4)}${account.slice(-4)} of Ada is closed\n`)
  expect(out).not.toContain(account)
  const before = await balances()
  expect((await resolve(waiting?.id ?? '', 'noted')).out).toBe(`resolved: ${waiting?.id}, noted\n`)
  expect(await balances()).toEqual(before)
  expect((await json('ach', 'exception', waiting?.id ?? '')).resolution).toBe('noted: spoke to the bank')
})

it('finds the lines of a report that was read in the file that it came in, masked', async () => {
  bank.returns('2026-01-06', [
    { entry: entry(), code: 'R01' },
    { entry: { ...entry(), traceNumber: strange }, code: 'R03' },
  ])
  const [waiting] = await collected()
  const told = await json('ach', 'exception', waiting?.id ?? '')
  expect(told).toMatchObject({ reason: 'no_such_entry', file: 'returns-0001.ach', line: 5 })
  expect(told.lines).toHaveLength(2)
  expect(told.lines[0]).toMatch(/^626044444444\*+\d{4} +0000010000/)
  expect(told.lines[0]).toHaveLength(94)
  expect(told.lines[1]).toContain(`799R03${strange}`)
  expect(JSON.stringify(told)).not.toContain(account)
})

it('shows the row of an advice that names a file we never sent', async () => {
  bank.acknowledge({ ...file, modifier: 'Z' })
  const [waiting] = await collected()
  const { out } = await rialto('ach', 'exception', waiting?.id ?? '')
  expect(out).toContain(',2026-01-05,20:00,Z,accepted,1,0.00,0.00,"as it says, accepted"')
})

it('refuses what is not there or says nothing', async () => {
  const nothing = 'ffffffff-1180-7fec-ab66-ffc86f38d952'
  expect((await rialto('ach', 'exception', nothing)).note).toContain('There is no such exception.')
  expect((await resolve(nothing, 'noted')).note).toContain('There is no such exception.')
  const mute = await rialto('ach', 'resolve', nothing, '--as', 'noted', '--by', 'Ada', '--note', ' ')
  expect(mute).toMatchObject({ code: 1, note: expect.stringContaining('  note must have 1 to 500 characters') })
  expect(await resolve(nothing, 'forgotten')).toMatchObject({ code: 2, out: '' })
})
