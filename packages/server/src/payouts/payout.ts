import { never } from '../kernel/assert.ts'
import type { BankingDay, Day } from '../kernel/banking-day.ts'
import type { Id, MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'

export type PayoutId = Id<'payout'>

/** An ACH entry has ten digits for its amount. */
export const mostPerPayout = Money.of(99_999_999_99n)

/** A merchant's own account, where payouts go. The number is sealed. */
export type PayoutAccount = Readonly<{
  routingNumber: string
  type: 'checking' | 'savings'
  lastFour: string
  numberSealed: string
}>

/** What the number of a merchant's payout account is sealed for. */
export const payoutNumberContext = (merchantId: MerchantId): string => `payout-account:${merchantId}`

type Common = Readonly<{
  id: PayoutId
  merchantId: MerchantId
  amount: Money
  /** The banking day on whose evening it was made. */
  day: BankingDay
  /** Which time it is (to be) presented. */
  presentment: number
  /** How many lines its diary has. */
  moves: number
  /** The entries of the merchant's available account that it pays out: after the first number, up to the last. */
  afterEntry: bigint
  lastEntry: bigint
  /** When the payout before it was accepted. Null: it is the first. */
  periodFrom: Date | null
  /** Where it goes, as it was when it was made. */
  account: PayoutAccount
  /** The effective date of the file that it stands in. */
  effectiveOn: Day | null
  settledOn: Day | null
  createdAt: Date
}>

/** Where a payout may come back from. */
export type ReturnedFrom = 'initiated' | 'settled'

/** A payout in each of its states. One that is drafted stands in nobody's books, and is never stored. */
export type Payout = Common &
  (
    | { status: 'drafted' | 'accepted' | 'scheduled' | 'initiated' | 'settled' | 'canceled' }
    | { status: 'returned'; returnCode: string; returnedFrom: ReturnedFrom }
  )

export type PayoutStatus = Payout['status']

/** What happens to a payout. Each fact is written to its diary, from which the books can be recomputed. */
export type PayoutFact =
  | { kind: 'accepted' }
  | { kind: 'scheduled'; fileId: string; effectiveOn: Day }
  /** The file was withdrawn before it was sent. */
  | { kind: 'unscheduled'; reason: string }
  | { kind: 'initiated'; traceNumber: string }
  /** The bank refused the whole file: nothing of it was processed. */
  | { kind: 'refused'; reason: string }
  | { kind: 'settled'; on: Day }
  | { kind: 'returned'; code: string; on: Day }
  /** The return was dishonored: it counts as never made. */
  | { kind: 'return_reversed'; code: string }
  | { kind: 'canceled'; by: string }

export type PayoutFactKind = PayoutFact['kind']

/** The whole machine on one screen. docs/concepts/payout-lifecycle.md is drawn from this table. */
export const moves = {
  drafted: ['accepted'],
  accepted: ['scheduled', 'canceled'],
  scheduled: ['initiated', 'unscheduled'],
  initiated: ['settled', 'returned', 'refused'],
  // Not the end: the merchant's bank may send it back for two banking days.
  settled: ['returned'],
  returned: ['return_reversed'],
  canceled: [],
} as const satisfies Record<PayoutStatus, readonly PayoutFactKind[]>

export const canMove = ({ status }: Pick<Payout, 'status'>, kind: PayoutFactKind): boolean =>
  (moves[status] as readonly string[]).includes(kind)

/** Refuses payout_not_movable. */
export function move(payout: Payout, fact: PayoutFact): Payout {
  if (!canMove(payout, fact.kind)) throw new Refusal('payout_not_movable', { from: payout.status, fact: fact.kind })
  const {
    returnCode: _code,
    returnedFrom,
    ...common
  } = payout as Payout & {
    returnCode?: string
    returnedFrom?: ReturnedFrom
  }
  const next = { ...common, moves: payout.moves + 1 }
  switch (fact.kind) {
    case 'accepted':
      return { ...next, status: 'accepted' }
    case 'scheduled':
      return { ...next, status: 'scheduled', effectiveOn: fact.effectiveOn }
    case 'unscheduled':
      return { ...next, status: 'accepted', effectiveOn: null }
    case 'initiated':
      return { ...next, status: 'initiated' }
    case 'refused':
      return { ...next, status: 'accepted', effectiveOn: null, presentment: payout.presentment + 1 }
    case 'settled':
      return { ...next, status: 'settled', settledOn: fact.on }
    case 'returned':
      return { ...next, status: 'returned', returnCode: fact.code, returnedFrom: payout.status as ReturnedFrom }
    case 'return_reversed':
      return { ...next, status: returnedFrom ?? 'settled' }
    case 'canceled':
      return { ...next, status: 'canceled' }
    default:
      return never(fact)
  }
}
