import { expect, it } from 'vitest'
import { type Correction, NachaError, readCorrection, writeCorrection } from './index.ts'

const account = '000123456789'
const routing = '121042882'

const corrections: readonly (readonly [code: string, columns: string, correction: Correction])[] = [
  ['C01', '000123456789', { accountNumber: account }],
  ['C02', '121042882', { routingNumber: routing }],
  ['C03', '121042882   000123456789', { routingNumber: routing, accountNumber: account }],
  ['C04', 'ADA KING', { individualName: 'ADA KING' }],
  ['C05', '37', { transactionCode: 37 }],
  ['C06', '000123456789        37', { accountNumber: account, transactionCode: 37 }],
  ['C07', '121042882000123456789     37', { routingNumber: routing, accountNumber: account, transactionCode: 37 }],
  ['C09', 'CUSTOMER 00000000006', { individualId: 'CUSTOMER 00000000006' }],
]

it.each(corrections)('lays out a %s as %j', (code, columns, correction) => {
  expect(writeCorrection(code, correction)).toBe(columns)
  expect(readCorrection(code, columns)).toEqual(correction)
})

it('takes a C06 whose code stands right behind the account number', () => {
  expect(readCorrection('C06', '1234567890123456737')).toEqual({
    accountNumber: '12345678901234567',
    transactionCode: 37,
  })
})

it('leaves to a person what it cannot read whole', () => {
  expect(readCorrection('C02', '12104288')).toBeUndefined()
  expect(readCorrection('C03', '121042882')).toBeUndefined()
  expect(readCorrection('C05', 'CK')).toBeUndefined()
  expect(readCorrection('C13', 'ANYTHING')).toBeUndefined()
  expect(readCorrection('C99', '')).toBeUndefined()
})

it('refuses to write what is missing, does not fit or has no columns', () => {
  expect(() => writeCorrection('C03', { routingNumber: routing })).toThrow(NachaError)
  expect(() => writeCorrection('C01', { accountNumber: '1'.repeat(18) })).toThrow(NachaError)
  expect(() => writeCorrection('C13', {})).toThrow("'C13' has no corrected data")
})

it('does not quote an account number when it refuses one', () => {
  expect(() => writeCorrection('C01', { accountNumber: '123456789012345678' })).toThrow(
    /: the value is longer than 17$/,
  )
})
