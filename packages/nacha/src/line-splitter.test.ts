import fc from 'fast-check'
import { expect, it } from 'vitest'
import { longestLine, splitLines } from './line-splitter.ts'

function linesOf(chunks: readonly (string | Uint8Array)[]): string[] {
  const lines: string[] = []
  const splitter = splitLines({
    line: (raw) => lines.push(raw),
    rest: (raw) => lines.push(`+${raw}`),
    bare: () => lines.push('bare'),
  })
  for (const chunk of chunks) splitter.push(chunk)
  splitter.end()
  return lines
}

it('ends lines with LF, CRLF and CR, wherever a chunk is cut', () => {
  const text = 'a\nbc\r\nd\re\r\r\n\nlast'
  const lines = ['a', 'bc', 'd', 'e', '', '', 'last']
  expect(linesOf([text])).toEqual(lines)
  for (let cut = 0; cut <= text.length; cut++) expect(linesOf([text.slice(0, cut), text.slice(cut)])).toEqual(lines)
  expect(linesOf([...text])).toEqual(lines)
})

it('gives the same lines for any chunks of any text', () => {
  const text = fc.string({ unit: fc.constantFrom('6', '7', ' ', '\r', '\n', 'x'), maxLength: 600 })
  fc.assert(
    fc.property(text, fc.array(fc.nat(600)), (whole, cuts) => {
      const at = [0, ...cuts.filter((cut) => cut <= whole.length).sort((a, b) => a - b), whole.length]
      const chunks = at.slice(1).map((to, i) => whole.slice(at[i], to))
      expect(linesOf(chunks)).toEqual(linesOf([whole]))
      expect(linesOf(chunks.map((chunk) => Buffer.from(chunk, 'latin1')))).toEqual(linesOf([whole]))
    }),
  )
})

it('tells records without line ends apart by their width', () => {
  const records = ['1', '5', '6', '7', '6', '8', '9', '9'].map((type) => type.padEnd(94, type === '9' ? '9' : 'x'))
  expect(linesOf([records.join('')])).toEqual(['bare', ...records])
  expect(linesOf([...records.join('')])).toEqual(['bare', ...records])
  expect(linesOf([`${records.join('')}\n`])).toEqual(['bare', ...records])
  expect(linesOf([`${records.join('')}\n${records[0]}\n`])).toEqual(['bare', ...records, records[0]])
})

it('takes a line that is a little too long for one line', () => {
  const long = `6${'x'.repeat(93)}7 `
  expect(linesOf([`${long}\n6\n`])).toEqual([long, '6'])
})

it('hands a line beyond the cap over in pieces', () => {
  const line = 'x'.repeat(2 * longestLine + 10)
  const pieces = ['x'.repeat(longestLine), `+${'x'.repeat(longestLine)}`, `+${'x'.repeat(10)}`]
  expect(linesOf([`a\n${line}\nb`])).toEqual(['a', ...pieces, 'b'])
  expect(linesOf([`a\n${line}`])).toEqual(['a', ...pieces])
  expect(linesOf([...`a\n${line}\nb`])).toEqual(['a', ...pieces, 'b'])
})
