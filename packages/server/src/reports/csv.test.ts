import { expect, it } from 'vitest'
import { csvLine, dollarsCell, textCell } from './csv.ts'

it.each([
  ['=1+1', "'=1+1"],
  ['+15550001111', "'+15550001111"],
  ['-2', "'-2"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['  =1+1', "'  =1+1"],
  ['\u00a0=1+1', "'\u00a0=1+1"],
  ['\t1', "'\t1"],
  ['\r1', "'\r1"],
  ['\n=1', "'\n=1"],
  ['＝1+1', "'＝1+1"],
  ['1-1', '1-1'],
  ['order=1', 'order=1'],
  ['', ''],
  [null, ''],
])('writes the text %j as %j, so that no spreadsheet computes it', (text, cell) => {
  expect(textCell(text)).toBe(cell)
})

it('quotes what would be taken for the end of a cell or of a line, and ends lines as RFC 4180 says', () => {
  expect(csvLine(['a', 'b,c', 'say "no"', 'two\nlines', '', ' kept '])).toBe(
    'a,"b,c","say ""no""","two\nlines",, kept \r\n',
  )
})

it.each([
  [0n, '0.00'],
  [7n, '0.07'],
  [-7n, '-0.07'],
  [100n, '1.00'],
  [-6_050n, '-60.50'],
  [99_999_999_99n, '99999999.99'],
  [900_719_925_474_099_301n, '9007199254740993.01'],
])('writes %s cents as %s dollars', (cents, cell) => {
  expect(dollarsCell(cents)).toBe(cell)
})
