import type { Tx } from '../../db/connect.ts'
import { Money } from '../../kernel/money.ts'
import { type Check, type Difference, firstOf } from './check.ts'

/** Debits equal credits; each account's balance is the sum of its entries; each entry stands in a journal. */
export const balance: Check = {
  name: 'balance',
  promises: 'Debits equal credits, and each account is the sum of its entries.',
  async run(tx) {
    const [counts] = await tx<{ accounts: number; journals: number; entries: number }[]>`
      select (select count(*)::int from ledger_account) as accounts,
        (select count(*)::int from ledger_journal) as journals, (select count(*)::int from ledger_entry) as entries`
    const difference = firstOf([
      await unlikeItsEntries(tx),
      await sidesDiffer(tx),
      await entryWithoutJournal(tx),
      await journalWithoutEntries(tx),
    ])
    return { looked: { ...counts }, difference }
  },
}

const dollars = (cents: bigint): string => Money.format(Money.of(cents))

type AccountRow = {
  id: string
  debits: bigint
  credits: bigint
  balance: bigint
  told_debits: bigint
  told_credits: bigint
  told_balance: bigint
  many: number
}

async function unlikeItsEntries(tx: Tx): Promise<Difference | undefined> {
  const [row] = await tx<AccountRow[]>`
    with told as (
      select number, sum(debits)::int8 as told_debits, sum(credits)::int8 as told_credits
      from (select debit_account as number, amount as debits, 0 as credits from ledger_entry
            union all select credit_account, 0, amount from ledger_entry) as sides
      group by number),
    both_sums as (
      select coalesce(id, 'an account without a row, number ' || number) as id, coalesce(debits, 0) as debits,
        coalesce(credits, 0) as credits, coalesce(balance, 0) as balance, coalesce(told_debits, 0) as told_debits,
        coalesce(told_credits, 0) as told_credits,
        coalesce(case normal when 'debit' then 1 else -1 end * (coalesce(told_debits, 0) - coalesce(told_credits, 0)), 0)
          as told_balance
      from ledger_account full join told using (number))
    select *, count(*) over ()::int as many from both_sums
    where debits <> told_debits or credits <> told_credits or balance <> told_balance order by id limit 1`
  if (!row) return undefined
  const says =
    `${row.id} says debits ${dollars(row.debits)}, credits ${dollars(row.credits)}, balance ${dollars(row.balance)}; ` +
    `its entries come to ${dollars(row.told_debits)}, ${dollars(row.told_credits)} and ${dollars(row.told_balance)}.`
  return { says, more: row.many - 1 }
}

async function sidesDiffer(tx: Tx): Promise<Difference | undefined> {
  const [row] = await tx<{ debits: bigint; credits: bigint }[]>`
    select coalesce(sum(debits), 0)::int8 as debits, coalesce(sum(credits), 0)::int8 as credits from ledger_account`
  if (!row || row.debits === row.credits) return undefined
  return { says: `All debits are ${dollars(row.debits)}, but all credits ${dollars(row.credits)}.`, more: 0 }
}

async function entryWithoutJournal(tx: Tx): Promise<Difference | undefined> {
  const [row] = await tx<{ id: bigint; journal: bigint; amount: bigint; many: number }[]>`
    select id, journal, amount, count(*) over ()::int as many from ledger_entry as entry
    where not exists (select from ledger_journal where number = entry.journal) order by id limit 1`
  if (!row) return undefined
  return {
    says: `Entry ${row.id} of ${dollars(row.amount)} names journal ${row.journal}, which is missing.`,
    more: row.many - 1,
  }
}

async function journalWithoutEntries(tx: Tx): Promise<Difference | undefined> {
  const [row] = await tx<{ id: string; many: number }[]>`
    select id, count(*) over ()::int as many from ledger_journal as journal
    where not exists (select from ledger_entry where journal = journal.number) order by number limit 1`
  return row && { says: `Journal ${row.id} has no entries.`, more: row.many - 1 }
}
