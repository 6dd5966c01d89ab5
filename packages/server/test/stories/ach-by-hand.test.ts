import { afterEach, beforeEach, expect, it } from 'vitest'
import { proveBooks } from '../../src/ledger/proof/prove.ts'
import { achCommand } from '../../src/main/ach-command.ts'
import { alertsCommand } from '../../src/main/alerts-command.ts'
import { jobsCommand } from '../../src/main/jobs-command.ts'
import { withdrawFile } from '../../src/rails/ach/ach-file.commands.ts'
import type { AchFileId } from '../../src/rails/ach/ach-file.ts'
import { scheduleRails } from '../../src/rails/ach/schedule.commands.ts'
import { advanceTo } from '../advance.ts'
import { openTestApi, type TestApi } from '../test-api.ts'
import { openTestBank, type TestBank } from '../test-bank.ts'
import { openTestTerminal } from '../test-terminal.ts'

let t: TestApi
let bank: TestBank
let customerId: string
const { rialto, json } = openTestTerminal(() => t.house, achCommand, alertsCommand, jobsCommand)

beforeEach(async () => {
  t = await openTestApi()
  bank = openTestBank(t.bankDrop)
  customerId = (await t.merchant.link()).customerId
  await scheduleRails(t.house)
})
afterEach(() => t.close())

const status = async (id: string) => String((await t.merchant.get(`/v1/transactions/${id}`)).body.transactionStatus)
const pay = async (dollars: number) => String((await t.merchant.pay(customerId, dollars)).body.paymentId)
const files = async (): Promise<{ id: string; status: string; part: number; entries: number }[]> =>
  (await json('ach', 'files')).files
const traces = () => bank.sent().map(({ entries }) => entries.map(({ traceNumber }) => Number(traceNumber.slice(8))))
const by = ['--by', 'Ada', '--reason', 'the wrong company id']
async function expectWholeBooks(): Promise<void> {
  const proof = await proveBooks(t.house)
  expect(proof.checks.map(({ difference }) => difference)).toEqual(proof.checks.map(() => undefined))
}

/** Monday the 5th, 20:00 in New York, and a little more. The clock begins on Monday at 10:00. */
const afterCutOff = '2026-01-06T01:05:00Z'
const nextCutOff = '2026-01-07T01:05:00Z'

/** A file of three payments that could not be sent, for the bank's server is away. */
async function unsent(): Promise<{ fileId: string; payments: string[] }> {
  const payments = [await pay(10), await pay(20), await pay(30)]
  t.bankDrop.down(true)
  await advanceTo(t, afterCutOff)
  const [file] = await files()
  return { fileId: file?.id ?? '', payments }
}

it('withdraws a file that was not sent: the next cut-off sends its payments again, under other trace numbers', async () => {
  const { fileId, payments } = await unsent()
  expect(await status(payments[0] ?? '')).toBe('SCHEDULED')
  const withdrawn = await rialto('ach', 'withdraw', fileId, ...by, '--not-at-bank')
  expect(withdrawn).toMatchObject({ code: 0, out: 'withdrawn: 3 entries of it will go with the next cut-off\n' })
  for (const id of payments) expect(await status(id)).toBe('AUTHORIZED')
  expect((await rialto('ach', 'file', fileId)).out).toMatch(
    /^withdrawn {2}2026-01-06T01:05:00.000Z by Ada: the wrong company id$/m,
  )

  t.bankDrop.down(false)
  // What was asked before finds nothing left to do.
  await t.house.sql`update graphile_worker._private_jobs set run_at = now()`
  await t.runJobs()
  expect(bank.sent()).toEqual([])
  await advanceTo(t, nextCutOff)
  expect(traces()).toEqual([[4, 5, 6]])
  for (const id of payments) expect(await status(id)).toBe('INITIATED')
  await expectWholeBooks()
})

it('takes nobody’s silence for a file that never arrived: once sending has begun, somebody must have asked the bank', async () => {
  const { fileId } = await unsent()
  const refused = await rialto('ach', 'withdraw', fileId, ...by)
  expect(refused).toMatchObject({ code: 1, out: '' })
  expect(refused.note).toContain('Sending it has begun, so the bank may have it.')
  await t.house.sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'a worker'`
  const atWork = await rialto('ach', 'withdraw', fileId, ...by, '--not-at-bank')
  expect(atWork.note).toContain('It is being sent at this moment.')
  expect((await files())[0]?.status).toBe('built')
})

it('does not withdraw what was sent, and not twice', async () => {
  const { fileId } = await unsent()
  t.bankDrop.down(false)
  await rialto('ach', 'withdraw', fileId, ...by, '--not-at-bank')
  expect((await rialto('ach', 'withdraw', fileId, ...by)).note).toContain('It was withdrawn already.')
  await advanceTo(t, nextCutOff)
  const [sent] = await files()
  const refused = await rialto('ach', 'withdraw', sent?.id ?? '', ...by, '--not-at-bank')
  expect(refused).toMatchObject({ code: 1, out: '', note: expect.stringContaining('Only the bank can stop it now') })
  expect(traces()).toEqual([[4, 5, 6]])
})

it('finishes a withdrawal that was cut off, and takes no payment back from the file that it stands in by then', async () => {
  const { fileId, payments } = await unsent()
  let begun = 0
  const begin = ((...work: Parameters<typeof t.house.sql.begin>) => {
    if (++begun > 2) throw new Error('the power went')
    return t.house.sql.begin(...work)
  }) as typeof t.house.sql.begin
  const sql = new Proxy(t.house.sql, { get: (all, key) => (key === 'begin' ? begin : Reflect.get(all, key)) })
  const dying = { ...t.house, sql }
  const wish = { by: 'Ada', because: 'the wrong company id', notAtBank: true }
  await expect(withdrawFile(dying, fileId as AchFileId, wish, 1)).rejects.toThrow('the power went')
  const states = await Promise.all(payments.map(status))
  expect(states).toEqual(['AUTHORIZED', 'SCHEDULED', 'SCHEDULED'])

  t.bankDrop.down(false)
  await advanceTo(t, nextCutOff)
  expect(traces()).toEqual([[4]])
  const rest = await withdrawFile(t.house, fileId as AchFileId, wish, 1)
  expect(rest.entries).toBe(2)
  await advanceTo(t, '2026-01-08T01:05:00Z')
  expect(await Promise.all(payments.map(status))).toEqual(['INITIATED', 'INITIATED', 'INITIATED'])
  expect(traces()).toEqual([[4], [5, 6]])
  await expectWholeBooks()
})

it('withdraws a file that breaks the rules of the format, and clears its alert', async () => {
  const id = await pay(10)
  await t.house.sql`update merchant set entry_description = 'REVERSAL'`
  await t.house.sql`update account set routing_number = '000000000'`
  await advanceTo(t, afterCutOff)
  const [file] = await files()
  expect(file?.status).toBe('collecting')
  expect((await rialto('alerts')).out).toContain('breaks the rules of the format and was not sent')
  expect((await rialto('ach', 'withdraw', file?.id ?? '', ...by)).code).toBe(0)
  expect((await rialto('alerts')).out).toBe('Nothing waits for you.\n')
  expect(await status(id)).toBe('AUTHORIZED')
  const none = await rialto('ach', 'file', file?.id ?? '', '--raw')
  expect(none).toMatchObject({ code: 1, out: '', note: expect.stringContaining('it was never built') })
})

it('runs the cut-off now, and the cut-off comes once more at its time', async () => {
  await pay(10)
  const { out, note } = await rialto('ach', 'cut-off')
  expect(out).toBe(
    'meridian  same_day  cut-off 2026-01-05T19:15:00.000Z  effective 2026-01-05\n' +
      'meridian  standard  cut-off 2026-01-06T01:00:00.000Z  effective 2026-01-06\n',
  )
  expect(note).toContain('Asked for')
  await t.runJobs()
  expect(bank.sent()).toMatchObject([{ creationTime: '10:00', entries: [{ amount: 1_000n }] }])
  expect(bank.sent()[0]?.entries[0]?.batch).toMatchObject({ effectiveDate: '2026-01-06' })
  await pay(20)
  await advanceTo(t, afterCutOff)
  expect((await files()).map(({ part, status: state }) => [part, state])).toEqual([
    [2, 'sent'],
    [1, 'sent'],
  ])
  expect(traces()).toEqual([[1], [2]])
  await pay(30)
  await advanceTo(t, nextCutOff)
  expect(traces()).toEqual([[1], [2], [3]])
})

it('marks what it sends for the same day with the window that it was sent for', async () => {
  await t.house.sql`update merchant set same_day = true`
  await pay(10)
  await rialto('ach', 'cut-off')
  await t.runJobs()
  const [sent] = bank.sent()
  expect(sent?.entries[0]?.batch).toMatchObject({ effectiveDate: '2026-01-05', descriptiveDate: 'SD1445' })
})

it('counts a cut-off as missed though it was run before its time', async () => {
  await pay(10)
  await rialto('ach', 'cut-off')
  await t.runJobs()
  await pay(20)
  // No worker until the next morning.
  t.clock.forward(22 * 3_600_000)
  await t.runJobs()
  expect(traces()).toEqual([[1]])
  expect((await rialto('alerts')).out).toContain('was missed; its payments go with the next.')
})

it('says so when no window is open, and which bank it needs when there are several', async () => {
  await advanceTo(t, afterCutOff)
  const closed = await rialto('ach', 'cut-off')
  expect(closed).toMatchObject({ code: 1, note: '' })
  expect(closed.out).toContain('goes with the cut-off at 2026-01-06T15:00:00.000Z.')
  expect((await rialto('ach', 'cut-off', '--bank', 'wrong')).note).toContain('  --bank must be meridian\n')
  expect(await t.house.sql`select from graphile_worker.jobs`).toEqual([])
})

it('collects what the bank has left when asked, and shows what came', async () => {
  await pay(10)
  await advanceTo(t, afterCutOff)
  const [file] = bank.sent()
  if (!file) throw new Error('no file was sent')
  bank.acknowledge(file)
  expect((await rialto('ach', 'inbound')).out).toBe('No file has come in yet.\n')
  expect(await rialto('ach', 'collect')).toMatchObject({ code: 0, out: 'asked for: meridian\n' })
  await t.runJobs()
  expect((await json('ach', 'inbound')).files).toMatchObject([
    { name: 'ack-0001.csv', kind: 'acknowledgment', status: 'applied', reports: 1, repeated: 0, again: 0 },
  ])
  expect((await rialto('ach', 'inbound')).out).toMatch(/acknowledgment {2}applied +1 +0 +0 +0 {2}ack-0001.csv$/m)
})

it('retries a job that failed', async () => {
  const { fileId } = await unsent()
  const { jobs } = await json('jobs', '--failed')
  const job = jobs.find(({ task }: { task: string }) => task === 'send-file')
  expect(job).toMatchObject({ state: 'failed', lastError: 'the drop is away', about: { bankId: 'meridian', fileId } })
  expect((await rialto('jobs')).out).toMatch(/send-file +failed, will be tried again +\d+ of 25 .* the drop is away$/m)
  await t.house.sql`update graphile_worker._private_jobs set attempts = max_attempts`
  expect((await rialto('jobs', '--failed')).out).toContain('given up')
  t.bankDrop.down(false)
  expect((await rialto('jobs', 'retry', job.id)).code).toBe(0)
  await t.runJobs()
  expect(traces()).toEqual([[1, 2, 3]])
  expect((await json('jobs')).jobs).toMatchObject([{ task: 'collect-reports', state: 'given_up' }])
  expect(await rialto('jobs', 'retry', job.id)).toMatchObject({ code: 1, note: /There is no such job/ })
})
