import { afterEach, beforeEach, expect, it } from 'vitest'
import { asDay } from '../../src/kernel/banking-day.ts'
import { StartProblem } from '../../src/kernel/start-problem.ts'
import { deliverReport, redeliverReport } from '../../src/reports/deliver-report.jobs.ts'
import { makeReportNow } from '../../src/reports/make-reports.jobs.ts'
import { setReportDrop } from '../../src/reports/report.commands.ts'
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
const nextTry = async () => {
  const [row] = await t.house.sql<{ due_at: Date }[]>`select due_at from agenda where key like 'report:%:deliver'`
  return row?.due_at.toISOString()
}
const alerts = async () =>
  (await t.house.sql<{ says: string }[]>`select says from alert where cleared_at is null`).map(({ says }) => says)

it('tries again when the drop is away, and delivers when it is back', async () => {
  const { id, name } = await made()
  t.reportDrop.down(true)
  await deliverReport(t.house, id)
  expect(await nextTry()).toBe('2026-01-06T11:01:00.000Z')
  at('2026-01-06T11:01:00Z')
  await deliverReport(t.house, id)
  expect(await nextTry()).toBe('2026-01-06T11:06:00.000Z')
  expect(await reread(id)).toMatchObject({ attempts: 2, problem: 'the drop is away', deliveredAt: null })
  t.reportDrop.down(false)
  at('2026-01-06T11:06:00Z')
  await deliverReport(t.house, id)
  expect(await reread(id)).toMatchObject({ attempts: 3, problem: null, deliveredAt: t.clock.now })
  expect(t.reportDrop.outgoing.get(name)).toBe(await contentOf(id))
  expect([await nextTry(), await alerts()]).toEqual([undefined, []])
})

it('tells an operator after two days, and no more when a person has delivered it', async () => {
  const { id, name } = await made()
  t.reportDrop.down(true)
  for (let due: string | undefined = '2026-01-06T11:00:00Z'; due; due = await nextTry()) {
    at(due)
    await t.house.sql`delete from agenda where key like 'report:%:deliver'`
    await deliverReport(t.house, id)
  }
  expect(t.clock.now.toISOString()).toBe('2026-01-08T07:36:00.000Z')
  expect(await alerts()).toEqual([
    `The report '${name}' could not be delivered for two days: the drop is away Mend it, then rialto reports deliver ${id}.`,
  ])
  expect(await redeliverReport(t.house, id)).toBe('the drop is away')
  t.reportDrop.down(false)
  expect(await redeliverReport(t.house, id)).toBeUndefined()
  expect(await alerts()).toEqual([])
  const { deliveredAt } = (await reread(id)) ?? {}
  t.clock.forward(60_000)
  expect(await redeliverReport(t.house, id)).toBeUndefined()
  expect(await reread(id)).toMatchObject({ deliveredAt, attempts: 15 })
})

it('puts the same file again when it died before it could remember', async () => {
  const { id, name } = await made()
  await deliverReport(t.house, id)
  await t.house.sql`update report set delivered_at = null where id = ${id}`
  await deliverReport(t.house, id)
  expect([...t.reportDrop.outgoing.keys()]).toEqual([name])
  expect(await reread(id)).toMatchObject({ deliveredAt: t.clock.now, problem: null })
})

it("opens a merchant's own drop by its settings, which are kept sealed, and closes it", async () => {
  const { id } = await made()
  const settings = { kind: 'sftp', host: 'sftp.example', password: 'very secret indeed' }
  await setReportDrop(t.house, payer.merchantId, settings)
  const [row] = await t.house.sql<{ sealed: string }[]>`select report_drop_sealed as sealed from merchant`
  expect(row?.sealed).not.toContain('secret')
  const asked: unknown[] = []
  let closed = 0
  const drop = { ...t.reportDrop.drop, close: async () => void closed++ }
  const reportDrop = (...given: unknown[]) => {
    asked.push(given)
    return drop
  }
  const house = { ...t.house, reportDrop }
  await deliverReport(house, id)
  expect([asked, closed]).toEqual([[[payer.merchantId, settings]], 1])
  await setReportDrop(t.house, payer.merchantId, null)
  await redeliverReport(house, id)
  expect(asked[1]).toEqual([payer.merchantId, null])
})

it('counts a drop that cannot be opened as a try that failed', async () => {
  const { id } = await made()
  const reportDrop = () => {
    throw new StartProblem('The private key cannot be read.')
  }
  await deliverReport({ ...t.house, reportDrop }, id)
  expect(await reread(id)).toMatchObject({ attempts: 1, problem: 'The private key cannot be read.' })
  expect(await nextTry()).toBeDefined()
})
