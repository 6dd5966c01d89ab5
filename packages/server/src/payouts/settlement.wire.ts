import { type Static, Type } from 'typebox'
import { invalid } from '../http/errors.ts'
import { PageQuery, pageFrom, pageOf } from '../http/wire.ts'
import { addBankingDays, type Day, parseDay } from '../kernel/banking-day.ts'
import { Money } from '../kernel/money.ts'
import type { PayoutFilter, PayoutItem, PayoutWithLines } from './payout.queries.ts'
import type { PayoutStatus } from './payout.ts'
import { type LineKind, lineKinds } from './payout-statement.ts'

/** A settlement on the wire is what is called a payout inside. */
const wireStatus = {
  drafted: 'ACCEPTED',
  accepted: 'ACCEPTED',
  scheduled: 'SCHEDULED',
  initiated: 'INITIATED',
  settled: 'PAID',
  returned: 'RETURNED',
  canceled: 'CANCELED',
} as const satisfies Record<PayoutStatus, string>
const statuses = [...new Set(Object.values(wireStatus))]

const kindToWire = (kind: LineKind): string => kind.toUpperCase()
const kinds = Object.keys(lineKinds).map((kind) => kindToWire(kind as LineKind))

const SignedAmount = Type.Object(
  {
    value: Type.Number({ description: 'Dollars; below zero, what was taken.', examples: [-0.8] }),
    currency: Type.String({ examples: ['USD'] }),
  },
  { title: 'SignedAmount' },
)

const aDay = (description: string) => Type.String({ description, examples: ['2026-01-06'] })
const instant = (description: string) => Type.String({ description, format: 'date-time' })

const Line = Type.Object(
  { kind: Type.Enum(kinds), count: Type.Integer(), amount: SignedAmount },
  { title: 'SettlementLine' },
)

export const SettlementWire = Type.Object(
  {
    settlementId: Type.String(),
    status: Type.Enum(statuses),
    amount: SignedAmount,
    day: aDay('The banking day on whose evening it was made.'),
    expectedOn: Type.Optional(aDay("The banking day on which it reaches the merchant's bank; not of a canceled one.")),
    settledOn: Type.Optional(aDay('When it did.')),
    returnCode: Type.Optional(Type.String({ description: 'Why it came back.', examples: ['R03'] })),
    accountLastFourDigits: Type.String({ examples: ['0001'] }),
    periodFrom: Type.Optional(instant('The settlement before it was made then; the first has none.')),
    periodTo: instant('What became available until then is in it.'),
    lines: Type.Array(Line, { description: 'What the amount is made of: they add up to it, to the cent.' }),
  },
  { title: 'Settlement' },
)

const toWire = (cents: bigint) => Money.toWire(Money.of(cents))

export const settlementToWire = ({ payout, lines }: PayoutWithLines): Static<typeof SettlementWire> => ({
  settlementId: payout.id,
  status: wireStatus[payout.status],
  amount: Money.toWire(payout.amount),
  day: payout.day,
  ...(payout.status === 'canceled' ? {} : { expectedOn: payout.effectiveOn ?? addBankingDays(payout.day, 1) }),
  ...(payout.settledOn === null ? {} : { settledOn: payout.settledOn }),
  ...(payout.status === 'returned' ? { returnCode: payout.returnCode } : {}),
  accountLastFourDigits: payout.account.lastFour,
  ...(payout.periodFrom === null ? {} : { periodFrom: payout.periodFrom.toISOString() }),
  periodTo: payout.createdAt.toISOString(),
  lines: lines.map(({ kind, many, amount }) => ({ kind: kindToWire(kind), count: many, amount: toWire(amount) })),
})

export const ListSettlementsQuery = Type.Object({
  ...PageQuery,
  status: Type.Optional(Type.String({ maxLength: 30, description: statuses.join(', ') })),
  from: Type.Optional(Type.String({ maxLength: 20, description: 'Made on this day or later, YYYY-MM-DD.' })),
  to: Type.Optional(Type.String({ maxLength: 20, description: 'Made on this day or earlier, YYYY-MM-DD.' })),
})

/** Refuses invalid_request. */
export function filterFromWire(query: Static<typeof ListSettlementsQuery>): PayoutFilter {
  const page = pageFrom(query)
  const wanted = query.status?.toUpperCase()
  const matching = (Object.keys(wireStatus) as PayoutStatus[]).filter((status) => wireStatus[status] === wanted)
  if (wanted && matching.length === 0)
    throw invalid({ pointer: '?status', code: 'enum', message: `must be one of ${statuses.join(', ')}` })
  const from = dayFrom(query.from, '?from')
  return {
    limit: page.limit + 1,
    after: page.after,
    statuses: wanted ? matching : null,
    from,
    to: dayFrom(query.to, '?to'),
  }
}

function dayFrom(text: string | undefined, pointer: string): Day | null {
  const day = text === undefined ? null : parseDay(text)
  if (day === undefined) throw invalid({ pointer, code: 'day', message: 'must be a day, such as 2026-01-06' })
  return day
}

const SettlementPayment = Type.Object(
  {
    paymentId: Type.String(),
    transactionType: Type.Enum(['DEBIT', 'CREDIT']),
    kind: Type.Enum(kinds, { description: 'The line that it is in.' }),
    clientReferenceId: Type.Optional(Type.String()),
    amount: SignedAmount,
    fee: SignedAmount,
    net: SignedAmount,
  },
  { title: 'SettlementPayment' },
)

export const SettlementPaymentsPage = pageOf(SettlementPayment)

export const SettlementPaymentsQuery = Type.Object({
  limit: PageQuery.limit,
  after: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}$', description: 'The nextCursor of the page before.' })),
})

export const itemPageFrom = ({ limit, after }: Static<typeof SettlementPaymentsQuery>) => ({
  limit: pageFrom(limit === undefined ? {} : { limit }).limit,
  after: after === undefined ? null : BigInt(after),
})

/** A page from limit + 1 items, in the order in which they happened. */
export function itemsToWire(items: readonly PayoutItem[], limit: number): Static<typeof SettlementPaymentsPage> {
  const shown = items.slice(0, limit)
  const hasMore = items.length > limit
  return { data: shown.map(itemToWire), hasMore, nextCursor: hasMore ? String(shown.at(-1)?.entry) : null }
}

const itemToWire = (item: PayoutItem): Static<typeof SettlementPayment> => ({
  paymentId: item.paymentId,
  transactionType: item.type === 'debit' ? 'DEBIT' : 'CREDIT',
  kind: kindToWire(item.kind),
  ...(item.clientReferenceId === null ? {} : { clientReferenceId: item.clientReferenceId }),
  amount: toWire(item.amount),
  fee: toWire(item.fee),
  net: toWire(item.net),
})
