import type { BatchTotals, FileTotals } from './file.ts'
import { isDebitCode } from './transaction-code.ts'

/** Running totals. Amounts of one kind of record are added up once, here, for writing and reading alike. */
export type Tally = { entries: number; records: number; hash: number; debits: bigint; credits: bigint }

const hashModulus = 10_000_000_000

export const newTally = (): Tally => ({ entries: 0, records: 0, hash: 0, debits: 0n, credits: 0n })

/** Adds a 6 record: the eight digits of its receiving bank, its code and its cents. */
export function addEntry(tally: Tally, receivingDfi: number, transactionCode: number, amount: bigint): void {
  tally.entries++
  tally.records++
  tally.hash = (tally.hash + receivingDfi) % hashModulus
  if (amount === 0n) return
  if (isDebitCode(transactionCode)) tally.debits += amount
  else tally.credits += amount
}

/** Adds what a batch came to. */
export function addTally(tally: Tally, batch: Tally): void {
  tally.entries += batch.entries
  tally.records += batch.records
  tally.hash = (tally.hash + batch.hash) % hashModulus
  tally.debits += batch.debits
  tally.credits += batch.credits
}

export const totalsOf = ({ entries, records, hash, debits, credits }: Tally): BatchTotals => ({
  ...{ entries, entryAndAddenda: records, debits, credits, entryHash: String(hash).padStart(10, '0') },
})

/** What several files that stand in one come to. */
export function sumOfTotals(all: readonly FileTotals[], padding = 0): FileTotals {
  const count = (name: 'batches' | 'entries' | 'entryAndAddenda' | 'lines') =>
    all.reduce((sum, one) => sum + one[name], 0)
  const cents = (name: 'debits' | 'credits') => all.reduce((sum, one) => sum + one[name], 0n)
  const hash = all.reduce((sum, one) => sum + Number(one.entryHash), 0) % hashModulus
  return {
    batches: count('batches'),
    entries: count('entries'),
    entryAndAddenda: count('entryAndAddenda'),
    debits: cents('debits'),
    credits: cents('credits'),
    entryHash: String(hash).padStart(10, '0'),
    lines: count('lines') + padding,
  }
}
