import fc from 'fast-check'
import { expect, it } from 'vitest'
import { maxListed } from '../file-drop.ts'
import { type Entry, sortOut } from './listing.ts'

it('keeps the first names of any number, in whatever order they come', async () => {
  const names = fc.uniqueArray(fc.integer({ min: 10_000, max: 99_999 }), { maxLength: 3_500, size: 'max' })
  await fc.assert(
    fc.asyncProperty(names, async (numbers) => {
      const entries = numbers.map((number): Entry => ({ name: `${number}.ret`, kind: 'file' }))
      const { files, strange } = await sortOut(entries)
      expect(files.map(({ name }) => name)).toEqual(
        numbers
          .map(String)
          .sort()
          .slice(0, maxListed)
          .map((n) => `${n}.ret`),
      )
      expect(strange).toEqual([])
    }),
    { numRuns: 20, seed: 1 },
  )
})

it('reports a bounded number of strange names, and does not let them crowd out the others', async () => {
  function* endless(): Generator<Entry> {
    for (let n = 0; n < 50_000; n++) yield { name: `.${n}`, kind: 'file' }
    yield { name: 'last.ret', kind: 'file' }
  }
  const { files, strange } = await sortOut(endless())
  expect(files).toEqual([{ name: 'last.ret', kind: 'file' }])
  expect(strange).toHaveLength(maxListed)
})

it('knows the folder of what is done, and finds any other strange', async () => {
  const answer = await sortOut([
    { name: 'done', kind: 'directory' },
    { name: 'Done', kind: 'directory' },
    { name: 'done', kind: 'file' },
    { name: 'a.ret', kind: 'other' },
    { name: 'b.ret ', kind: 'file' },
    { name: '\ud800.ret', kind: 'file' },
    { name: 'cut \ufffd.ret', kind: 'file' },
    { name: 'Überträge (März).ret', kind: 'file' },
  ])
  expect(answer.files.map(({ name }) => name)).toEqual(['Überträge (März).ret'])
  expect(answer.strange).toEqual(['Done', '\\u{d800}.ret', 'a.ret', 'b.ret ', 'cut \ufffd.ret', 'done'])
})
