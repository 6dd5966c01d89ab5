/**
 * What a spreadsheet would take for a formula, after whatever blanks stand before it. The wide forms are read as the
 * plain ones in some places.
 */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u

/**
 * A text that somebody else chose. One that a spreadsheet would compute gets an apostrophe in front, which says that it
 * is a text: `=1+1` is written `'=1+1`.
 */
export const textCell = (text: string | null): string =>
  text !== null && formula.test(text) ? `'${text}` : (text ?? '')

/** Cents as dollars: a point, two places, nothing else. Below zero with a minus. */
export function dollarsCell(minor: bigint): string {
  const cents = (minor < 0n ? -minor : minor).toString().padStart(3, '0')
  return `${minor < 0n ? '-' : ''}${cents.slice(0, -2)}.${cents.slice(-2)}`
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** One line of RFC 4180, with its end. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`
