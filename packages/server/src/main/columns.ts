import { stripVTControlCharacters } from 'node:util'

const lengthOf = (cell: string): number => stripVTControlCharacters(cell).length

/** Cells under each other; those of the columns in `right` end together. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths: number[] = []
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, lengthOf(cell))
  const placed = (cell: string, at: number) => {
    const blanks = ' '.repeat((widths[at] ?? 0) - lengthOf(cell))
    return right.includes(at) ? blanks + cell : cell + blanks
  }
  return rows.map((row) => row.map(placed).join('  ').trimEnd()).join('\n')
}

/** What a bank or a person wrote, on a terminal: what a terminal would obey is shown as a question mark. */
export const harmless = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, '?')

/** To a program, cents are decimal texts under a name that says so: a JSON number does not hold every sum. */
export function withCents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withCents)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) =>
      typeof member === 'bigint' ? [`${key}Cents`, member.toString()] : [key, withCents(member)],
    ),
  )
}
