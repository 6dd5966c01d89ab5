import type { Tx } from '../../db/connect.ts'
import { Money } from '../../kernel/money.ts'
import { type Check, type Difference, firstOf } from './check.ts'

/** A file's entries, the totals in its control record, and what the books say was sent with it are the same. */
export const files: Check = {
  name: 'files',
  promises: 'Each file sent holds the entries, the totals and the postings of the same money.',
  async run(tx) {
    const [counts] = await tx<{ files: number; entries: number }[]>`
      select count(*)::int as files, coalesce(sum(entries), 0)::int as entries from ach_file where ${isSent(tx)}`
    return { looked: { ...counts }, difference: firstOf([await unlikeItsEntries(tx)]) }
  },
}

/** Sent, not refused, and all its payments know: until then their journals are still being posted. */
const isSent = (tx: Tx) => tx`status in ('sent', 'accepted') and initiated_at is not null`

type Row = {
  id: string
  entries: number
  debits: bigint
  credits: bigint
  entry_count: number
  entry_debits: bigint
  entry_credits: bigint
  posted_count: number
  posted_debits: bigint
  posted_credits: bigint
  many: number
}

const dollars = (cents: bigint): string => Money.format(Money.of(cents))

async function unlikeItsEntries(tx: Tx): Promise<Difference | undefined> {
  const [row] = await tx<Row[]>`
    with written as (
      select file_id as id, count(*)::int as entry_count,
        sum(case direction when 'debit' then amount else 0 end)::int8 as entry_debits,
        sum(case direction when 'credit' then amount else 0 end)::int8 as entry_credits
      from ach_entry where not voided group by file_id),
    posted as (
      -- A debit is sent by debiting what is in transit, a credit by crediting it.
      select split_part(journal.id, ':', 2)::uuid as id, count(*)::int as posted_count,
        sum(case debit.id when 'ach:debits_in_transit' then amount else 0 end)::int8 as posted_debits,
        sum(case credit.id when 'ach:credits_in_transit' then amount else 0 end)::int8 as posted_credits
      from ledger_journal as journal
      join ledger_entry on ledger_entry.journal = journal.number
      join ledger_account as debit on debit.number = debit_account
      join ledger_account as credit on credit.number = credit_account
      where journal.id >= 'file:' and journal.id < 'file;' and split_part(journal.id, ':', 3) = 'initiated'
      group by split_part(journal.id, ':', 2)),
    file as (
      select id, entries, debits, credits, coalesce(entry_count, 0) as entry_count,
        coalesce(entry_debits, 0) as entry_debits, coalesce(entry_credits, 0) as entry_credits,
        coalesce(posted_count, 0) as posted_count, coalesce(posted_debits, 0) as posted_debits,
        coalesce(posted_credits, 0) as posted_credits
      from ach_file left join written using (id) left join posted using (id) where ${isSent(tx)})
    select *, count(*) over ()::int as many from file
    where (entries, debits, credits) <> (entry_count, entry_debits, entry_credits)
      or (entries, debits, credits) <> (posted_count, posted_debits, posted_credits)
    order by id limit 1`
  if (!row) return undefined
  const sums = (count: number, debits: bigint, credits: bigint) =>
    `${count} entries, debits ${dollars(debits)}, credits ${dollars(credits)}`
  const says =
    `File ${row.id}: its control record says ${sums(row.entries, row.debits, row.credits)}; ` +
    `it holds ${sums(row.entry_count, row.entry_debits, row.entry_credits)}; ` +
    `the books sent ${sums(row.posted_count, row.posted_debits, row.posted_credits)}.`
  return { says, more: row.many - 1 }
}
