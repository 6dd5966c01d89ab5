import { isConventional } from './characters.ts'
import { error, type Finding } from './finding.ts'
import { type Layout, type Shape, shapeOf } from './layout.ts'
import { layouts } from './layouts.ts'
import type { ReadFileHeader } from './read-record.ts'
import { routingNumberProblem } from './routing-number.ts'
import { placeIn } from './shape-findings.ts'

export type Add = (finding: Finding) => void

const shape = shapeOf(layouts.fileHeader)

/** Which texts of a line break the banks' convention. A line that is not 94 columns wide has its finding already. */
export function judgeConvention({ layout, fitsConvention }: Shape, raw: string, line: number, add: Add): void {
  if (raw.length !== 94 || fitsConvention(raw)) return
  for (const [name, from, to, kind] of (layout as Layout).fields)
    if (kind === 'text' && !isConventional(raw.slice(from - 1, to)))
      add(error(line, 'text-convention', `${placeIn(layout, name)} holds lower case or an unusual mark`))
}

/** Which of these fields are blank, or do not begin in their first column. */
export function judgeTexts(
  layout: Layout,
  raw: string,
  line: number,
  fields: Readonly<Record<string, 'required' | 'optional'>>,
  add: Add,
): void {
  for (const [name, from, to] of layout.fields) {
    const need = fields[name]
    if (need === undefined || raw.charCodeAt(from - 1) > 0x20) continue
    const isEmpty = raw.slice(from - 1, to).trim() === ''
    if (isEmpty && need === 'required') add(error(line, 'missing-value', `${placeIn(layout, name)} is blank`))
    if (!isEmpty) add(error(line, 'alignment', `${placeIn(layout, name)} begins with a blank`))
  }
}

export function judgeFileHeader(header: ReadFileHeader, add: Add): void {
  const { line, raw } = header
  judgeConvention(shape, raw, line, add)
  judgeTexts(layouts.fileHeader, raw, line, { destinationName: 'optional', originName: 'optional' }, add)
  const destination = raw.slice(3, 13)
  const problem = destination.startsWith(' ')
    ? routingNumberProblem(destination.slice(1))
    : destination.includes(' ')
      ? 'is neither a routing number nor ten characters'
      : undefined
  if (problem !== undefined)
    add(error(line, 'destination', `${placeIn(layouts.fileHeader, 'immediateDestination')} ${problem}`))
  if (header.immediateOrigin === '')
    add(error(line, 'missing-value', `${placeIn(layouts.fileHeader, 'immediateOrigin')} is blank`))
  if (!/^[A-Z0-9]$/.test(header.fileIdModifier))
    add(error(line, 'file-id-modifier', `${placeIn(layouts.fileHeader, 'fileIdModifier')} is not A to Z or 0 to 9`))
}
