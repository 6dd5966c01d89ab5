import type { Tx } from '../../db/connect.ts'
import { Money } from '../../kernel/money.ts'
import { type Check, type Difference, firstOf } from './check.ts'

/**
 * A payout's lines add up to its amount and, without what was carried from and to its neighbours, to what moved on the
 * merchant's available account between the payout before it and itself.
 */
export const statements: Check = {
  name: 'statements',
  promises: "Each payout's statement adds up to its amount, and to what became available in its period.",
  async run(tx) {
    const [counts] = await tx<{ payouts: number; lines: number }[]>`
      select (select count(*)::int from payout) as payouts, (select count(*)::int from payout_line) as lines`
    return { looked: { ...counts }, difference: firstOf([await unlikeItsPeriod(tx), await unlikeItsNeighbour(tx)]) }
  },
}

const dollars = (cents: bigint): string => Money.format(Money.of(cents))

/** The entry by which each payout was accepted ends its period, whatever the payout's row says of it. */
const periods = (tx: Tx) => tx`
  select payout.id, payout.merchant_id, payout.amount, after_entry, accepted.id as accepted_entry,
    coalesce((select sum(amount) from payout_line where payout_id = payout.id), 0)::int8 as lines,
    coalesce((select sum(amount) from payout_line where payout_id = payout.id and kind not like 'carried%'), 0)::int8
      as said,
    coalesce((select amount from payout_line where payout_id = payout.id and kind = 'carried_from'), 0) as carried_from,
    coalesce((select -amount from payout_line where payout_id = payout.id and kind = 'carried_to'), 0) as carried_to
  from payout left join ledger_entry as accepted on subject_id = payout.id and subject_seq = 1`

type PeriodRow = { id: string; amount: bigint; lines: bigint; said: bigint; moved: bigint; many: number }

async function unlikeItsPeriod(tx: Tx): Promise<Difference | undefined> {
  const [row] = await tx<PeriodRow[]>`
    with period as (${periods(tx)})
    select period.id, period.amount, lines, said, moved, count(*) over ()::int as many from period
    join ledger_account as account on account.id = 'merchant:' || period.merchant_id || ':available'
    cross join lateral (
      select coalesce((select sum(amount) from ledger_entry where credit_account = account.number
          and id > after_entry and id < accepted_entry), 0)
        - coalesce((select sum(amount) from ledger_entry where debit_account = account.number
          and id > after_entry and id < accepted_entry), 0) as moved) as entry
    where lines <> period.amount or said <> moved order by period.id limit 1`
  if (!row) return undefined
  const says =
    `The payout ${row.id} is of ${dollars(row.amount)}; its lines come to ${dollars(row.lines)}, of which ` +
    `${dollars(row.said)} became available in its period; the books say ${dollars(BigInt(row.moved))}.`
  return { says, more: row.many - 1 }
}

type NeighbourRow = {
  id: string
  after_entry: bigint
  ended: bigint
  carried_from: bigint
  carried: bigint
  many: number
}

async function unlikeItsNeighbour(tx: Tx): Promise<Difference | undefined> {
  const [row] = await tx<NeighbourRow[]>`
    with chain as (
      select id, after_entry, carried_from, coalesce(lag(accepted_entry) over before, 0) as ended,
        coalesce(lag(carried_to) over before, 0) as carried
      from (${periods(tx)}) as period window before as (partition by merchant_id order by after_entry, id))
    select *, count(*) over ()::int as many from chain
    where after_entry <> ended or carried_from <> carried order by id limit 1`
  if (!row) return undefined
  const says =
    `The payout ${row.id} goes on after entry ${row.after_entry} with ${dollars(row.carried_from)}, but the one before ` +
    `it ended with entry ${row.ended} and left ${dollars(row.carried)}.`
  return { says, more: row.many - 1 }
}
