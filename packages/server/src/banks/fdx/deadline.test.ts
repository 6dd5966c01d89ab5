import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { within } from './deadline.ts'

const ended = (signal: AbortSignal) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)))

it('stops work whose time is over, and work nobody waits for', async () => {
  expect(await within(20, [], ended)).toBe('timeout')
  expect(await within(5_000, [undefined, AbortSignal.timeout(20)], ended)).toBe('aborted')
  expect(await within(5_000, [AbortSignal.abort()], async (signal) => signal.reason)).toBe('aborted')
})

it('lets work that is done be done', async () => {
  const controller = new AbortController()
  const signal = await within(5_000, [controller.signal], async (given) => given)
  controller.abort()
  expect(signal.aborted).toBe(false)
})

it('holds a timeout that nobody else holds', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const aborted = await within(5_000, [AbortSignal.timeout(150)], async (signal) => {
    for (let times = 0; times < 10; times++) {
      collect()
      await wait(30)
    }
    return signal.aborted
  })
  expect(aborted).toBe(true)
})
