import fc from 'fast-check'
import { expect, it } from 'vitest'
import { toAchText } from './text.ts'

it.each([
  ['José Núñez', 'JOSE NUNEZ'],
  ['Groß & Söhne GmbH', 'GROSS & SOHNE GMBH'],
  ['Łukasz Bjørn Þórður', 'LUKASZ BJORN THORDUR'],
  ['Œuvre d’art — 3½ №7', "OEUVRE D'ART - 31/2 NO7"],
  ['“ﬁne” [shop]; a_b', "'FINE' (SHOP), A-B"],
  ['  two\n\twords  ', 'TWO WORDS'],
  ['Ａｃｍｅ', 'ACME'],
  ['ı İ', 'I I'],
  ['Ω 電気 🙂', ''],
  ['', ''],
])('writes %j as %j', (text, written) => {
  expect(toAchText(text)).toBe(written)
})

it('cuts to a width and leaves no blank at the end', () => {
  expect(toAchText('corner books', 7)).toBe('CORNER')
  expect(toAchText('straße', 5)).toBe('STRAS')
  expect(toAchText('abc', 0)).toBe('')
})

const anyText = fc
  .array(fc.integer({ min: 0, max: 0x2fff }), { maxLength: 60 })
  .map((codes) => String.fromCodePoint(...codes))

it('keeps to the convention and the width, and does nothing twice', () => {
  fc.assert(
    fc.property(anyText, fc.nat(40), (text, width) => {
      const written = toAchText(text, width)
      expect(written).toMatch(/^(?:[A-Z0-9./()&'#*,:-](?:[A-Z0-9 ./()&'#*,:-]*[A-Z0-9./()&'#*,:-])?)?$/)
      expect(written.length).toBeLessThanOrEqual(width)
      expect(toAchText(written, width)).toBe(written)
    }),
  )
})
