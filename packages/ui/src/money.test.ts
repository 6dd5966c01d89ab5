import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatMinor, formatMoney } from './money.ts'

it('writes dollars with their cents and thousands', () => {
  expect(formatMoney({ value: 9412.18, currency: 'USD' })).toBe('$9,412.18')
  expect(formatMoney({ value: 0, currency: 'USD' })).toBe('$0.00')
  expect(formatMinor(5n)).toBe('$0.05')
  expect(formatMinor(-941218n)).toBe('-$9,412.18')
})

it('keeps every cent of an amount no float could hold', () => {
  expect(formatMinor(9_007_199_254_740_993_01n)).toBe('$9,007,199,254,740,993.01')
})

it('says the same of whole cents and of the wire', () => {
  fc.assert(
    fc.property(fc.integer({ min: -99_999_999_99, max: 99_999_999_99 }), (cents) => {
      expect(formatMoney({ value: cents / 100, currency: 'USD' }).replace('-$0.00', '$0.00')).toBe(
        formatMinor(BigInt(cents)),
      )
    }),
  )
})
