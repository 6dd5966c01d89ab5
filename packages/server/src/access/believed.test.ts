import { expect, it } from 'vitest'
import { believe } from './believed.ts'

const moment = (ms: number) => new Promise((go) => setTimeout(go, ms))

/** A pretend table, whose readings can be held up, and counted. */
function table() {
  const rows = new Map<string, string>()
  const readings: string[][] = []
  let gate: Promise<void> = Promise.resolve()
  const read = async (keys: readonly string[]) => {
    const seen = keys.map((key) => rows.get(key))
    readings.push([...keys])
    await gate
    return seen
  }
  const hold = () => {
    let open = () => {}
    gate = new Promise((go) => {
      open = go
    })
    return () => open()
  }
  return { rows, readings, read, hold }
}

it('reads once for everybody who asks at the same time', async () => {
  const { rows, readings, read } = table()
  rows.set('a', '1').set('b', '2')
  const believed = believe(read, 10)
  const answers = await Promise.all(['a', 'b', 'a', 'b', 'a'].map((key) => believed.get(key, key)))
  expect(answers).toEqual(['1', '2', '1', '2', '1'])
  expect(readings).toEqual([['a', 'b']])
})

it('answers at once while it is fresh, and reads again in the background when it is not quite', async () => {
  const { rows, readings, read } = table()
  const believed = believe(read, 10)
  rows.set('a', '1')
  await believed.get('a', 'a')
  rows.set('a', '2')
  await moment(400)
  expect(believed.get('a', 'a')).toBe('1')
  await moment(20)
  expect(believed.get('a', 'a')).toBe('2')
  expect(readings).toHaveLength(2)
})

it('never answers from a reading that began before the change it was told of', async () => {
  const { rows, read, hold } = table()
  const believed = believe(read, 10)
  rows.set('a', 'old')
  const open = hold()
  const early = believed.get('a', 'a')
  await moment(10)
  rows.set('a', 'new')
  believed.doubt((key) => key === 'a')
  const late = believed.get('a', 'a')
  open()
  expect(await early).toBe('old')
  expect(await late).toBe('new')
})

it('does not answer from a reading that hung for a second, but reads again', async () => {
  const { rows, read, hold } = table()
  const believed = believe(read, 10)
  rows.set('a', 'old')
  const open = hold()
  const first = believed.get('a', 'a')
  await moment(950)
  rows.set('a', 'new')
  const second = believed.get('a', 'a')
  open()
  expect(await first).toBe('old')
  expect(await second).toBe('new')
})

it('tells everybody who waited when reading fails, and reads again for the next', async () => {
  let broken = true
  const believed = believe<string, string>(async (keys) => {
    if (broken) throw new Error('no database')
    return keys.map(() => 'well')
  }, 10)
  const answers = await Promise.allSettled(['a', 'b'].map((key) => believed.get(key, key)))
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  broken = false
  expect(await believed.get('a', 'a')).toBe('well')
})

it('holds no more beliefs than it may', async () => {
  const { readings, read } = table()
  const believed = believe(read, 2)
  for (const key of ['a', 'b', 'c', 'a']) await believed.get(key, key)
  expect(readings.flat()).toEqual(['a', 'b', 'c', 'a'])
})
