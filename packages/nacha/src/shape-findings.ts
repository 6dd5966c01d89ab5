import { isBlank, isDigits, isPrintable } from './characters.ts'
import { error, type Finding, warning } from './finding.ts'
import { columnsText, type Field, type Layout } from './layout.ts'
import { isSecret } from './masked.ts'
import { placeOf } from './nacha-error.ts'

/** Where a field is, in the words of every finding: `Entry Detail (6), amount (columns 30-39)`. */
export function placeIn(layout: Layout, name: string): string {
  const [, from = 0, to = 0] = layout.fields.find(([each]) => each === name) ?? []
  return placeOf(layout.name, name, columnsText(from, to))
}

/**
 * What is wrong with the characters of a line of 94 columns, field by field. Slow: only for a line that does not fit.
 * Of a line that had another width nothing is quoted: its account number may have slid into any column.
 */
export const shapeFindings = (layout: Layout, text: string, line: number, isQuoted: boolean): Finding[] =>
  layout.fields.flatMap(
    (field) => fieldFinding(layout, field, text.slice(field[1] - 1, field[2]), line, isQuoted) ?? [],
  )

function fieldFinding(
  layout: Layout,
  [name, , , kind]: Field,
  columns: string,
  line: number,
  isQuoted: boolean,
): Finding | undefined {
  const place = placeIn(layout, name)
  const said = !isQuoted || isSecret(name) || columns.length > 15 ? 'what stands there' : `'${columns}'`
  if (!isPrintable(columns)) {
    const rule = kind === 'digits' || kind === 'digits?' ? error : warning
    return rule(line, 'not-ascii', `${place} holds a character outside printable ASCII`)
  }
  switch (kind) {
    case 'text':
      return undefined
    case 'blank':
      return isBlank(columns) ? undefined : warning(line, 'not-blank', `${place}: ${said} is not blank`)
    case 'digits?':
      if (isBlank(columns)) return undefined
      return digitsFinding(place, columns, said, line)
    case 'digits':
      if (isBlank(columns)) return error(line, 'not-digits', `${place} is blank`)
      return digitsFinding(place, columns, said, line)
    default:
      if (columns === kind.slice(1)) return undefined
      return warning(line, 'fixed-text', `${place}: ${said} stands where '${kind.slice(1)}' must`)
  }
}

function digitsFinding(place: string, columns: string, said: string, line: number): Finding | undefined {
  if (isDigits(columns)) return undefined
  const forgiven = isDigits(columns.replace(/^ +| +$/g, ''))
  return forgiven
    ? warning(line, 'not-zero-filled', `${place}: ${said} is not filled with zeros`)
    : error(line, 'not-digits', `${place}: ${said} is not all digits`)
}
