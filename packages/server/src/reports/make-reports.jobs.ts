import { remind } from '../agenda/agenda.commands.ts'
import { type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { ask } from '../jobs/tasks.ts'
import { addDays, atEastern, type Day, daysBetween, easternDay } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { getMerchant } from '../merchants/merchant.queries.ts'
import { gather } from './gather.store.ts'
import { makeReport } from './make-report.jobs.ts'
import { listRecipients, type Recipient } from './recipient.store.ts'
import {
  claimWaiting,
  findLastDay,
  findReportOf,
  type Gathering,
  insertDay,
  insertReports,
  listWaitingPeriods,
  type NewReport,
  saveGathered,
} from './report.store.ts'
import { isOver, isPeriod, mostDays, type Period, type Report, type ReportKind, reportName } from './report.ts'

/** When the reports of the day before are made. */
const madeAt = '06:00'
const agendaKey = 'reports:make'
const merchantsAtOnce = 500
/** Days that were missed for longer are made by hand. */
const mostMissed = 92
const mostWaiting = 500

/** Puts the next making of reports on the agenda. */
async function remindOfReports(tx: Tx, after: Date): Promise<void> {
  const today = easternDay(after)
  const at = [today, addDays(today, 1)].find((day) => atEastern(day, madeAt) > after) ?? addDays(today, 1)
  await remind(tx, atEastern(at, madeAt), 'make-reports', { day: addDays(at, -1) }, agendaKey)
}

/** Called when a worker starts. */
export function scheduleReports(house: House): Promise<void> {
  return transact(house.sql, async (tx) => {
    const [known] = await tx`select from agenda where key = ${agendaKey}`
    if (!known) await remindOfReports(tx, house.now())
  })
}

/**
 * A day is over: reports are opened for every merchant, told what they are about, and asked for, and so for the days
 * before that were missed. May be repeated; cut off anywhere, it goes on.
 */
export async function makeReports(house: House, day: Day): Promise<void> {
  await transact(house.sql, (tx) => remindOfReports(tx, house.now()))
  const last = await findLastDay(house.sql)
  const missed = last === undefined ? 0 : daysBetween(last, day) - 1
  if (missed > mostMissed) house.log.warn({ last, day }, 'reports were missed for too long; make them by hand')
  for (let back = Math.min(missed, mostMissed); back >= 0; back--) {
    const one = addDays(day, -back)
    await open(house, one)
    await insertDay(house.sql, one, house.now())
  }
  // Those just opened, and any that somebody opened before and did not get to the end with.
  for (const period of await listWaitingPeriods(house.sql, mostWaiting)) await askForWaiting(house, period)
}

async function open(house: House, day: Day): Promise<void> {
  const period = { firstDay: day, lastDay: day }
  for (let after: MerchantId | null = null; ; ) {
    const recipients: Recipient[] = await listRecipients(house.sql, day, after, merchantsAtOnce)
    const last = recipients.at(-1)
    if (!last) return
    const opened = recipients.flatMap(({ id, name, paidOut }) => [
      newReport(house, id, name, 'transactions', period),
      ...(paidOut ? [newReport(house, id, name, 'payout', period)] : []),
    ])
    await insertReports(house.sql, opened)
    after = last.id
  }
}

async function askForWaiting(house: House, period: Period): Promise<void> {
  const gathering: Gathering = house.newId()
  await claimWaiting(house.sql, period, gathering)
  await gather(house.sql, period, gathering)
  for (let asked = merchantsAtOnce; asked === merchantsAtOnce; )
    asked = await transact(house.sql, async (tx) => {
      const ids = await saveGathered(tx, gathering, house.now(), merchantsAtOnce)
      for (const reportId of ids) await ask(tx, 'make-report', { reportId })
      return ids.length
    })
}

const newReport = (
  house: House,
  merchantId: MerchantId,
  merchantName: string,
  kind: ReportKind,
  period: Period,
): NewReport => ({ id: house.newId(), merchantId, kind, period, name: reportName(merchantName, kind, period) })

/**
 * Makes one report now, whether or not the merchant gets them daily. Made before: answers that one.
 * Refuses: merchant_not_found, invalid_request (a period that is none, or too long), report_period_not_over.
 */
export async function makeReportNow(
  house: House,
  merchantId: MerchantId,
  kind: ReportKind,
  period: Period,
): Promise<Report> {
  if (!isPeriod(period)) {
    const message = `must be the first of at most ${mostDays} days`
    throw new Refusal('invalid_request', { errors: [{ pointer: '/day', code: 'period', message }] })
  }
  if (!isOver(period, house.now())) throw new Refusal('report_period_not_over')
  const merchant = await getMerchant(house, merchantId)
  await insertReports(house.sql, [newReport(house, merchantId, merchant.name, kind, period)])
  const find = async () => {
    const found = await findReportOf(house.sql, merchantId, kind, period)
    if (!found) throw new Error('broken promise: a report that was opened is there')
    return found
  }
  const { id } = await find()
  // Again, if the morning's run took it over in between and is not through with it.
  while (!(await find()).gathered) {
    const gathering: Gathering = house.newId()
    await claimWaiting(house.sql, period, gathering, id)
    await gather(house.sql, period, gathering)
    await transact(house.sql, (tx) => saveGathered(tx, gathering, house.now(), 1))
  }
  await makeReport(house, id)
  return find()
}
