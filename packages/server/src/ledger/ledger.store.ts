import type { Tx } from '../db/connect.ts'
import { assert } from '../kernel/assert.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import { type BookAccount, books, type Change, changesOf, type Journal, merchantParts, type Posting } from './books.ts'

/**
 * Posts journals in the caller's transaction. A journal whose id was posted before is left as it is, whole.
 * Locks each account once: the merchants' in the order in which they were opened, then the platform's, which everybody
 * wants. Two callers never wait for each other in a circle if each posts once in its transaction, everything together.
 * Refuses insufficient_balance (with the account) when an account would pass its floor; the transaction is then over.
 */
export async function post(
  tx: Tx,
  journals: readonly Journal[],
  at: Date,
): Promise<{ posted: number; already: number }> {
  const wanted = onceEach(journals)
  if (wanted.length === 0) return { posted: 0, already: 0 }
  const [numbers, fresh] = await Promise.all([numbersOf(tx, accountsIn(wanted)), insertJournals(tx, wanted, at)])
  const entries: Entry[] = []
  for (const { id, postings } of wanted) {
    const journal = fresh.get(id)
    if (journal !== undefined) for (const posting of postings) entries.push({ journal, posting })
  }
  if (entries.length > 0) await writeEntries(tx, entries, numbers)
  return { posted: fresh.size, already: journals.length - fresh.size }
}

/** Checked, each once, in the order of their ids: whoever posts the same ones waits at the first, not in a circle. */
function onceEach(journals: readonly Journal[]): Journal[] {
  const byId = new Map<string, Journal>()
  for (const journal of journals) {
    assert(journal.postings.length > 0, `journal ${journal.id} has at least one entry`)
    assert(
      journal.postings.every(({ amount }) => Money.isPositive(amount)),
      `the entries of journal ${journal.id} are about money`,
    )
    if (!byId.has(journal.id)) byId.set(journal.id, journal)
  }
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

function accountsIn(journals: readonly Journal[]): BookAccount[] {
  const names = new Set<BookAccount>()
  for (const { postings } of journals) for (const { debit, credit } of postings) names.add(debit).add(credit)
  return [...names]
}

type Numbers = ReadonlyMap<BookAccount, number>

async function numbersOf(tx: Tx, names: readonly BookAccount[]): Promise<Numbers> {
  const rows = await tx<{ id: BookAccount; number: number }[]>`
    select id, number from ledger_account where id = any(${[...names]}::text[])`
  const numbers = new Map(rows.map(({ id, number }) => [id, number]))
  for (const name of names) assert(numbers.has(name), `the account ${name} is open`)
  return numbers
}

/** The numbers of the journals that are new. One that another transaction is just posting is waited for. */
async function insertJournals(tx: Tx, journals: readonly Journal[], at: Date): Promise<Map<string, bigint>> {
  const rows = await tx<{ id: string; number: bigint }[]>`
    insert into ledger_journal (id, reason, day, posted_at)
    select id, reason, day, ${at}::timestamptz
    from unnest(${journals.map(({ id }) => id)}::text[], ${journals.map(({ reason }) => reason)}::text[],
      ${journals.map(({ day }) => day)}::date[]) as journal (id, reason, day)
    on conflict (id) do nothing
    returning id, number`
  return new Map(rows.map(({ id, number }) => [id, number]))
}

type Entry = Readonly<{ journal: bigint; posting: Posting }>

/** Locks the accounts, moves their balances, writes the entries: sent together, so that the locks are held briefly. */
async function writeEntries(tx: Tx, entries: readonly Entry[], numbers: Numbers): Promise<void> {
  const numberOf = (account: BookAccount) => numbers.get(account) as number
  const changes = changesOf(entries.map(({ posting }) => posting))
  const accounts = changes.map(({ account }) => numberOf(account))
  // A query is sent when it is executed or awaited, and awaiting does not keep the order. The locks must come first.
  const sent = [
    lockAccounts(tx, accounts).execute(),
    moveBalances(tx, accounts, changes).execute(),
    insertEntries(tx, entries, numberOf).execute(),
  ]
  await Promise.all(sent).catch(belowFloor)
}

/** Until the transaction ends. */
const lockAccounts = (tx: Tx, accounts: readonly number[]) =>
  tx`select from ledger_account where number = any(${[...accounts]}::int[])
     order by merchant_id is null, number for no key update`

const moveBalances = (tx: Tx, accounts: readonly number[], changes: readonly Change[]) => tx`
  update ledger_account as account
  set debits = account.debits + change.debits, credits = account.credits + change.credits
  from unnest(${[...accounts]}::int[], ${changes.map(({ debits }) => debits.toString())}::bigint[],
    ${changes.map(({ credits }) => credits.toString())}::bigint[]) as change (number, debits, credits)
  where account.number = change.number`

function insertEntries(tx: Tx, entries: readonly Entry[], numberOf: (account: BookAccount) => number) {
  const postings = entries.map(({ posting }) => posting)
  return tx`
    insert into ledger_entry (journal, debit_account, credit_account, amount, subject_id, subject_seq)
    select * from unnest(${entries.map(({ journal }) => journal.toString())}::bigint[],
      ${postings.map(({ debit }) => numberOf(debit))}::int[], ${postings.map(({ credit }) => numberOf(credit))}::int[],
      ${postings.map(({ amount }) => amount.minor.toString())}::bigint[],
      ${postings.map(({ subjectId }) => subjectId ?? null)}::uuid[],
      ${postings.map(({ subjectSeq }) => subjectSeq ?? null)}::int[])`
}

type PostgresError = Readonly<{ constraint_name?: string; detail?: string }>

function belowFloor(error: PostgresError): never {
  if (error.constraint_name !== 'balance_above_floor') throw error
  // "Failing row contains (12, merchant:…:outgoing, …": PostgreSQL names the row by its columns, in order.
  throw new Refusal('insufficient_balance', { account: /contains \(\d+, ([^,]+),/.exec(error.detail ?? '')?.[1] })
}

/** Opens what a merchant needs. Opened already: nothing happens. */
export async function openMerchantAccounts(tx: Tx, merchantId: MerchantId): Promise<void> {
  const names = merchantParts.map((part) => books[part](merchantId))
  await tx`
    insert into ledger_account (id, merchant_id, normal, floor)
    select id, ${merchantId}, 'credit', case when id = ${books.available(merchantId)} then null else 0 end
    from unnest(${names}::text[]) with ordinality as part (id, place) order by place
    on conflict (id) do nothing`
}

/**
 * The balance in cents. Locks the account's row until the transaction ends; of several accounts, a merchant's
 * `available` is taken first, the platform's last, as `post` does it.
 */
export async function takeBalance(tx: Tx, account: BookAccount): Promise<bigint> {
  const [row] = await tx<{ balance: bigint }[]>`
    select balance from ledger_account where id = ${account} for no key update`
  assert(row, `the account ${account} is open`)
  return row.balance
}
