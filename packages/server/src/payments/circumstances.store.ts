import type { Sql, Tx } from '../db/connect.ts'
import type { Day } from '../kernel/banking-day.ts'
import type { Payment } from './payment.ts'
import { readReturnDays } from './retry.store.ts'
import type { Circumstances } from './wishes.ts'

type Row = { accountActive: boolean; authorized: boolean }

/** What a wish depends on besides the payment, as it is now. */
export async function readCircumstances(sql: Sql | Tx, payment: Payment, today: Day): Promise<Circumstances> {
  const [days, [row]] = await Promise.all([
    readReturnDays(sql, [payment.id]),
    sql<Row[]>`
      select status = 'active' as "accountActive",
        exists (select from mandate where account_id = account.id and kind = 'debit' and revoked_at is null) as authorized
      from account where id = ${payment.accountId}`,
  ])
  return {
    today,
    accountActive: row?.accountActive ?? false,
    authorized: row?.authorized ?? false,
    firstReturnedOn: days.get(payment.id)?.first ?? null,
  }
}
