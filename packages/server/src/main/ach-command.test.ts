import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { advanceTo } from '../../test/advance.ts'
import { openTestApi, type TestApi } from '../../test/test-api.ts'
import { testBank } from '../../test/test-bank-settings.ts'
import { openTestTerminal } from '../../test/test-terminal.ts'
import { scheduleRails } from '../rails/ach/schedule.commands.ts'
import { achCommand } from './ach-command.ts'

let t: TestApi
const { rialto, json } = openTestTerminal(() => t.house, achCommand)
const nothing = 'ffffffff-1180-7fec-ab66-ffc86f38d952'

beforeAll(async () => {
  const second = testBank({ id: 'harbor', name: 'Harbor Bank', immediateOrigin: '1400000002' })
  t = await openTestApi({}, undefined, { originatingBanks: [testBank(), second] })
  expect((await rialto('ach', 'files')).out).toBe('There are no files yet.\n')
  await t.house.sql`update merchant set entry_description = 'SERVICES'`
  const { customerId } = await t.merchant.link()
  await scheduleRails(t.house)
  for (const dollars of [10, 20]) await t.merchant.pay(customerId, dollars)
  await advanceTo(t, '2026-01-06T01:05:00Z')
})
afterAll(() => t.close())

const onlyFile = async () => (await json('ach', 'files')).files[0]

it('lists the files, amounts under each other, and to a program in cents', async () => {
  const { out, code } = await rialto('ach', 'files')
  expect(code).toBe(0)
  expect(out).toMatch(/meridian {2}2026-01-05 20:00 {2}A {2}standard {2}2026-01-06 +2 {2}\$30\.00 +\$0\.00 {2}sent$/m)
  expect(await onlyFile()).toMatchObject({ debitsCents: '3000', creditsCents: '0', entries: 2, waitsFor: 0 })
})

it.each([
  [['--status', 'sent'], 1],
  [['--status', 'built'], 0],
  [['--bank', 'meridian'], 1],
  [['--bank', 'harbor'], 0],
])('finds files with %j', async (words, many) => {
  expect((await json('ach', 'files', ...words)).files).toHaveLength(many)
  if (many === 0) expect((await rialto('ach', 'files', ...words)).out).toBe('There is no such file.\n')
})

it('shows a file without a single account number, and the very bytes of it when asked', async () => {
  const { id } = await onlyFile()
  const [sent = ''] = t.bankDrop.outgoing.values()
  const account =
    sent
      .split('\n')
      .find((line) => line.startsWith('6'))
      ?.slice(12, 29)
      .trim() ?? ''
  expect(account).toMatch(/^\d{5,17}$/)
  const { out } = await rialto('ach', 'file', id)
  expect(out).toMatch(/^totals +2 entries, debits \$30\.00, credits \$0\.00$/m)
  expect(out).toMatch(/^ {2}1 {2}WEB {2}debit {2}SERVICES {2}Corner Store {2}2 entries {2}\$30\.00$/m)
  const story = await json('ach', 'file', id)
  expect(story).toMatchObject({ status: 'sent', needsRelease: false, batches: [{ amountCents: '3000' }] })
  expect(out + JSON.stringify(story)).not.toContain(account)

  const raw = await rialto('ach', 'file', id, '--raw')
  expect(raw.out).toBe(sent)
  expect(createHash('sha256').update(raw.out).digest('hex')).toBe(story.sha256)
  expect(raw.note).toContain('whole account numbers')
})

it('needs to be told which of several banks cuts off, and collects from each', async () => {
  const several = await rialto('ach', 'cut-off')
  expect(several).toMatchObject({ code: 1, out: '' })
  expect(several.note).toContain('--bank is needed, for there are several banks: meridian or harbor')
  expect((await json('ach', 'collect')).asked).toEqual(['meridian', 'harbor'])
  expect((await json('ach', 'collect', '--bank', 'harbor')).asked).toEqual(['harbor'])
  expect((await rialto('ach', 'collect', '--bank', 'wrong')).note).toContain('--bank must be meridian or harbor')
})

it.each([
  [1, ['file', nothing], 'NOT_FOUND: There is no such ACH file.'],
  [1, ['withdraw', nothing, '--by', 'Ada', '--reason', 'why'], 'NOT_FOUND: There is no such ACH file.'],
  [1, ['withdraw', nothing, '--by', 'A\u202eda', '--reason', 'why'], 'by must not have characters that cannot be seen'],
  [2, ['file', 'not-an-id'], 'It is not an id'],
  [2, ['file', nothing, '--raw', '--json'], 'cannot be used with'],
  [2, ['files', '--status', 'lost'], 'Allowed choices are collecting, built'],
  [2, ['files', '--limit', '1001'], 'not a number from 1 to 1000'],
  [2, ['release', nothing], "required option '--by <name>'"],
  [2, ['withdraw', nothing, '--by', 'Ada'], "required option '--reason <text>'"],
  [2, ['resolve', nothing, '--by', 'Ada', '--note', 'x'], "required option '--as <way>'"],
  [2, ['nonsense'], 'unknown command'],
])('ends with %i at %j', async (code, words, note) => {
  expect(await rialto('ach', ...words)).toMatchObject({ code, out: '', note: expect.stringContaining(note) })
})

it('shows an example in the help of every verb', async () => {
  const verbs = [
    'files',
    'file',
    'release',
    'withdraw',
    'cut-off',
    'collect',
    'inbound',
    'exceptions',
    'exception',
    'resolve',
  ]
  for (const verb of verbs) {
    const { out, code } = await rialto('ach', verb, '--help')
    expect([verb, code, out.includes(`Example:\n  rialto ach ${verb}`)]).toEqual([verb, 0, true])
  }
})
