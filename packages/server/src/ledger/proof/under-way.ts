import type { Tx } from '../../db/connect.ts'
import { Money } from '../../kernel/money.ts'
import { type Check, type Difference, firstOf } from './check.ts'

/**
 * What is on its way, and what is promised, is what the payments and payouts that are on their way and that were
 * accepted add up to. A room whose money goes out in files adds what it has to `expected`.
 */
export const underWay: Check = {
  name: 'under-way',
  promises: 'What is in transit, pending and outgoing is the sum of the payments and payouts in those states.',
  async run(tx) {
    const [counts] = await tx<{ payments: number; payouts: number; accounts: number }[]>`
      select (select count(*)::int from payment where status = 'initiated'
          or (type <> 'debit' and status in ('authorized', 'scheduled'))) as payments,
        (select count(*)::int from payout where status in ('accepted', 'scheduled', 'initiated')) as payouts,
        (select count(*)::int from ledger_account where ${isAbout(tx)}) as accounts`
    return { looked: { ...counts }, difference: firstOf([await unlikePayments(tx)]) }
  },
}

const isAbout = (tx: Tx) => tx`(id in ('ach:debits_in_transit', 'ach:credits_in_transit')
  or id like 'merchant:%:pending' or id like 'merchant:%:outgoing')`

/** Account and amount, as many rows as there are reasons. */
const expected = (tx: Tx) => tx`
  select 'ach:debits_in_transit' as id, amount from payment where type = 'debit' and status = 'initiated'
  union all
  select 'merchant:' || merchant_id || ':pending', amount from payment where type = 'debit' and status = 'initiated'
  union all
  select 'ach:credits_in_transit', amount from payment where type <> 'debit' and status = 'initiated'
  union all
  select 'merchant:' || merchant_id || ':outgoing', amount from payment
  where type <> 'debit' and status in ('authorized', 'scheduled')
  union all
  select 'ach:credits_in_transit', amount from payout where status = 'initiated'
  union all
  select 'merchant:' || merchant_id || ':outgoing', amount from payout where status in ('accepted', 'scheduled')`

type Row = { id: string; balance: bigint | null; due: bigint; reasons: number; many: number }

async function unlikePayments(tx: Tx): Promise<Difference | undefined> {
  const [row] = await tx<Row[]>`
    with due as (select id, sum(amount)::int8 as due, count(*)::int as reasons from (${expected(tx)}) as each group by id),
    account as (select id, balance from ledger_account where ${isAbout(tx)})
    select id, balance, coalesce(due, 0) as due, coalesce(reasons, 0) as reasons, count(*) over ()::int as many
    from account full join due using (id) where balance is distinct from coalesce(due, 0) order by id limit 1`
  if (!row) return undefined
  const holds = row.balance === null ? 'is missing' : `holds ${Money.format(Money.of(row.balance))}`
  const says = `${row.id} ${holds}, but ${row.reasons} payments and payouts come to ${Money.format(Money.of(row.due))}.`
  return { says, more: row.many - 1 }
}
