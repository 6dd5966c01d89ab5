import type { Tx } from '../../db/connect.ts'
import { Money } from '../../kernel/money.ts'
import type { BookAccount } from '../books.ts'
import type { Check, Difference, Found } from './check.ts'
import type { Diaries, Replayed } from './diary.ts'
import { paymentDiaries } from './payment-diaries.ts'
import { payoutDiaries } from './payout-diaries.ts'

/** Every kind of subject whose diary makes entries. A room whose money the books hold adds its own here. */
const all: readonly Diaries[] = [paymentDiaries, payoutDiaries]

/** What is written down about a subject in its diary, and nothing else, is what the books hold of it. */
export const follows: Check = {
  name: 'follows',
  promises: 'The entries of each payment and payout follow from its diary, and from nothing else.',
  async run(tx) {
    const tally = openTally()
    for (const diaries of all) await tellAgain(tx, diaries, tally)
    await findStrangers(tx, tally)
    return tally.found()
  },
}

type Tally = Readonly<{
  add(what: string, many: number): void
  note(says: string): void
  found(): Found
}>

function openTally(): Tally {
  const looked: Record<string, number> = { entries: 0 }
  let difference: Difference | undefined
  return {
    add(what, many) {
      looked[what] = (looked[what] ?? 0) + many
    },
    note(says) {
      difference = difference ? { ...difference, more: difference.more + 1 } : { says, more: 0 }
    },
    found: () => ({ looked, difference }),
  }
}

const beforeAll = '00000000-0000-0000-0000-000000000000'

async function tellAgain(tx: Tx, diaries: Diaries, tally: Tally): Promise<void> {
  const { kind } = diaries
  for (let after = beforeAll; ; ) {
    const subjects = await diaries.replayAfter(tx, after)
    const last = subjects.at(-1)
    if (!last) return
    tally.add(`${kind}s`, subjects.length)
    const entries = await entriesOf(
      tx,
      subjects.map(({ id }) => id),
    )
    for (const subject of subjects) {
      const { id, broken } = subject
      const posted = entries.get(id) ?? []
      tally.add('entries', posted.length)
      if (broken) tally.note(`The ${kind} ${id} cannot be as it is: ${broken}.`)
      else for (const says of compare(subject, posted)) tally.note(`The ${kind} ${id}: ${says}`)
    }
    after = last.id
  }
}

type PostedEntry = { seq: number; debit: BookAccount; credit: BookAccount; amount: bigint; journal: string }

async function entriesOf(tx: Tx, ids: readonly string[]): Promise<Map<string, PostedEntry[]>> {
  const rows = await tx<(PostedEntry & { subject: string })[]>`
    select subject_id as subject, subject_seq as seq, debit.id as debit, credit.id as credit, amount,
      coalesce(journal.id, 'none') as journal
    from ledger_entry as entry
    join ledger_account as debit on debit.number = debit_account
    join ledger_account as credit on credit.number = credit_account
    left join ledger_journal as journal on journal.number = entry.journal
    where subject_id = any(${[...ids]}::uuid[]) order by entry.id`
  return Map.groupBy(rows, ({ subject }) => subject)
}

/** What is missing in the books, then what is too much in them. Two equal entries of one line are two. */
function compare({ due }: Replayed, posted: readonly PostedEntry[]): string[] {
  const unexplained = [...posted]
  const says: string[] = []
  for (const { seq, because, debit, credit, amount } of due) {
    const found = unexplained.findIndex(
      (entry) => entry.seq === seq && entry.debit === debit && entry.credit === credit && entry.amount === amount.minor,
    )
    if (found >= 0) unexplained.splice(found, 1)
    else
      says.push(
        `line ${seq} of its diary, ${because}, makes ${Money.format(amount)} ${debit} ← ${credit}, and the books do not have it.`,
      )
  }
  for (const { seq, debit, credit, amount, journal } of unexplained)
    says.push(
      `journal ${journal} has ${Money.format(Money.of(amount))} ${debit} ← ${credit} for line ${seq} of its diary, which does not make it.`,
    )
  return says
}

const page = 5_000

/** Entries whose subject nobody knows. */
async function findStrangers(tx: Tx, tally: Tally): Promise<void> {
  for (let after = beforeAll; ; ) {
    const rows = await tx<{ subject: string }[]>`
      select distinct subject_id as subject from ledger_entry
      where subject_id > ${after}::uuid order by subject_id limit ${page}`
    const last = rows.at(-1)
    if (!last) return
    const unknown = new Set(rows.map(({ subject }) => subject))
    for (const diaries of all) for (const id of await diaries.findIds(tx, [...unknown])) unknown.delete(id)
    for (const id of unknown) tally.note(`Entries follow from the diary of ${id}, and there is no such thing.`)
    after = last.subject
  }
}
