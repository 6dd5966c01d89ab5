import { contrast } from '@rialto/ui/colour'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { brandProperties } from './brand.ts'

const surfaces = { light: '#ffffff', dark: '#141d1b' }
const anyColour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

it('can be read in both schemes, whatever colour the merchant chose', () => {
  fc.assert(
    fc.property(anyColour, (color) => {
      const brand = brandProperties(color)!
      for (const [scheme, surface] of Object.entries(surfaces)) {
        const accent = brand[`--brand-${scheme}`]!
        const on = brand[`--brand-${scheme}-on`]!
        expect(contrast(accent, surface)).toBeGreaterThanOrEqual(4.5)
        expect(contrast(accent, brand[`--brand-${scheme}-soft`]!)).toBeGreaterThanOrEqual(4.5)
        expect(contrast(on, accent)).toBeGreaterThanOrEqual(4.5)
        expect(contrast(on, brand[`--brand-${scheme}-hover`]!)).toBeGreaterThanOrEqual(4.5)
      }
    }),
  )
})

it('keeps the text of a marked card readable on the soft shade', () => {
  const text = { light: ['#14231f', '#51605b'], dark: ['#e9efec', '#a9b7b2'] }
  fc.assert(
    fc.property(anyColour, (color) => {
      const brand = brandProperties(color)!
      for (const scheme of ['light', 'dark'] as const)
        for (const ink of text[scheme])
          expect(contrast(ink, brand[`--brand-${scheme}-soft`]!)).toBeGreaterThanOrEqual(4.5)
    }),
  )
})

it('wears nothing that is not a colour', () => {
  expect(brandProperties(null)).toBe(null)
  expect(brandProperties('red;}body{display:none')).toBe(null)
})
