import { describe, expect, it } from 'vitest'
import { centsToDollars, centsToJson, centsToText, textToCents } from './money.ts'

describe('money', () => {
  it('is text with two decimals and comes back unchanged', () => {
    for (const cents of [0n, 7n, 99n, 100n, 4825075n, -1n, -123456n, 9_999_999_999_999_99n])
      expect(textToCents(centsToText(cents))).toBe(cents)
    expect(centsToText(4_12n)).toBe('4.12')
  })

  it('is a JSON number that keeps its zeros', () => {
    expect(JSON.stringify({ a: centsToJson(1205000n), b: centsToJson(7n) })).toBe('{"a":12050.00,"b":0.07}')
  })

  it('is not anything else', () => {
    for (const text of ['', '1.2', '1.234', '1e3', ' 1', '1,000.00', '--1', '.50', 'NaN'])
      expect(textToCents(text)).toBeUndefined()
  })

  it('is read by people with separators and a real minus sign', () => {
    expect([centsToDollars(123456789n), centsToDollars(-845n), centsToDollars(0n)]).toEqual([
      '$1,234,567.89',
      '−$8.45',
      '$0.00',
    ])
  })
})
