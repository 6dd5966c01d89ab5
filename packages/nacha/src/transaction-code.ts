export type AccountKind = 'checking' | 'savings' | 'ledger' | 'loan'
export type Direction = 'debit' | 'credit'
export type Purpose = 'live' | 'prenote' | 'zero' | 'return'
export type TransactionKind = Readonly<{ account: AccountKind; direction: Direction; purpose: Purpose }>

/**
 * account: live, prenote, zero-dollar and return codes of credits, then the same of debits. A loan has no debit but the
 * reversal of a credit (55), and neither prenote nor zero-dollar debits.
 */
const codes = {
  checking: {
    credit: { live: 22, prenote: 23, zero: 24, return: 21 },
    debit: { live: 27, prenote: 28, zero: 29, return: 26 },
  },
  savings: {
    credit: { live: 32, prenote: 33, zero: 34, return: 31 },
    debit: { live: 37, prenote: 38, zero: 39, return: 36 },
  },
  ledger: {
    credit: { live: 42, prenote: 43, zero: 44, return: 41 },
    debit: { live: 47, prenote: 48, zero: 49, return: 46 },
  },
  loan: { credit: { live: 52, prenote: 53, zero: 54, return: 51 }, debit: { live: 55, return: 56 } },
} as const satisfies Record<AccountKind, Record<Direction, Partial<Record<Purpose, number>>>>

/** The one debit of a loan account: it takes back a credit. */
export const loanReversalCode = codes.loan.debit.live

const kinds: readonly (TransactionKind | undefined)[] = (() => {
  const table: (TransactionKind | undefined)[] = Array.from({ length: 100 })
  for (const [account, directions] of Object.entries(codes))
    for (const [direction, purposes] of Object.entries<Record<string, number>>(directions))
      for (const [purpose, code] of Object.entries(purposes))
        table[code] = Object.freeze({ account, direction, purpose }) as TransactionKind
  return table
})()

/**
 * The code of an entry; `purpose` is `live` unless said otherwise. `return` is the code of a return or a notification
 * of change of an entry in that direction. Throws a RangeError for what has no code: prenote and zero-dollar debits of
 * loans.
 */
export function transactionCode(
  kind: Readonly<{ account: AccountKind; direction: Direction; purpose?: Purpose | undefined }>,
): number {
  const { account, direction, purpose = 'live' } = kind
  const purposes: Partial<Record<Purpose, number>> = codes[account][direction]
  const code = purposes[purpose]
  if (code === undefined) throw new RangeError(`there is no transaction code for ${account} ${direction} ${purpose}`)
  return code
}

/** Undefined: no code of the table. ADV's codes (81 to 88) are not. */
export const describeTransactionCode = (code: number): TransactionKind | undefined => kinds[code]

/**
 * On which side an entry counts. A code outside the table goes by its last digit: 5 to 9 are debits; ADV's: even ones.
 */
export function isDebitCode(code: number): boolean {
  const kind = kinds[code]
  if (kind) return kind.direction === 'debit'
  return code >= 81 && code <= 88 ? code % 2 === 0 : code % 10 >= 5
}
