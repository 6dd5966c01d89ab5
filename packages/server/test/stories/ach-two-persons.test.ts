import { afterEach, beforeEach, expect, it } from 'vitest'
import { transact } from '../../src/db/connect.ts'
import { ask } from '../../src/jobs/tasks.ts'
import { achCommand } from '../../src/main/ach-command.ts'
import { scheduleRails } from '../../src/rails/ach/schedule.commands.ts'
import { advanceTo } from '../advance.ts'
import { openTestApi, type TestApi } from '../test-api.ts'
import { openTestBank, type TestBank } from '../test-bank.ts'
import { testBank } from '../test-bank-settings.ts'
import { openTestTerminal } from '../test-terminal.ts'

let t: TestApi
let bank: TestBank
let paymentId: string
const { rialto, json } = openTestTerminal(() => t.house, achCommand)

/** Monday the 5th, 20:00 in New York, and a little more. The clock begins on Monday at 10:00. */
const afterCutOff = '2026-01-06T01:05:00Z'

beforeEach(async () => {
  t = await openTestApi({}, undefined, { originatingBanks: [testBank({ requireTwoPersons: true })] })
  bank = openTestBank(t.bankDrop)
  const { customerId } = await t.merchant.link()
  await scheduleRails(t.house)
  paymentId = String((await t.merchant.pay(customerId, 100)).body.paymentId)
  await advanceTo(t, afterCutOff)
})
afterEach(() => t.close())

const status = async () => (await t.merchant.get(`/v1/transactions/${paymentId}`)).body.transactionStatus
const onlyFile = async () => {
  const { files } = await json('ach', 'files')
  expect(files).toHaveLength(1)
  return files[0]
}

it('sends a file when a second person has released it, and not before', async () => {
  const { id } = await onlyFile()
  expect((await rialto('ach', 'files')).out).toContain('$100.00    $0.00  built, 2 people must release it')
  expect([await status(), bank.sent()]).toEqual(['SCHEDULED', []])

  const first = await rialto('ach', 'release', id, '--by', 'Ada Byron')
  expect(first).toEqual({ code: 0, note: '', out: 'released by Ada Byron: another person has to, before it leaves\n' })
  await t.runJobs()
  expect(bank.sent()).toEqual([])
  expect((await rialto('ach', 'files')).out).toContain('built, one person must release it')

  const second = await rialto('ach', 'release', id, '--by', 'Charles')
  expect(second).toMatchObject({ code: 0, out: 'released by Ada Byron and Charles: it is being sent\n' })
  await t.runJobs()
  expect(bank.sent()).toMatchObject([{ entries: [{ amount: 10_000n }] }])
  expect(await status()).toBe('INITIATED')
  const { out } = await rialto('ach', 'file', id)
  expect(out).toMatch(/^released {2}Ada Byron \(2026-01-06T01:05:00.000Z\), Charles \(2026-01-06T01:05:00.000Z\)$/m)
  expect(out).toMatch(/^status {4}sent$/m)

  bank.acknowledge(bank.sent()[0] as never)
  await advanceTo(t, '2026-01-06T14:00:00Z')
  expect((await rialto('ach', 'file', id)).out).toMatch(/^answer {4}accepted: as it says, accepted$/m)
})

it.each(['Ada Byron', 'ADA BYRON', ' Ada  Byron '])(
  'takes %j for the person who released it already',
  async (again) => {
    const { id } = await onlyFile()
    await rialto('ach', 'release', id, '--by', 'Ada Byron')
    const { out, code } = await rialto('ach', 'release', id, '--by', again)
    expect({ out, code }).toEqual({
      ...{ code: 0, out: 'released by Ada Byron: that is you already; another person has to\n' },
    })
    expect(await json('ach', 'release', id, '--by', again)).toEqual({
      ...{ fileId: id, releasedBy: ['Ada Byron'], released: false, late: false },
    })
    await t.runJobs()
    expect(bank.sent()).toEqual([])
  },
)

it('asks to send it once, however many release it at the same time', async () => {
  const { id } = await onlyFile()
  await Promise.all(['Ada', 'Bo', 'Cy', 'Di'].map((name) => rialto('ach', 'release', id, '--by', name)))
  const jobs = await t.house.sql`select from graphile_worker.jobs where task_identifier = 'send-file'`
  expect(jobs).toHaveLength(1)
  expect((await json('ach', 'file', id)).releases).toHaveLength(4)
})

it('lets no file leave that two people have not released, whoever asks for it, and the database neither', async () => {
  const { id, bankId } = await onlyFile()
  await rialto('ach', 'release', id, '--by', 'Ada')
  await transact(t.house.sql, (tx) => ask(tx, 'send-file', { bankId, fileId: id }))
  await t.runJobs()
  expect(bank.sent()).toEqual([])
  const offer = t.house.sql`update ach_file set offered_at = now() where id = ${id}`
  await expect(offer).rejects.toMatchObject({ constraint_name: 'two_people_release_a_file' })
  await expect(t.house.sql`update ach_release set released_by = 'Bo'`).rejects.toThrow('append-only')
})

it('warns who releases a file after its day has come', async () => {
  const { id } = await onlyFile()
  await advanceTo(t, '2026-01-06T12:00:00Z')
  const { out, note } = await rialto('ach', 'release', id, '--by', 'Ada')
  expect(out).toContain('released by Ada')
  expect(note).toContain('Its effective date has come')
})

it('refuses to release what is not there, is sent, or needs no release', async () => {
  const { id } = await onlyFile()
  const nothing = 'ffffffff-1180-7fec-ab66-ffc86f38d952'
  expect(await rialto('ach', 'release', nothing, '--by', 'Ada')).toMatchObject({
    ...{ code: 1, out: '', note: 'NOT_FOUND: There is no such ACH file.\n  List the files with rialto ach files.\n' },
  })
  expect(await rialto('ach', 'release', id, '--by', ' ')).toMatchObject({ code: 1, note: /by must have 1 to 100/ })
  for (const name of ['Ada', 'Bo']) await rialto('ach', 'release', id, '--by', name)
  await t.runJobs()
  const sent = await rialto('ach', 'release', id, '--by', 'Cy')
  expect(sent.note).toContain(
    'INVALID_STATE: The ACH file cannot do that from its present state.\n  It was sent already.',
  )
  await t.house.sql`update ach_file set status = 'built', needs_release = false`
  expect((await rialto('ach', 'release', id, '--by', 'Cy')).note).toContain('it leaves by itself')
})
