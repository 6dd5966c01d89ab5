import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { transact } from '../db/connect.ts'
import type { MerchantId } from '../kernel/id.ts'
import { createMerchant } from '../merchants/merchant.commands.ts'
import { subscribe } from '../webhooks/endpoint.commands.ts'
import { announce, numberEvents } from '../webhooks/event.commands.ts'
import { openFirstHand } from './first-hand.ts'
import { drop, type Held, type TakenJob } from './held.ts'
import { type JobRunner, startJobs } from './runner.ts'

let t: TestHouse
let runner: JobRunner
let merchantId: MerchantId
/** What the lane does when it is at work. */
let work: (job: Held) => Promise<void>
let begun: string[]

beforeEach(async () => {
  t = await openTestHouse()
  merchantId = (await createMerchant(t.house, { name: 'Corner Store' })).merchant.id
  begun = []
  work = (job) => end(job)
  const deliver = (_payload: unknown, job: Held) => {
    begun.push(job.id)
    return work(job)
  }
  // So seldom does it look that it finds nothing by itself.
  runner = await startJobs(t.databaseUrl, { 'deliver-events': deliver }, t.house.log, { lookMs: 3_600_000 })
})
afterEach(async () => {
  await runner.stop()
  await t.close()
})

const end = (job: Held) => transact(t.house.sql, (tx) => drop(tx, job))
const firstHand = (most: number) => openFirstHand(t.house, runner, 'deliver-events', most)

const listen = () =>
  subscribe(t.house, {
    ...{ merchantId, url: 'http://127.0.0.1:9/', secret: 'a secret of the merchant, long enough' },
    ...{ wish: { kind: 'everything' }, description: null, alertEmail: null },
  })
const happen = () =>
  transact(t.house.sql, (tx) =>
    announce(t.house, tx, [
      { type: 'payment.created', merchantId, resourceType: 'payment', resourceId: t.house.newId(), data: {} },
    ]),
  )
const jobs = () => t.house.sql<{ pool: string | null; revision: number; error: string | null; later: boolean }[]>`
  select locked_by as pool, revision, last_error as error, run_at > now() as later
  from graphile_worker._private_jobs order by id`

it('is at a lane as soon as its event has its place, and the lane is held in the name of its runner', async () => {
  await listen()
  await happen()
  const going = Promise.withResolvers<void>()
  work = (job) => going.promise.then(() => end(job))
  const lanes = firstHand(8)
  await numberEvents(t.house, lanes)
  expect([begun.length, lanes.places()]).toEqual([1, 7])
  expect(await jobs()).toEqual([{ pool: runner.pool, revision: 0, error: null, later: false }])
  expect(runner.atWork()).toEqual(begun)

  // Asked for again meanwhile: it is not taken twice, and whoever is at it can see that there is more.
  await happen()
  await numberEvents(t.house, lanes)
  expect([begun.length, lanes.places()]).toEqual([1, 7])
  expect(await jobs()).toMatchObject([{ revision: 1 }])
  going.resolve()
  await lanes.stop()
  expect([await jobs(), lanes.places()]).toEqual([[], 0])
})

it('leaves to be found what it has no place for', async () => {
  for (let n = 0; n < 5; n++) await listen()
  await happen()
  const going = Promise.withResolvers<void>()
  work = (job) => going.promise.then(() => end(job))
  const lanes = firstHand(2)
  let taken = 0
  const begin = (jobs: readonly TakenJob[]) => {
    taken = jobs.length
    lanes.begin(jobs)
  }
  await numberEvents(t.house, { ...lanes, begin })
  expect(taken).toBe(2)
  // Those that are left are looked for at once: somebody was called.
  await expect.poll(() => begun.length).toBe(5)
  going.resolve()
  await lanes.stop()
  await expect.poll(jobs).toEqual([])
})

it('gives back a job that failed, to be tried again later, as it would be if it had been found', async () => {
  await listen()
  await happen()
  work = () => Promise.reject(new Error('the database was away'))
  const lanes = firstHand(8)
  await numberEvents(t.house, lanes)
  await lanes.stop()
  expect(await jobs()).toEqual([{ pool: null, revision: 0, error: 'the database was away', later: true }])
})
