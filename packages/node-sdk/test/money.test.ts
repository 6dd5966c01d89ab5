import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cents, dollars } from '../src/index.ts'

it('writes cents as the dollars of the wire, and reads them back, to the cent', () => {
  expect(dollars(1840)).toEqual({ value: 18.4, currency: 'USD' })
  expect(dollars(1n)).toEqual({ value: 0.01, currency: 'USD' })
  expect(JSON.stringify(dollars(9_999_999_999))).toBe('{"value":99999999.99,"currency":"USD"}')
  fc.assert(
    fc.property(fc.bigInt(1n, 9_999_999_999n), (whole) => {
      const written = dollars(whole)
      expect(cents(written)).toBe(whole)
      expect(JSON.stringify(written.value)).toMatch(/^\d+(\.\d{1,2})?$/)
      expect(dollars(Number(whole))).toEqual(written)
    }),
    { seed: 1 },
  )
})

it.each([0, -1, 1.5, Number.NaN, 10_000_000_000, 2 ** 53])('refuses %s cents', (amount) => {
  expect(() => dollars(amount)).toThrow(/cents/)
})

it('refuses to count what is not whole cents of a dollar', () => {
  expect(() => cents({ value: 1.005, currency: 'USD' })).toThrow('not a whole number of cents')
  expect(() => cents({ value: 1, currency: 'EUR' })).toThrow('EUR')
})
