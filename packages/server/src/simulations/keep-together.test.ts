import { afterEach, beforeEach, expect, it } from 'vitest'
import { turnable } from '../../test/advance.ts'
import { type FakeWorld, openFakeWorld } from '../../test/fake-world.ts'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { Refusal } from '../kernel/refusal.ts'
import { bringTogether, keepTogether } from './keep-together.ts'
import type { SimulationParts } from './simulation-parts.ts'

const minuteMs = 60_000

let t: TestHouse
let world: FakeWorld
let parts: SimulationParts
let collected = 0
beforeEach(async () => {
  t = await openTestHouse()
  world = openFakeWorld(t.clock.now)
  parts = {
    ...{ house: t.house, clock: turnable(t.clock), world, nextCutOff: () => undefined },
    ...{ collect: async () => void collected++, entryOf: async () => undefined },
  }
})
afterEach(() => t.close())

it('leaves two clocks alone that go together', async () => {
  expect(await bringTogether(parts)).toBe(false)
  expect(world.told).toEqual([])
})

it('lets an outside world run on that a killed advance left standing', async () => {
  world.standing = true
  expect(await bringTogether(parts)).toBe(true)
  expect(world).toMatchObject({ standing: false, now: t.clock.now })
})

it('brings a world that began anew to our time, and fetches what it left on the way', async () => {
  world.now = new Date(t.clock.now.getTime() - 60 * minuteMs)
  world.plan.push({ at: new Date(t.clock.now.getTime() - minuteMs), happens: () => 1 })
  expect(await bringTogether(parts)).toBe(true)
  expect(world.now).toEqual(t.clock.now)
  expect(collected).toBe(1)
  expect(await bringTogether(parts)).toBe(false)
})

it('never turns a world back, and keeps out of an advance', async () => {
  world.now = new Date(t.clock.now.getTime() + minuteMs)
  expect(await bringTogether(parts)).toBe(false)
  world.standing = true
  const hand = await parts.clock.take(t.clock.now)
  expect(await bringTogether(parts)).toBe(false)
  await hand.letGo(false)
  expect(await bringTogether(parts)).toBe(true)
  expect(world.now > t.clock.now).toBe(true)
})

it('waits for a world that is not there yet', async () => {
  world.broken = new Refusal('outside_world_unreachable')
  world.standing = true
  const keeping = keepTogether(parts, 1)
  await new Promise((go) => setTimeout(go, 20))
  world.broken = undefined
  for (let tries = 0; tries < 200 && world.standing; tries++) await new Promise((go) => setTimeout(go, 5))
  await keeping.stop()
  expect(world.standing).toBe(false)
})
