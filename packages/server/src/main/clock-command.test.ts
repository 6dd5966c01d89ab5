import { Command, CommanderError } from 'commander'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { turnable } from '../../test/advance.ts'
import { type FakeWorld, openFakeWorld } from '../../test/fake-world.ts'
import { openTestApi, type TestApi } from '../../test/test-api.ts'
import { startJobs } from '../jobs/runner.ts'
import { clockCommand } from './clock-command.ts'
import type { RunFile } from './run-file.ts'
import { taskList } from './worker.ts'

let t: TestApi
let world: FakeWorld
let running: RunFile | undefined
let stopJobs: () => Promise<void>
beforeAll(async () => {
  t = await openTestApi({}, ({ house, clock }) => {
    world = openFakeWorld(clock.now)
    return {
      ...{ house, clock: turnable(clock), world, nextCutOff: () => undefined },
      ...{ collect: async () => undefined, entryOf: async () => undefined },
    }
  })
  stopJobs = (await startJobs(t.databaseUrl, taskList(t.house), t.house.log, { concurrency: 4 })).stop
  const client = { id: t.merchant.clientId, secret: t.merchant.clientSecret }
  const urls = { api: t.apiUrl, client: t.hostedUrl, docs: '' }
  running = { environment: 'sandbox', pid: 1, urls, client }
})
afterAll(async () => {
  await stopJobs()
  await t.close()
})

/** What a person would see, and the exit code a script would. */
async function clock(...words: string[]): Promise<{ out: string; note: string; code: number }> {
  const seen = { out: '', note: '', code: 0 }
  const add = (where: 'out' | 'note') => (text: string) => {
    seen[where] += `${text}\n`
  }
  const leave = (code: number) => {
    seen.code = code
  }
  const terminal = { out: add('out'), note: add('note'), end: leave, leave }
  const program = new Command('rialto').addCommand(clockCommand(() => running, terminal))
  await program.parseAsync(['clock', ...words], { from: 'user' }).catch((error) => {
    if (!(error instanceof CommanderError)) throw error
  })
  return seen
}

it('shows the time, and advances it', async () => {
  expect((await clock('show')).out).toBe('2026-01-05T15:00:00.000Z\nnothing is due\n')
  expect((await clock('advance', '--by', 'P5D')).out).toContain('→ 2026-01-10T15:00:00.000Z: 0 things were due')
  const json = (await clock('advance', '--banking-days', '1', '--json')).out
  expect(JSON.parse(json)).toMatchObject({ now: '2026-01-12T15:00:00.000Z', events: {} })
  expect((await clock('advance', '--to', '2026-01-12T16:00:00Z')).code).toBe(0)
})

it('says which events came, or that the one waited for did not', async () => {
  const { customerId } = await t.merchant.link()
  const happens = async () => ((await t.merchant.pay(customerId, 1)).status === 200 ? 0 : 1)
  world.plan.push({ at: new Date('2026-01-13T15:00:00Z'), happens })
  const found = (await clock('advance', '--until-event', 'payment.created')).out
  expect(found).toContain('→ 2026-01-13T15:00:00.000Z')
  expect(found).toContain(' 1  payment.created')
  const waited = (await clock('advance', '--until-event', 'payment.failed', '--at-most', 'P1D')).out
  expect(waited).toContain('payment.failed did not come')
})

it('says what is refused, what is used wrongly, and that nothing runs', async () => {
  const past = await clock('advance', '--to', '2020-01-01T00:00:00Z')
  expect(past).toMatchObject({ code: 1, out: '' })
  expect(past.note).toContain('the clock never turns back')
  expect(await clock('advance', '--banking-days', 'many')).toMatchObject({ code: 2 })
  const before = running
  running = undefined
  await expect(clock('show')).rejects.toThrow('No sandbox runs on this data folder')
  running = before && { ...before, urls: { ...before.urls, api: 'http://127.0.0.1:9' } }
  await expect(clock('show')).rejects.toThrow('does not answer')
  running = before
})
