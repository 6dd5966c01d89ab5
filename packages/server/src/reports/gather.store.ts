import type { Sql } from '../db/connect.ts'
import type { Gathering } from './report.store.ts'
import { instantsOf, type Period } from './report.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** The lowest id that can have been given at an instant: ids begin with their time. */
const lowestIdAt = (ms: number): string => {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

/**
 * Writes down which payments the reports of a period are about: made in it, or moved. One pass over the period's part
 * of the diary serves all the reports that were taken for it. In steps of an hour, and may be repeated.
 */
export async function gather(sql: Sql, period: Period, gathering: Gathering): Promise<void> {
  const { from, until } = instantsOf(period)
  const taken = sql`report.gathering = ${gathering} and report.kind = 'transactions' and report.gathered_at is null`
  for (let at = from.getTime(); at < until.getTime(); at += hourMs) {
    const end = new Date(Math.min(at + hourMs, until.getTime()))
    // In this order: from the reports on, every payment that their merchants ever had would be looked at.
    await sql`insert into report_line (report_id, payment_id)
      with moved as materialized (
        select payment_id, (select merchant_id from payment where id = payment_id)
        from (select distinct payment_id from payment_move
              where moved_at >= ${new Date(at)} and moved_at < ${end}) as once)
      select report.id, payment_id from moved
      join report on report.merchant_id = moved.merchant_id and report.first_day = ${period.firstDay}
        and report.last_day = ${period.lastDay} and ${taken}
      on conflict do nothing`
  }
  // A payment's id is given within moments of its time; a day is more than enough for two machines' clocks.
  await sql`insert into report_line (report_id, payment_id)
    select report.id, payment.id from report
    join payment on payment.merchant_id = report.merchant_id
    where payment.id >= ${lowestIdAt(from.getTime() - dayMs)}::uuid
      and payment.id < ${lowestIdAt(until.getTime() + dayMs)}::uuid
      and payment.created_at >= ${from} and payment.created_at < ${until} and ${taken}
      and not exists (select from report_line where report_id = report.id and payment_id = payment.id)
    on conflict do nothing`
}
