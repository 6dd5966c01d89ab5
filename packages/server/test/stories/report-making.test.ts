import { afterEach, beforeEach, expect, it } from 'vitest'
import { asDay } from '../../src/kernel/banking-day.ts'
import { deliverReport } from '../../src/reports/deliver-report.jobs.ts'
import { makeReport } from '../../src/reports/make-report.jobs.ts'
import { makeReportNow, makeReports } from '../../src/reports/make-reports.jobs.ts'
import { setReportDrop, setReports } from '../../src/reports/report.commands.ts'
import { listReports, readPieces } from '../../src/reports/report.queries.ts'
import type { Report, ReportId } from '../../src/reports/report.ts'
import { type Payer, seedPayer, seedPayments } from '../seed-payments.ts'
import { openTestHouse, type TestHouse } from '../test-house.ts'

let t: TestHouse
let payer: Payer
beforeEach(async () => {
  t = await openTestHouse()
  payer = await seedPayer(t.house)
})
afterEach(() => t.close())

const monday = asDay('2026-01-05')
const at = (instant: string) => {
  t.clock.now = new Date(instant)
}
/** A report of Monday, made on Tuesday morning and not yet delivered. */
async function made(): Promise<Report> {
  await seedPayments(t.house, payer, 3)
  at('2026-01-06T11:00:00Z')
  return makeReportNow(t.house, payer.merchantId, 'transactions', { firstDay: monday, lastDay: monday })
}
const reread = async (id: string) => (await listReports(t.house, null)).find((one) => one.id === id)
const contentOf = async (id: ReportId) => {
  let text = ''
  for await (const piece of readPieces(t.house, id)) text += piece
  return text
}
const jobs = () =>
  t.house.sql<{ task: string; payload: Record<string, string> }[]>`
    select task.identifier as task, payload from graphile_worker._private_jobs as job
    join graphile_worker._private_tasks as task on task.id = job.task_id order by job.id`

it('makes a report once, whoever else makes it, and leaves nothing of a try that died', async () => {
  await seedPayments(t.house, payer, 5_000)
  at('2026-01-06T11:00:00Z')
  await makeReports(t.house, monday)
  const [waiting] = await listReports(t.house, null)
  const id = waiting?.id as ReportId
  await t.house.sql`insert into report_piece (report_id, making, piece, content)
    values (${id}, ${t.house.newId()}, 0, 'half a file'), (${id}, ${t.house.newId()}, 1, 'the other half')`
  await Promise.allSettled([1, 2, 3].map(() => makeReport(t.house, id)))
  await makeReport(t.house, id)
  expect(await reread(id)).toMatchObject({ made: { rows: 5_000 } })
  const left = await t.house.sql`select distinct making from report_piece`
  expect([left.length, (await t.house.sql`select from report_line`).length]).toEqual([1, 0])
  expect(await t.house.sql`select from event where type = 'report.available'`).toHaveLength(1)
  await deliverReport(t.house, id)
  expect(t.reportDrop.outgoing.size).toBe(1)
})

it('refuses to change or remove what has been made', async () => {
  const { id } = await made()
  const { sql } = t.house
  for (const change of [
    () => sql`update report set sha256 = 'other' where id = ${id}`,
    () => sql`update report set name = 'other' where id = ${id}`,
    () => sql`delete from report where id = ${id}`,
    () => sql`update report_piece set content = 'other'`,
    () => sql`delete from report_piece`,
    () => sql`insert into report_piece (report_id, making, piece, content) values (${id}, ${id}, 7, 'more')`,
  ])
    await expect(change()).rejects.toThrow(/never changes|append-only|violates foreign key/)
})

it('opens each day once, however often it is told, and asks for each report once', async () => {
  await seedPayments(t.house, payer, 2)
  at('2026-01-06T11:00:00Z')
  await Promise.all([1, 2, 3].map(() => makeReports(t.house, monday)))
  await makeReports(t.house, monday)
  const asked = (await jobs()).filter(({ task }) => task === 'make-report')
  expect(asked).toHaveLength(1)
  const [agenda] = await t.house.sql`select payload, due_at from agenda where key = 'reports:make'`
  expect(agenda).toEqual({ payload: { day: '2026-01-06' }, due_at: new Date('2026-01-07T11:00:00Z') })
})

it('makes up for days that were missed, in their order', async () => {
  await seedPayments(t.house, payer, 1)
  at('2026-01-06T11:00:00Z')
  await makeReports(t.house, monday)
  at('2026-01-10T11:00:00Z')
  await makeReports(t.house, asDay('2026-01-09'))
  const days = (await listReports(t.house, null)).map(({ period }) => period.firstDay).toSorted()
  expect(days).toEqual(['05', '06', '07', '08', '09'].map((day) => `2026-01-${day}`))
})

it('says Update the same, whichever of two days is made first', async () => {
  const [id] = await seedPayments(t.house, payer, 1)
  at('2026-01-06T15:00:00Z')
  await t.house.sql`insert into payment_move (payment_id, seq, fact, moved_at)
    values (${String(id)}, 2, '{"kind":"canceled","why":"asked"}', ${t.clock.now})`
  at('2026-01-07T11:00:00Z')
  await t.house.sql`insert into report_day values ('2026-01-04', ${t.clock.now})`
  await makeReports(t.house, asDay('2026-01-06'))
  const [tuesday, ofMonday] = await listReports(t.house, null)
  for (const report of [tuesday, ofMonday]) await makeReport(t.house, report?.id as ReportId)
  const update = async (report: Report | undefined) =>
    (await contentOf(report?.id as ReportId))
      .split('\r\n')[1]
      ?.split(',')
      .filter((_, at) => at === 0 || at === 8)
  expect(await update(ofMonday)).toEqual(['No', 'AUTHORIZED'])
  expect(await update(tuesday)).toEqual(['Yes', 'CANCELED'])
})

it('comes to one whole report when the morning and a person make it at once', async () => {
  await seedPayments(t.house, payer, 3)
  at('2026-01-06T11:00:00Z')
  const period = { firstDay: monday, lastDay: monday }
  const byHand = () => makeReportNow(t.house, payer.merchantId, 'transactions', period)
  const [first, , second] = await Promise.all([byHand(), makeReports(t.house, monday), byHand()])
  expect([first.id, first.made?.rows, second.made?.rows]).toEqual([second.id, 3, 3])
  expect(await listReports(t.house, null)).toHaveLength(1)
  expect(await t.house.sql`select from event where type = 'report.available'`).toHaveLength(1)
})

it('goes on with a report whose maker died before it knew what it is about', async () => {
  await seedPayments(t.house, payer, 3)
  at('2026-01-06T11:00:00Z')
  const [id, gathering] = [t.house.newId(), t.house.newId()]
  await t.house.sql`insert into report (id, merchant_id, kind, first_day, last_day, name, gathering)
    values (${id}, ${payer.merchantId}, 'transactions', ${monday}, ${monday}, 'left.csv', ${gathering})`
  await setReports(t.house, payer.merchantId, false)
  at('2026-01-07T11:00:00Z')
  await makeReports(t.house, asDay('2026-01-06'))
  expect((await jobs()).map(({ task, payload }) => [task, payload.reportId])).toEqual([['make-report', id]])
  await makeReport(t.house, id as ReportId)
  expect(await reread(id)).toMatchObject({ made: { rows: 3 } })
})

it('makes none for a merchant who does not want them, or who never had a payment', async () => {
  const other = await seedPayer(t.house, 'Other Store')
  await seedPayments(t.house, other, 1)
  await setReports(t.house, other.merchantId, false)
  at('2026-01-06T11:00:00Z')
  await makeReports(t.house, monday)
  expect(await listReports(t.house, null)).toEqual([])
  await setReports(t.house, other.merchantId, true)
  await makeReports(t.house, asDay('2026-01-06'))
  expect(await listReports(t.house, null)).toMatchObject([{ name: 'Other Store_Transactions_2026-01-06.csv' }])
  const nobody = { ...payer, merchantId: t.house.newId<'merchant'>() }
  await expect(setReports(t.house, nobody.merchantId, true)).rejects.toMatchObject({ code: 'merchant_not_found' })
  await expect(setReportDrop(t.house, nobody.merchantId, {})).rejects.toMatchObject({ code: 'merchant_not_found' })
})

it('makes a report of several days by hand, and says Update of what a file had before', async () => {
  const [first] = await seedPayments(t.house, payer, 1)
  at('2026-01-06T15:00:00Z')
  const [second] = await seedPayments(t.house, payer, 1)
  const period = { firstDay: monday, lastDay: asDay('2026-01-06') }
  await expect(makeReportNow(t.house, payer.merchantId, 'transactions', period)).rejects.toMatchObject({
    code: 'report_period_not_over',
  })
  at('2026-01-07T11:00:00Z')
  await makeReportNow(t.house, payer.merchantId, 'transactions', { firstDay: monday, lastDay: monday })
  const both = await makeReportNow(t.house, payer.merchantId, 'transactions', period)
  expect(both.name).toBe('Corner Store_Transactions_2026-01-05_2026-01-06.csv')
  const lines = (await contentOf(both.id)).split('\r\n').slice(1, -1)
  expect(lines.map((line) => [line.split(',')[0], line.split(',')[4]])).toEqual([
    ['Yes', first],
    ['No', second],
  ])
  const again = await makeReportNow(t.house, payer.merchantId, 'transactions', period)
  expect(again.id).toBe(both.id)
  const backwards = { firstDay: asDay('2026-01-06'), lastDay: monday }
  await expect(makeReportNow(t.house, payer.merchantId, 'transactions', backwards)).rejects.toMatchObject({
    code: 'invalid_request',
  })
})

it('takes a payment for made on the day that New York had, and is not misled by ids that were given earlier', async () => {
  at('2026-01-06T04:59:59.999Z')
  const [before] = await seedPayments(t.house, payer, 1)
  at('2026-01-06T05:00:00Z')
  const [after] = await seedPayments(t.house, payer, 1)
  at('2026-01-07T11:00:00Z')
  const texts = await Promise.all(
    ['2026-01-05', '2026-01-06'].map(async (day) => {
      const period = { firstDay: asDay(day), lastDay: asDay(day) }
      return contentOf((await makeReportNow(t.house, payer.merchantId, 'transactions', period)).id)
    }),
  )
  expect(texts.map((text) => [text.includes(String(before)), text.includes(String(after))])).toEqual([
    [true, false],
    [false, true],
  ])
})

it('writes a file of many pages in pieces, each payment once, in order', async () => {
  const many = 24_000
  const ids: string[] = []
  for (let made = 0; made < many; made += 4_000) {
    ids.push(...(await seedPayments(t.house, payer, 4_000, { amount: 1n, reference: 'x'.repeat(100) })))
    t.clock.forward(1)
  }
  at('2026-01-06T11:00:00Z')
  const report = await makeReportNow(t.house, payer.merchantId, 'transactions', { firstDay: monday, lastDay: monday })
  const pieces = await t.house.sql<{ length: number }[]>`select length(content) from report_piece order by piece`
  expect(pieces.length).toBeGreaterThan(3)
  for (const { length } of pieces) expect(length).toBeLessThan(1_500_000)
  const text = await contentOf(report.id)
  expect(report.made).toMatchObject({ rows: many, bytes: Buffer.byteLength(text) })
  expect(
    text
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.split(',')[4]),
  ).toEqual(ids)
})
