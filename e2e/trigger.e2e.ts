import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RialtoEvent } from '../packages/node-sdk/src/index.ts'
import { eventTypes } from '../packages/server/src/webhooks/event.ts'
import { run } from '../scripts/run.ts'
import { startWorld, type World } from './world.ts'

/** A world of its own: its clock is turned by weeks. */
let world: World
let stop: () => Promise<void>
beforeAll(async () => {
  ;({ world, stop } = await startWorld())
}, 120_000)
afterAll(() => stop(), 30_000)

function rialto(words: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const env = { ...world.env, XDG_CONFIG_HOME: join(world.env.RIALTO_DATA_DIR ?? '', 'config'), ...more }
  return run(process.execPath, ['packages/server/src/main/cli.ts', ...words], { env })
}

it('makes every event there is happen by one command, with a login as with none', async () => {
  const triggered: RialtoEvent[] = []
  for (const type of eventTypes) {
    if (type === 'payment.held') continue
    const { code, stdout, output } = await rialto(['trigger', type, '--json'])
    expect(code, output).toBe(0)
    const { event } = JSON.parse(stdout) as { event: RialtoEvent }
    expect(event.eventType).toBe(type)
    triggered.push(event)
  }
  const places = triggered.map(({ sequence }) => sequence)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  const failed = triggered.find(({ eventType }) => eventType === 'payment.failed')
  expect(failed).toMatchObject({ achReturnCode: 'R01' })

  const asked = ['merchant', 'set', world.merchant.id, '--hold-payments', 'on']
  expect((await rialto(asked)).code).toBe(0)
  const { id, secret } = world.credentials
  const login = ['login', '--api-url', world.api, '--client-id', id, '--profile', 'laptop']
  expect((await rialto(login, { RIALTO_CLIENT_SECRET: secret })).code).toBe(0)
  const held = await rialto(['trigger', 'payment.held', '--profile', 'laptop'])
  expect(held.code, held.output).toBe(0)
  expect(held.stdout).toContain('payment.held')

  const listed = await rialto(['events', 'list', '--limit', '1000', '--json'])
  const { events } = JSON.parse(listed.stdout) as { events: RialtoEvent[] }
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1))
  const logs = await rialto(['logs', 'list', '--limit', '1000'])
  expect(logs.stdout).toContain('POST   /v1/payments')
  for (const { output } of [listed, logs, held]) expect(output).not.toContain(secret)
}, 300_000)
