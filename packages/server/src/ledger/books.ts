import type { Day } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import type { Money } from '../kernel/money.ts'

declare const account: unique symbol
/** The name of an account of the books: `bank:settlement`, `merchant:<id>:pending`. */
export type BookAccount = string & { readonly [account]: true }

const named = (name: string): BookAccount => name as BookAccount

/**
 * What a merchant has, each in an account of its own. They are opened in this order, and locked in it: the first is the
 * one that a wish locks by itself, looks at, and posts to then.
 */
export const merchantParts = ['available', 'pending', 'held', 'outgoing', 'reserve'] as const
export type MerchantPart = (typeof merchantParts)[number]

const ofMerchant = (part: MerchantPart) => (merchantId: MerchantId) => named(`merchant:${merchantId}:${part}`)

/** Every account there is. docs/concepts/books.md says what each of them is for. */
export const books = {
  /** Cash at the originating bank. */
  bank: named('bank:settlement'),
  debitsInTransit: named('ach:debits_in_transit'),
  creditsInTransit: named('ach:credits_in_transit'),
  /** Money in a report that fits nothing yet. */
  suspense: named('ach:suspense'),
  fees: named('platform:fees'),
  losses: named('platform:losses'),
  /** Micro-deposits. */
  verification: named('platform:verification'),

  /** The merchant's debits on their way. */
  pending: ofMerchant('pending'),
  /** Settled, and not yet released. */
  held: ofMerchant('held'),
  /** What may be paid out. The only one that may be negative: a return is a fact. */
  available: ofMerchant('available'),
  /** Refunds, credits and payouts that are accepted and not yet sent. */
  outgoing: ofMerchant('outgoing'),
  /** Kept back by agreement. */
  reserve: ofMerchant('reserve'),
} as const

/**
 * One entry: it names the account to debit and the one to credit, so it cannot be unbalanced.
 * The subject says whose diary the entry follows from, and which line of it.
 */
export type Posting = Readonly<{
  debit: BookAccount
  credit: BookAccount
  amount: Money
  subjectId?: string
  subjectSeq?: number
}>

/**
 * Entries that belong together. The id is derived from what the journal records, so that it posts once however often it
 * is told. The day is the Eastern day to which it belongs: a day of the bank's statement.
 */
export type Journal = Readonly<{ id: string; reason: string; day: Day; postings: readonly Posting[] }>

export type Change = Readonly<{ account: BookAccount; debits: bigint; credits: bigint }>

/** What postings do to each account that they name, in cents. */
export function changesOf(postings: readonly Posting[]): Change[] {
  const changes = new Map<BookAccount, { account: BookAccount; debits: bigint; credits: bigint }>()
  const change = (account: BookAccount) => {
    const known = changes.get(account) ?? { account, debits: 0n, credits: 0n }
    changes.set(account, known)
    return known
  }
  for (const { debit, credit, amount } of postings) {
    change(debit).debits += amount.minor
    change(credit).credits += amount.minor
  }
  return [...changes.values()]
}
