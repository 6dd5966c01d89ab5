import { describe, expect, it } from 'vitest'
import { type Bank, banks } from './bank.ts'
import { characters } from './characters.ts'
import { accountNumber } from './seed.ts'

const weights = [3, 7, 1, 3, 7, 1, 3, 7, 1]
const isRouting = (number: string): boolean =>
  /^\d{9}$/.test(number) && weights.reduce((sum, weight, place) => sum + weight * Number(number[place]), 0) % 10 === 0

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((one, other) => other - one)
  return (light + 0.05) / (dark + 0.05)
}

describe('the banks', () => {
  it('have routing numbers that pass the check digit, each its own', () => {
    const all: readonly Bank[] = banks
    const numbers = all.flatMap((bank) => [
      bank.routingNumber,
      ...(bank.tokenRoutingNumber ? [bank.tokenRoutingNumber] : []),
    ])
    expect(numbers.filter((number) => !isRouting(number))).toEqual([])
    expect(new Set(numbers).size).toBe(numbers.length)
  })

  it('never give two accounts one number', () => {
    const numbers = banks.flatMap((bank) =>
      characters.flatMap((who, person) => who.accounts.map(([kind]) => accountNumber(bank, person + 1, kind))),
    )
    expect(new Set(numbers).size).toBe(numbers.length)
  })

  it('wear colours that can be read in light and dark', () => {
    for (const { brand } of banks) {
      expect(contrast(brand.accent, '#ffffff')).toBeGreaterThan(4.5)
      expect(contrast(brand.accent, '#f5f5f3')).toBeGreaterThan(4.5)
      expect(contrast(brand.accentStrong, '#ffffff')).toBeGreaterThan(4.5)
      expect(contrast('#52605b', brand.accentSoft)).toBeGreaterThan(4.5)
      expect(contrast(brand.accentDark, '#10161f')).toBeGreaterThan(4.5)
      expect(contrast(brand.accentDark, '#181f1d')).toBeGreaterThan(4.5)
      expect(contrast('#a9b7b2', brand.accentSoftDark)).toBeGreaterThan(4.5)
    }
  })
})
