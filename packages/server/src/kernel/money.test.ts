import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Money } from './money.ts'

it('takes every whole number of cents from the wire and gives it back unchanged', () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 14n), 10n ** 14n), (minor) => {
      const wire = JSON.parse(JSON.stringify(Money.toWire(Money.of(minor))))
      expect(Money.fromWire(wire.value)).toEqual(Money.of(minor))
    }),
  )
})

it('takes each of the first 200,000 cent amounts', () => {
  for (let cents = 0; cents < 200_000; cents++)
    expect(Money.fromWire(Number((cents / 100).toFixed(2)))?.minor).toBe(BigInt(cents))
})

it.each([1.005, 0.001, Number.NaN, Number.POSITIVE_INFINITY, 1e20, -1e20, 0.1 + 0.2])('refuses %d', (value) => {
  expect(Money.fromWire(value)).toBeUndefined()
})

it('rounds basis points half up', () => {
  expect(Money.basisPoints(Money.of(1001n), 80)).toEqual(Money.of(8n))
  expect(Money.basisPoints(Money.of(1n), 5_000)).toEqual(Money.of(1n))
})

it.each([
  [941_218n, '$9,412.18'],
  [-300n, '-$3.00'],
  [5n, '$0.05'],
  [123_456_789_01n, '$123,456,789.01'],
])('writes %d cents as %s', (minor, text) => {
  expect(Money.format(Money.of(minor))).toBe(text)
})
