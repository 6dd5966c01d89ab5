import type { Records } from './auditor/records.ts'
import type { Tally } from './play.ts'
import type { PretendBank } from './pretend-bank.ts'

/** How often what happened; a name is `about: what`. */
export type Counts = Readonly<Record<string, number>>

const many = <T>(rows: Iterable<T>, is: (row: T) => boolean): number => [...rows].filter(is).length

/** What a run did: from what the auditor has read, the bank has seen, and the players have counted. */
export function whatHappened(records: Records, bank: PretendBank['counts'], tally: Tally): Counts {
  const { payments, payouts, lines, files, batches, exceptions, forMerchants, standings, holds } = records
  const ofPayments = [...lines.values()].filter(({ of }) => payments.has(of))
  const diary = (kind: string) => many(ofPayments, ({ fact }) => fact.kind === kind)
  const payout = (kind: string) => many(lines.values(), ({ of, fact }) => payouts.has(of) && fact.kind === kind)
  const counts = {
    payments: {
      ...{ debits: many(payments.values(), ({ type }) => type === 'debit') },
      ...{ credits: many(payments.values(), ({ type }) => type === 'credit') },
      ...{ refunds: many(payments.values(), ({ type }) => type === 'refund') },
    },
    diaries: Object.fromEntries(told.map((kind) => [kind.replace('_', ' '), diary(kind)])),
    payouts: {
      ...{ made: payouts.size, settled: payout('settled'), returned: payout('returned'), canceled: payout('canceled') },
    },
    files: {
      ...{ sent: bank.files, rejected: bank.rejected },
      withdrawn: many(files.values(), ({ status }) => status === 'withdrawn'),
      'released by two': many(files.values(), ({ needsRelease, offered }) => needsRelease && offered),
      balanced: many(files.values(), ({ id }) => many(batches.values(), (one) => one.file === id && !!one.offset) > 0),
    },
    bank: {
      ...{ reports: bank.reports, returns: bank.returns, exceptions: exceptions.size },
      resolved: many(exceptions.values(), ({ resolution }) => resolution !== null),
    },
    reports: {
      made: many(forMerchants.values(), ({ madeAt }) => madeAt !== null),
      delivered: many(forMerchants.values(), ({ deliveredAt }) => deliveredAt !== null),
      'tried again': many(forMerchants.values(), ({ attempts }) => attempts > 1),
    },
    rates: {
      exceeded: many(standings.values(), ({ standing }) => standing === 'exceeded'),
      held: many(holds.values(), ({ did }) => did === 'held'),
      lifted: many(holds.values(), ({ did }) => did === 'lifted'),
    },
    players: tally,
  }
  return Object.fromEntries(
    Object.entries(counts).flatMap(([about, some]) =>
      Object.entries(some).map(([what, number]) => [`${about}: ${what}`, number]),
    ),
  )
}

const told = [
  ...['approved', 'held', 'declined', 'released', 'canceled', 'scheduled', 'unscheduled', 'initiated', 'refused'],
  ...['settled', 'funds_released', 'disbursed', 'returned', 'retried', 'return_reversed', 'reversed'],
  'reversal_failed',
]

export function addUp(all: readonly Counts[]): Counts {
  const sum: Record<string, number> = {}
  for (const counts of all) for (const [name, number] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + number
  return sum
}

/** A line for everything that something is said about. */
export function tellCounts(counts: Counts): string {
  const rows = Object.entries(counts).map(([name, number]) => ({ about: name.split(': ')[0] ?? '', name, number }))
  return [...Map.groupBy(rows, ({ about }) => about)]
    .map(([about, some]) => {
      const words = some.map(({ name, number }) => `${number.toLocaleString('en')} ${name.slice(about.length + 2)}`)
      return `  ${about.padEnd(8)}  ${words.join(', ')}`
    })
    .join('\n')
}
