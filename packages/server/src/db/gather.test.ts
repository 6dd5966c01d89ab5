import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { gather, type Outcome } from './gather.ts'

const all = async <T>(promises: Promise<T>[]) => Promise.allSettled(promises)
const double = (item: number): Outcome<number> => ({ value: item * 2 })

it('lets those who come together go together, in the order in which they came', async () => {
  const batches: number[][] = []
  const ask = gather(
    async (items: readonly number[]) => {
      batches.push([...items])
      return items.map(double)
    },
    { most: 64, lanes: 2 },
  )
  expect(await Promise.all([1, 2, 3].map(ask))).toEqual([2, 4, 6])
  expect(batches).toEqual([[1, 2, 3]])
})

it('never has more batches under way than lanes, nor larger ones than allowed', async () => {
  let [now, mostNow, largest] = [0, 0, 0]
  const ask = gather(
    async (items: readonly number[]) => {
      mostNow = Math.max(mostNow, ++now)
      largest = Math.max(largest, items.length)
      await sleep(2)
      now--
      return items.map(double)
    },
    { most: 5, lanes: 3 },
  )
  const asked = Array.from({ length: 60 }, (_, index) => index)
  const answers: number[] = []
  await Promise.all(asked.map(async (item) => answers.push(await sleep(item % 7).then(() => ask(item)))))
  expect(answers.toSorted((a, b) => a - b)).toEqual(asked.map((item) => item * 2))
  expect([mostNow, largest <= 5]).toEqual([3, true])
})

it('lets a refused item touch nobody else', async () => {
  const no = new Error('no')
  const ask = gather(
    async (items: readonly number[]) => items.map((item) => (item === 2 ? { refused: no } : double(item))),
    {
      ...{ most: 10, lanes: 1 },
    },
  )
  expect(await all([1, 2, 3].map(ask))).toMatchObject([{ value: 2 }, { reason: no }, { value: 6 }])
})

it('tries one by one when a batch breaks, so that a broken item does not break its neighbours', async () => {
  const ask = gather(
    async (items: readonly number[]) => {
      if (items.includes(2)) throw new Error(`broken with ${items.length}`)
      return items.map(double)
    },
    { most: 10, lanes: 1 },
  )
  const [first, second, third] = await all([1, 2, 3].map(ask))
  expect([first, third]).toMatchObject([{ value: 2 }, { value: 6 }])
  expect(second).toMatchObject({ reason: { message: 'broken with 1' } })
  expect(await ask(4)).toBe(8)
})

it('says so when a batch forgets an item, and goes on', async () => {
  const ask = gather(async (items: readonly number[]) => items.slice(1).map(double), { most: 10, lanes: 1 })
  const [, last] = await all([1, 2].map(ask))
  expect(last).toMatchObject({ reason: { message: expect.stringContaining('broken promise') } })
  expect(await all([ask(3)])).toMatchObject([{ status: 'rejected' }])
})

it('answers everybody exactly once, whatever breaks', async () => {
  const item = fc.record({ at: fc.nat(4), fate: fc.constantFrom('ok', 'ok', 'ok', 'refused', 'breaks') })
  await fc.assert(
    fc.asyncProperty(
      fc.array(item, { maxLength: 40 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 3 }),
      async (items, most, lanes) => {
        const ask = gather(
          async (batch: readonly number[]) => {
            await sleep(0)
            if (batch.some((index) => items[index]?.fate === 'breaks')) throw new Error('breaks')
            return batch.map(
              (index): Outcome<number> =>
                items[index]?.fate === 'refused' ? { refused: 'refused' } : { value: index },
            )
          },
          { most, lanes },
        )
        const answers = await all(items.map(async ({ at }, index) => sleep(at).then(() => ask(index))))
        answers.forEach((answer, index) => {
          if (items[index]?.fate === 'ok') expect(answer).toEqual({ status: 'fulfilled', value: index })
          else expect(answer.status).toBe('rejected')
        })
      },
    ),
    { numRuns: 60 },
  )
})
