import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { turnable } from '../../test/advance.ts'
import { type FakeWorld, openFakeWorld } from '../../test/fake-world.ts'
import { openTestApi, type TestApi } from '../../test/test-api.ts'
import { startJobs } from '../jobs/runner.ts'
import { Refusal } from '../kernel/refusal.ts'
import { taskList } from '../main/worker.ts'
import type { SimulationParts } from './simulation-parts.ts'

const hourMs = 60 * 60_000
const dayMs = 24 * hourMs

let t: TestApi
let world: FakeWorld
let parts: SimulationParts
let collected = 0
let stopJobs: (() => Promise<void>) | undefined

beforeAll(async () => {
  t = await openTestApi({}, (house) => {
    world = openFakeWorld(house.clock.now)
    parts = {
      ...{ house: house.house, clock: turnable(house.clock), world, nextCutOff: () => undefined },
      collect: async () => void collected++,
      entryOf: async () => undefined,
    }
    return parts
  })
  stopJobs = (await startJobs(t.databaseUrl, taskList(t.house), t.house.log, { concurrency: 4 })).stop
})
beforeEach(() => {
  Object.assign(world, { broken: undefined, now: t.clock.now })
  world.plan.length = 0
})
afterAll(async () => {
  await stopJobs?.()
  await t.close()
})

const advance = (body: object) => t.merchant.call('POST', '/v1/sandbox/clock/advance', { body })
const iso = (ms: number) => new Date(t.clock.now.getTime() + ms).toISOString()

it('tells the time, and when the next thing is due here or outside', async () => {
  await t.merchant.session()
  expect((await t.merchant.get('/v1/sandbox/clock')).body).toEqual({
    ...{ now: iso(0), standing: false, advancing: null, nextDueAt: iso(hourMs / 2) },
  })
  world.plan.push({ at: new Date(iso(60_000)), happens: () => 0 })
  expect((await t.merchant.get('/v1/sandbox/clock')).body.nextDueAt).toBe(iso(60_000))
  world.broken = new Refusal('outside_world_unreachable')
  expect((await t.merchant.get('/v1/sandbox/clock')).body.nextDueAt).toBe(iso(hourMs / 2))
})

it('advances by a duration, lets happen what is due, and counts the merchant’s events', async () => {
  const { customerId } = await t.merchant.link()
  const other = await t.newMerchant()
  await t.merchant.session()
  world.plan.push({
    at: new Date(iso(hourMs)),
    happens: async () => {
      await t.merchant.pay(customerId, 1)
      await t.merchant.pay(customerId, 2)
      await other.session()
      return 1
    },
  })
  const before = collected
  const [from, now] = [iso(0), iso(2 * dayMs)]
  const { status, body } = await advance({ by: 'P2D' })
  expect(status).toBe(200)
  expect(body).toMatchObject({ from, now, standing: false, failedJobs: 0 })
  expect(body.events).toEqual({ 'payment.created': 2, 'payment.authorized': 2 })
  expect(Number(body.steps)).toBeGreaterThanOrEqual(2)
  expect(body.found).toBeUndefined()
  expect(collected).toBe(before + 1)
  expect(t.clock.now.toISOString()).toBe(now)
})

it('advances to an instant, by hours and minutes, and by banking days at the same time of day in New York', async () => {
  const friday = '2026-03-06T15:30:10.500Z'
  expect((await advance({ to: '2026-03-06T10:30:10.500-05:00' })).body.now).toBe(friday)
  // On Sunday the clocks in New York went an hour ahead.
  expect((await advance({ by: { bankingDays: 1 } })).body.now).toBe('2026-03-09T14:30:10.500Z')
  expect((await advance({ by: 'PT2H30M' })).body.now).toBe('2026-03-09T17:00:10.500Z')
  expect((await advance({ to: t.clock.now.toISOString() })).body.now).toBe('2026-03-09T17:00:10.500Z')
})

it('stops at the event one waits for, of that payment if it is named', async () => {
  const { customerId } = await t.merchant.link()
  const payAt = (ms: number) =>
    world.plan.push({
      at: new Date(iso(ms)),
      happens: async () => {
        await t.merchant.pay(customerId, 1)
        return 0
      },
    })
  payAt(hourMs)
  payAt(2 * hourMs)
  const expected = iso(hourMs)
  const first = (await advance({ untilEvent: 'PAYMENT.Authorized' })).body
  expect(first).toMatchObject({ found: true, now: expected, events: { 'payment.authorized': 1 } })

  const late = (await t.merchant.pay(customerId, 3)).body.paymentId
  const end = iso(3 * dayMs)
  const never = (await advance({ untilEvent: 'payment.created', paymentId: late, atMost: 'P3D' })).body
  expect(never).toMatchObject({ found: false, now: end })
})

it('refuses what it cannot do, and says why', async () => {
  const why = async (body: object) => {
    const { status, body: answer } = await advance(body)
    return `${status} ${answer.errorMessage}`
  }
  expect(await why({})).toContain('400 The request is not valid. The body must have one of to, by and untilEvent')
  expect(await why({ by: 'P1D', to: iso(1) })).toContain('must have one of')
  expect(await why({ to: iso(-1) })).toContain('the clock never turns back')
  expect(await why({ to: 'tomorrow' })).toContain('/to must be an instant')
  expect(await why({ to: '2026-09-01T00:00:00' })).toContain('/to must be an instant')
  for (const by of ['P1M', 'P1Y', 'P', 'PT', 'P0D', '5 days', '-P1D', 'P1.5D'])
    expect(await why({ by })).toContain('/by')
  expect(await why({ by: 'P401D' })).toContain('at most 400 days')
  expect(await why({ by: { bankingDays: 0 } })).toContain('400')
  expect(await why({ untilEvent: 'payment.exploded' })).toContain('must be one of payment.created')
  expect(await why({ by: 'P1D', atMost: 'P2D' })).toContain('/untilEvent is required')
  expect(await why({ untilEvent: 'payment.failed', atMost: 'soon' })).toContain('/atMost')
  expect(await why({ untilEvent: 'payment.failed', paymentId: 'x' })).toContain('404')
  const unknown = '019b8eac-1180-7fec-ab66-ffc86f38d952'
  expect(await why({ untilEvent: 'payment.failed', paymentId: unknown })).toContain('404')
})

it('refuses a second advance while the first is under way, and shows how far that is', async () => {
  const to = iso(2 * hourMs)
  const from = iso(0)
  let seen: unknown
  let second = 0
  world.plan.push({
    at: new Date(iso(hourMs)),
    happens: async () => {
      seen = (await t.merchant.get('/v1/sandbox/clock')).body.advancing
      second = (await advance({ by: 'P1D' })).status
      return 0
    },
  })
  const at = iso(hourMs)
  expect((await advance({ to })).status).toBe(200)
  expect(seen).toEqual({ from, to, at })
  expect(second).toBe(409)
  expect((await t.merchant.get('/v1/sandbox/clock')).body.advancing).toBeNull()
})

it('goes on when the one who asked has gone', async () => {
  const gone = new AbortController()
  const to = iso(5 * hourMs)
  world.plan.push({
    at: new Date(iso(hourMs)),
    happens: async () => {
      gone.abort()
      await new Promise((go) => setTimeout(go, 50))
      return 0
    },
  })
  const headers = { authorization: `Bearer ${await t.merchant.token()}`, 'content-type': 'application/json' }
  const asked = fetch(`${t.apiUrl}/v1/sandbox/clock/advance`, {
    ...{ method: 'POST', headers, body: JSON.stringify({ to }), signal: gone.signal },
  })
  await expect(asked).rejects.toThrow('aborted')
  for (let tries = 0; tries < 300 && t.clock.now.toISOString() !== to; tries++)
    await new Promise((go) => setTimeout(go, 10))
  expect(t.clock.now.toISOString()).toBe(to)
})

it('says that the outside world is not there, and turns nothing', async () => {
  world.broken = new Refusal('outside_world_unreachable')
  const before = iso(0)
  const { status, body } = await advance({ by: 'P1D' })
  expect(status).toBe(503)
  expect(body).toMatchObject({ errorCode: 'OUTSIDE_WORLD_UNREACHABLE' })
  expect(iso(0)).toBe(before)
})

it('keeps access tokens good while house time flies, and lets a linked customer pay sixty days later', async () => {
  const token = await t.merchant.token()
  const { customerId } = await t.merchant.link()
  expect((await advance({ by: 'P60D' })).status).toBe(200)
  expect(await t.merchant.token()).toBe(token)
  const pay = await t.merchant.pay(customerId, 5)
  expect(pay.body.paymentStatus).toBe('AUTHORIZED')
  // An hour on the wall is another matter.
  t.clock.forward(hourMs)
  const headers = { authorization: `Bearer ${token}` }
  expect((await fetch(`${t.apiUrl}/v1/sandbox/clock`, { headers })).status).toBe(401)
})

it('is not there in a deployment without a turnable clock', async () => {
  const plain = await openTestApi()
  const { call } = plain.merchant
  const answers = [
    await call('GET', '/v1/sandbox/clock'),
    await call('POST', '/v1/sandbox/clock/advance', { body: { by: 'P1D' } }),
    await call('POST', '/v1/sandbox/payments/019b8eac-1180-7fec-ab66-ffc86f38d952/settle'),
    await call('GET', '/v1/sandbox/rules'),
    await call('GET', '/v1/sandbox/magic-amounts'),
  ]
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
  await plain.close()
})

it('needs a token', async () => {
  expect((await fetch(`${t.apiUrl}/v1/sandbox/clock`)).status).toBe(401)
  expect((await fetch(`${t.apiUrl}/v1/sandbox/clock/advance`, { method: 'POST' })).status).toBe(401)
})
