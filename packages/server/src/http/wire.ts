import { Type } from 'typebox'
import { looksLikeId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { invalid } from './errors.ts'

/** Pieces of the wire that more than one room speaks. */
export const AmountWire = Type.Object(
  {
    value: Type.Number({ description: 'Dollars, above 0, at most two decimals.', examples: [1.0] }),
    currency: Type.String({ description: 'USD', examples: ['USD'], maxLength: 10 }),
  },
  { title: 'Amount' },
)

export const IdParams = Type.Object({ id: Type.String({ maxLength: 200, description: 'A UUID.' }) })

export const errors = (...statuses: number[]) =>
  Object.fromEntries(statuses.map((status) => [status, Type.Ref('Error')])) as Record<
    number,
    ReturnType<typeof Type.Ref>
  >

/** An amount above zero, or a refusal that points at what is wrong. */
export function amountFromWire(amount: { value: number; currency: string }, pointer = '/amount'): Money {
  if (amount.currency.toUpperCase() !== 'USD')
    throw invalid({ pointer: `${pointer}/currency`, code: 'currency', message: 'must be USD' })
  const money = Money.fromWire(amount.value)
  if (!money || !Money.isPositive(money))
    throw invalid({
      pointer: `${pointer}/value`,
      code: 'amount',
      message: 'must be more than 0 and have at most two decimals',
    })
  return money
}

/** An optional text: the empty one means absent. */
export const optionalText = (text: string | null | undefined): string | null => {
  const trimmed = text?.trim()
  return trimmed ? trimmed : null
}

/** A required text, trimmed; blank is refused. */
export function requiredText(text: string, pointer: string): string {
  const trimmed = text.trim()
  if (!trimmed) throw invalid({ pointer, code: 'blank', message: 'must not be blank' })
  return trimmed
}

/** An instant, or the beginning of a day in UTC. */
export function instantFrom(text: string, pointer: string): Date {
  const at = Date.parse(text)
  // Outside the years 1 to 9999 a date is written in a form that PostgreSQL does not read.
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(at) || !/^(?!0000)\d{4}-/.test(new Date(at).toISOString()))
    throw invalid({ pointer, code: 'date', message: 'must be an ISO 8601 date or time' })
  return new Date(at)
}

export const PageQuery = {
  limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$', description: '1 to 100; 25 when absent.' })),
  after: Type.Optional(Type.String({ maxLength: 100, description: 'The nextCursor of the page before.' })),
}

export type Page = Readonly<{ limit: number; after: string | null }>

export function pageFrom(query: { limit?: string; after?: string }): Page {
  const limit = query.limit === undefined ? 25 : Number(query.limit)
  if (limit < 1 || limit > 100) throw invalid({ pointer: '?limit', code: 'range', message: 'must be from 1 to 100' })
  if (query.after !== undefined && !looksLikeId(query.after))
    throw invalid({ pointer: '?after', code: 'cursor', message: 'must be the nextCursor of a page' })
  return { limit, after: query.after ?? null }
}

/** A page for the wire from limit + 1 rows, newest first. */
export function pageToWire<Row extends { id: string }, Wire>(
  rows: readonly Row[],
  page: Page,
  wire: (row: Row) => Wire,
) {
  const shown = rows.slice(0, page.limit)
  const hasMore = rows.length > page.limit
  return { data: shown.map(wire), hasMore, nextCursor: hasMore ? (shown.at(-1)?.id ?? null) : null }
}

export const pageOf = <T extends Parameters<typeof Type.Array>[0]>(item: T) =>
  Type.Object({
    data: Type.Array(item),
    hasMore: Type.Boolean(),
    nextCursor: Type.Union([Type.String(), Type.Null()]),
  })
