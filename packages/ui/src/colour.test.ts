import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contrast, isColour, legible, mix, readableOn } from './colour.ts'

const anyColour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

it('measures contrast as WCAG does', () => {
  expect(contrast('#000', '#fff')).toBe(21)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080')
})

it('takes hex colours and nothing that could carry more', () => {
  expect(['#abc', '#0B4f8a'].map(isColour)).toEqual([true, true])
  expect(['red', '#12', '#1234567', '#fff;x', 'url(x)', ''].map(isColour)).toEqual(Array(6).fill(false))
})

it('finds a readable text colour on every colour', () => {
  fc.assert(fc.property(anyColour, (colour) => contrast(readableOn(colour), colour) >= 4.5))
})

it('makes every brand colour legible on our surfaces', () => {
  fc.assert(
    fc.property(anyColour, fc.constantFrom('#ffffff', '#141d1b'), (colour, surface) => {
      expect(contrast(legible(colour, surface), surface)).toBeGreaterThanOrEqual(4.5)
    }),
  )
})

it('leaves a colour alone that is legible already', () => {
  expect(legible('#0e6656', '#ffffff')).toBe('#0e6656')
})

describe('the tokens', () => {
  const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8')
  const [light, dark] = css
    .split('@media')
    .map((part) => Object.fromEntries([...part.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]!])))
  const text = ['text', 'text-2', 'text-3', 'accent'].flatMap((ink) =>
    ['bg', 'surface', 'raised'].map((ground) => [ink, ground, 4.5] as const),
  )
  const meanings = ['ok', 'warn', 'bad', 'info', 'accent'].map((word) => [word, `${word}-soft`, 4.5] as const)
  const edges = ['surface', 'raised'].map((ground) => ['control', ground, 3] as const)

  it.each([...text, ...meanings, ...edges, ['on-accent', 'accent', 4.5], ['on-accent', 'accent-hover', 4.5]] as const)(
    '%s on %s reaches %s:1 in light and in dark',
    (ink, ground, least) => {
      expect(contrast(light![ink]!, light![ground]!)).toBeGreaterThanOrEqual(least)
      expect(contrast(dark![ink]!, dark![ground]!)).toBeGreaterThanOrEqual(least)
    },
  )
})
