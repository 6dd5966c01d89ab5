import { describe, expect, it } from 'vitest'
import { correctionLayouts } from './correction.layouts.ts'
import { type Layout, recordWidth } from './layout.ts'
import { layouts } from './layouts.ts'
import { reference } from './reference.ts'

it('is what docs/reference/nacha.md says', async () => {
  await expect(reference()).toMatchFileSnapshot('../../../docs/reference/nacha.md')
})

const tables: readonly (readonly [name: string, layout: Layout, width: number])[] = [
  ...Object.values<Layout>(layouts).map((layout) => [layout.name, layout, recordWidth] as const),
  ...Object.values<Layout>(correctionLayouts).map((layout) => [layout.name, layout, 29] as const),
]

describe.each(tables)('the table of %s', (_, { fields }, width) => {
  it('has every column once, and a name for each field', () => {
    let next = 1
    for (const [, from, to, kind] of fields) {
      expect(from).toBe(next)
      expect(to).toBeGreaterThanOrEqual(from)
      if (kind.startsWith('=')) expect(kind.length - 1).toBe(to - from + 1)
      next = to + 1
    }
    expect(next).toBe(width + 1)
    expect(new Set(fields.map(([name]) => name)).size).toBe(fields.length)
  })
})
