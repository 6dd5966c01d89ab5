import type { House } from '../house.ts'
import type { Day } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { BookAccount } from './books.ts'

type Reader = Pick<House, 'sql'>

/** On which side an account grows. */
export type Side = 'debit' | 'credit'

export type AccountBalance = Readonly<{
  account: BookAccount
  normal: Side
  /** Null: it may go as low as the facts say. */
  floor: Money | null
  debits: Money
  credits: Money
  balance: Money
}>

type BalanceRow = {
  id: BookAccount
  normal: Side
  floor: bigint | null
  debits: bigint
  credits: bigint
  balance: bigint
}

const toBalance = ({ id, normal, floor, debits, credits, balance }: BalanceRow): AccountBalance => ({
  account: id,
  normal,
  floor: floor === null ? null : Money.of(floor),
  ...{ debits: Money.of(debits), credits: Money.of(credits), balance: Money.of(balance) },
})

/**
 * A merchant's five accounts, or without a merchant the platform's, followed by what all merchants have together, as
 * `merchant:*:pending`. Refuses merchant_not_found.
 */
export async function readBalances({ sql }: Reader, merchantId?: MerchantId): Promise<AccountBalance[]> {
  const rows = merchantId
    ? await sql<BalanceRow[]>`select * from ledger_account where merchant_id = ${merchantId} order by number`
    : await sql<BalanceRow[]>`
        select id, normal, floor, debits, credits, balance from (
          select number, id, normal, floor, debits, credits, balance from ledger_account where merchant_id is null
          union all
          select min(number), 'merchant:*:' || part, normal, max(floor), sum(debits)::int8, sum(credits)::int8,
            sum(balance)::int8
          from ledger_account cross join lateral split_part(id, ':', 3) as part
          where merchant_id is not null group by part, normal) as account
        order by (id like 'merchant:%'), number`
  if (merchantId && rows.length === 0) throw new Refusal('merchant_not_found', { id: merchantId })
  return rows.map(toBalance)
}

/** `after`: the cursor at the end of the page before. A hundred lines unless said otherwise, never over a thousand. */
export type Page = Readonly<{ limit?: number | undefined; after?: string | undefined }>

const mostOnPage = 1_000
const beyondAll = (2n ** 63n - 1n).toString()
const limitOf = ({ limit = 100 }: Page): number => Math.max(1, Math.min(limit, mostOnPage))

export type StatementLine = Readonly<{
  entry: bigint
  journal: string
  reason: string
  day: Day
  postedAt: Date
  /** On which side of this account it stands. */
  side: Side
  other: BookAccount
  amount: Money
  /** This account's, after the entry. */
  balance: Money
  subject: Readonly<{ id: string; seq: number }> | null
}>

export type Statement = Readonly<{ account: AccountBalance; lines: readonly StatementLine[]; next: string | null }>

type EntryRow = {
  entry: bigint | null
  journal: string
  reason: string
  day: Day
  posted_at: Date
  side: Side
  other: BookAccount
  amount: bigint
  subject_id: string | null
  subject_seq: number | null
}

/**
 * An account's entries, newest first, each with the balance that it left. A page's cursor remembers the balance, so
 * that nothing is summed. Refuses: book_account_not_found, invalid_request (a cursor that is none).
 */
export async function listEntries({ sql }: Reader, account: BookAccount, page: Page = {}): Promise<Statement> {
  const limit = limitOf(page)
  const from = page.after === undefined ? undefined : parseCursor(page.after)
  const before = from?.entry ?? beyondAll
  // One statement, so that balance and entries are of the same moment. "limit 1" has each line's journal looked up
  // by itself: a join may be planned when there are few, and read all of them when there are many.
  const rows = await sql<(BalanceRow & EntryRow)[]>`
    select account.*, entry.id as entry, journal.id as journal, reason, day, posted_at, side, other.id as other, amount,
      subject_id, subject_seq
    from ledger_account as account
    left join lateral (
      select * from (
        (select *, 'debit' as side, credit_account as other_account from ledger_entry
         where debit_account = account.number and id < ${before}::int8
         order by id desc limit ${limit + 1})
        union all
        (select *, 'credit', debit_account from ledger_entry
         where credit_account = account.number and id < ${before}::int8
         order by id desc limit ${limit + 1})) as both_sides
      order by id desc limit ${limit + 1}) as entry on true
    left join lateral (select * from ledger_journal where number = entry.journal limit 1) as journal on true
    left join lateral (select id from ledger_account where number = entry.other_account limit 1) as other on true
    where account.id = ${account} order by entry.id desc`
  const [first] = rows
  if (!first) throw new Refusal('book_account_not_found', { account })
  const entries = rows.filter(({ entry }) => entry !== null)
  const { lines, left } = withBalances(entries.slice(0, limit), first.normal, from?.balance ?? first.balance)
  const last = lines.at(-1)
  const next = entries.length > limit && last ? `${last.entry}.${left}` : null
  return { account: toBalance(first), lines, next }
}

/** From the newest balance back to the one before the oldest line. */
function withBalances(rows: readonly EntryRow[], normal: Side, newest: bigint) {
  let left = newest
  const lines = rows.map((row): StatementLine => {
    const balance = left
    left -= row.side === normal ? row.amount : -row.amount
    return {
      ...{
        entry: row.entry as bigint,
        journal: row.journal,
        reason: row.reason,
        day: row.day,
        postedAt: row.posted_at,
      },
      ...{ side: row.side, other: row.other, amount: Money.of(row.amount), balance: Money.of(balance) },
      subject: row.subject_id === null ? null : { id: row.subject_id, seq: row.subject_seq as number },
    }
  })
  return { lines, left }
}

function parseCursor(text: string): { entry: string; balance: bigint } {
  const [, entry, balance] = /^(\d{1,18})\.(-?\d{1,18})$/.exec(text) ?? []
  if (entry === undefined || balance === undefined) throw badCursor()
  return { entry, balance: BigInt(balance) }
}

const badCursor = () =>
  new Refusal('invalid_request', {
    errors: [{ pointer: '/after', code: 'invalid', message: 'must be the cursor at the end of a page' }],
  })

export type JournalEntry = Readonly<{
  entry: bigint
  debit: BookAccount
  credit: BookAccount
  amount: Money
  subject: Readonly<{ id: string; seq: number }> | null
}>

export type JournalView = Readonly<{
  id: string
  reason: string
  day: Day
  postedAt: Date
  /** What it moved from where to where, over all its entries. */
  moved: readonly Readonly<{ debit: BookAccount; credit: BookAccount; amount: Money; entries: number }>[]
  entries: readonly JournalEntry[]
  next: string | null
}>

type JournalRow = { number: bigint; id: string; reason: string; day: Day; posted_at: Date }
type PairRow = { debit: BookAccount; credit: BookAccount; amount: bigint; entries: number }
type JournalEntryRow = Omit<PairRow, 'entries'> & {
  entry: bigint
  subject_id: string | null
  subject_seq: number | null
}

/** A journal, with its entries in the order in which they were written. Refuses: journal_not_found, invalid_request. */
export async function readJournal({ sql }: Reader, id: string, page: Page = {}): Promise<JournalView> {
  const limit = limitOf(page)
  const after = page.after ?? '0'
  if (!/^\d{1,18}$/.test(after)) throw badCursor()
  const [journal] = await sql<JournalRow[]>`select * from ledger_journal where id = ${id}`
  if (!journal) throw new Refusal('journal_not_found', { id })
  // A journal and its entries are written together and never change, so these need not be one statement.
  const [pairs, rows] = await Promise.all([
    sql<PairRow[]>`
      select debit.id as debit, credit.id as credit, amount, entries
      from (select debit_account, credit_account, sum(amount)::int8 as amount, count(*)::int as entries
            from ledger_entry where journal = ${journal.number} group by 1, 2) as pair
      join ledger_account as debit on debit.number = debit_account
      join ledger_account as credit on credit.number = credit_account
      order by amount desc, debit, credit limit ${mostOnPage}`,
    sql<JournalEntryRow[]>`
      select entry.id as entry, debit.id as debit, credit.id as credit, amount, subject_id, subject_seq
      from ledger_entry as entry
      join ledger_account as debit on debit.number = debit_account
      join ledger_account as credit on credit.number = credit_account
      where journal = ${journal.number} and entry.id > ${after}::int8 order by entry.id limit ${limit + 1}`,
  ])
  const entries = rows.slice(0, limit).map(toJournalEntry)
  const next = rows.length > limit ? `${entries.at(-1)?.entry}` : null
  const moved = pairs.map((pair) => ({ ...pair, amount: Money.of(pair.amount) }))
  const { reason, day, posted_at: postedAt } = journal
  return { id, reason, day, postedAt, moved, entries, next }
}

const toJournalEntry = (row: JournalEntryRow): JournalEntry => ({
  ...{ entry: row.entry, debit: row.debit, credit: row.credit, amount: Money.of(row.amount) },
  subject: row.subject_id === null ? null : { id: row.subject_id, seq: row.subject_seq as number },
})
