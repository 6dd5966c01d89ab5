import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { idMaker, looksLikeId } from './id.ts'

it('names things in order, within a millisecond and when the clock is set back', () => {
  let ms = 1_760_000_000_000
  const newId = idMaker(() => new Date(ms), randomBytes)
  const ids = Array.from({ length: 50_000 }, (_, index) => {
    if (index % 100 === 0) ms += 1
    if (index % 7_000 === 0) ms -= 50
    return newId<'thing'>()
  })
  expect(ids).toEqual(ids.toSorted())
  expect(new Set(ids).size).toBe(ids.length)
})

it('makes UUIDs of version 7 that say when they were made', () => {
  const id = idMaker(() => new Date(1_760_000_000_000), randomBytes)<'thing'>()
  expect(looksLikeId(id)).toBe(true)
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(1_760_000_000_000)
})
