import { expect, it } from 'vitest'
import { maskedLine } from './masked-line.ts'

const entry = (account: string, tail = '0000010000A1B2C3D4E5F6A7BADA BYRON             S 1') =>
  `626044444444${account.padEnd(17)}${tail.padEnd(50)}044444440000017`

it('masks the account number of an entry by its columns, and leaves every other column where it is', () => {
  const line = maskedLine(entry('000123456789'))
  expect(line).toBe(entry('********6789'))
  expect(line).toHaveLength(94)
  expect(maskedLine(entry('12-345-A78'))).toBe(entry('******-A78'))
})

it('shows nothing of an account number that is hardly longer than four', () => {
  expect(maskedLine(entry('123'))).toBe(entry('***'))
  expect(maskedLine(entry('1234'))).toContain('044444444****    ')
  expect(maskedLine(entry('12345'))).toBe(entry('*2345'))
})

it('masks an account number that itself holds what JavaScript takes for a pattern', () => {
  expect(maskedLine(entry('1234567890$&12'))).toBe(entry('**********$&12'))
})

it('masks the number of an international entry, which stands elsewhere', () => {
  const line = `6270910000190007             0000010000${'GB29NWBK60161331926819'.padEnd(35)}    1091000010000001`
  expect(maskedLine(line)).not.toContain('60161331')
  expect(maskedLine(line)).toContain('******************6819')
  expect(maskedLine(line)).toHaveLength(line.length)
})

it('masks what a correction says, and keeps which entry it is about', () => {
  const change = (data: string) => `798C01044444440000017      09100001${data.padEnd(44)}091000010000003`
  expect(maskedLine(change('000987654321'))).toBe(change('********4321'))
  expect(maskedLine(change('091000019   000987654321'))).toBe(change('*****0019   ********4321'))
  expect(maskedLine(change('ADA LOVELACE'))).toBe(change('ADA LOVELACE'))
})

it('masks numbers in the free text of a return', () => {
  const line = `799R03044444440000017      09100001${'NO ACCOUNT 000123456789'.padEnd(44)}091000010000003`
  expect(maskedLine(line)).toBe(line.replace('000123456789', '********6789'))
})

it('leaves headers and controls as they are', () => {
  for (const line of [
    '101 044444444 14000000012601060830A094101MERIDIAN TRUST         RIALTO                         ',
    '5200CORNER STORE                        1400000001WEBPURCHASE        2601060061011111110000001',
    '82000000020004444444000000010000000000000000140000000                         011111110000001',
  ])
    expect(maskedLine(line)).toBe(line)
})

it('takes whatever might be an account number for one in a line that is no record', () => {
  expect(maskedLine('Return of 000123456789 for Ada, 123456.78 dollars on 2026-01-06')).toBe(
    'Return of ********6789 for Ada, 123456.78 dollars on 2026-01-06',
  )
  expect(maskedLine('acct 12-345-678')).toBe('acct ******-678')
  // Shifted by a column, it is no entry any more.
  expect(maskedLine(` ${entry('000123456789')}`)).not.toContain('12345678')
  expect(maskedLine(entry('000123456789').slice(0, 29))).not.toContain('12345678')
})
