import { transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { ask } from '../jobs/tasks.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { resealAll } from '../net/reseal.ts'
import { announce } from '../webhooks/event.commands.ts'
import type { News } from '../webhooks/event.ts'
import { listSealedDrops, replaceSealedDrop, saveDrop, saveWantsReports } from './recipient.store.ts'
import { type Making, saveMade, takeReport } from './report.store.ts'
import { dropContext, type Made, type Report, type ReportId } from './report.ts'

/** A report's file is whole: it is announced, and put into the merchant's drop. Made meanwhile: nothing happens. */
export function finishReport(house: House, id: ReportId, making: Making, made: Made): Promise<void> {
  return transact(house.sql, async (tx) => {
    const report = await takeReport(tx, id)
    if (report.made) return
    await saveMade(tx, id, making, made)
    await announce(house, tx, [available(report, made)])
    await ask(tx, 'deliver-report', { reportId: id })
  })
}

const available = (report: Report, { rows, bytes, sha256 }: Made): News => ({
  type: 'report.available',
  merchantId: report.merchantId,
  resourceType: 'report',
  resourceId: report.id,
  data: {
    kind: report.kind.toUpperCase(),
    name: report.name,
    from: report.period.firstDay,
    to: report.period.lastDay,
    ...{ rows, bytes, sha256 },
  },
})

/**
 * Where a merchant's reports are put from now on; null: into the deployment's folder. The settings are for `reportDrop`
 * of the house to understand, and are sealed. Refuses: merchant_not_found.
 */
export async function setReportDrop(house: House, merchantId: MerchantId, settings: object | null): Promise<void> {
  const sealed = settings && (await house.vault.seal(JSON.stringify(settings), dropContext(merchantId)))
  await transact(house.sql, async (tx) => {
    if (!(await saveDrop(tx, merchantId, sealed))) throw new Refusal('merchant_not_found', { id: merchantId })
  })
}

/** Whether reports are made for a merchant every day. Those that are there stay. Refuses: merchant_not_found. */
export function setReports(house: House, merchantId: MerchantId, wanted: boolean): Promise<void> {
  return transact(house.sql, async (tx) => {
    if (!(await saveWantsReports(tx, merchantId, wanted))) throw new Refusal('merchant_not_found', { id: merchantId })
  })
}

/** Seals the settings of merchants' own drops again that an older vault key sealed; answers how many. */
export const resealReportDrops = (house: House): Promise<number> =>
  resealAll(
    house.vault,
    async (after) => (await listSealedDrops(house.sql, after)).map((row) => ({ ...row, context: dropContext(row.id) })),
    ({ id, sealed: before }, sealed) => replaceSealedDrop(house.sql, id, before, sealed),
  )

/** The reminder to try a delivery again. */
export const deliveryKey = (id: ReportId): string => `report:${id}:deliver`
