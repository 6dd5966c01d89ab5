import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Rialto, type RialtoEvent, webhooks } from '../packages/node-sdk/src/index.ts'
import { openWebhookReceiver, type WebhookReceiver } from '../packages/server/test/webhook-receiver.ts'
import { environment, root, run } from '../scripts/run.ts'
import { bankA } from './flow.steps.ts'
import { browsers } from './journey.ts'
import { harborBlend, linkFromShop, pay } from './shop.steps.ts'
import { startWorld, type World } from './world.ts'

// One after the other: the second turns the clock by a day, and the first one's session would be over.
const visit = browsers()
/** A world of its own: its clock is turned by days. */
let world: World
let stop: () => Promise<void>
let rialto: Rialto
beforeAll(async () => {
  ;({ world, stop } = await startWorld())
  const { id: clientId, secret: clientSecret } = world.credentials
  rialto = new Rialto({ baseUrl: world.api, clientId, clientSecret })
}, 120_000)
afterAll(() => stop(), 30_000)

const cli = 'packages/server/src/main/cli.ts'
const surroundings = () => ({ ...world.env, XDG_CONFIG_HOME: world.env.RIALTO_DATA_DIR ?? '' })
const rialtoSays = (...words: string[]) => run(process.execPath, [cli, ...words], { env: surroundings() })

/** `rialto listen` beside the deployment, as a developer runs it. Ends with Ctrl-C. */
function listen(to: WebhookReceiver, ...words: string[]): { end(): Promise<number | null>; said(): string } {
  const how = ['listen', '--forward-to', to.url, ...words]
  const child: ChildProcess = spawn(process.execPath, [cli, ...how], { cwd: root, env: environment(surroundings()) })
  let said = ''
  child.stdout?.on('data', (text) => {
    said += text
  })
  child.stderr?.on('data', (text) => {
    said += text
  })
  return {
    said: () => said,
    async end() {
      child.kill('SIGINT')
      if (child.exitCode === null) await once(child, 'exit')
      return child.exitCode
    },
  }
}

async function until(isSo: () => boolean, what: () => string): Promise<void> {
  const late = performance.now() + 30_000
  while (!isSo()) {
    if (performance.now() > late) throw new Error(`It did not happen: ${what()}`)
    await sleep(50)
  }
}

const verified = (receiver: WebhookReceiver, secret: string): RialtoEvent[] =>
  receiver.requests.map(({ rawBody, headers }) => webhooks.verify(rawBody, headers, secret))
const advance = (by: unknown) => rialto.call('POST /v1/sandbox/clock/advance', { body: { by } } as never)

it.sequential(
  'brings a developer every event of a purchase, in order and signed, and what happened while nobody listened',
  () =>
    visit({ device: 'desktop' }, async (visitor) => {
      const receiver = await openWebhookReceiver()
      const secret = (await rialtoSays('listen', '--print-secret')).stdout.trim()
      const first = listen(receiver)
      await until(() => first.said().includes('Forwarding'), first.said)

      await linkFromShop(visitor, harborBlend, bankA, 'profile_522', world.store)
      await pay(visitor, '$18.40', /Profiles - A/)
      await advance({ bankingDays: 5 })
      const came = () => verified(receiver, secret)
      await until(() => came().some(({ eventType }) => eventType === 'payment.disbursed'), first.said)
      const customersAndPayments = came().filter(({ resourceType }) => resourceType !== 'report')
      expect(customersAndPayments.map(({ eventType }) => eventType)).toEqual([
        ...['customer.created', 'customer.account.linked', 'customer.activated'],
        ...['payment.created', 'payment.authorized', 'payment.scheduled', 'payment.initiated', 'payment.succeeded'],
        'payment.disbursed',
      ])
      const sequences = came().map(({ sequence }) => sequence)
      expect(sequences).toEqual(sequences.map((_, index) => index + 1))

      // Nobody listens for a day. Whoever comes back goes on from where they were.
      expect(await first.end(), first.said()).toBe(0)
      const before = receiver.requests.length
      expect((await rialtoSays('trigger', 'payment.canceled')).code).toBe(0)
      await advance({ bankingDays: 1 })
      const second = listen(receiver)
      const missed = async () => (await rialto.events.list({ after: before }).page()).data
      await until(() => receiver.requests.length >= before + 3, second.said)
      const wanted = (await missed()).map(({ id }) => id)
      await until(() => receiver.requests.length >= before + wanted.length, second.said)
      expect(
        came()
          .slice(before)
          .map(({ id }) => id),
      ).toEqual(wanted)
      expect(await second.end(), second.said()).toBe(0)
      await receiver.close()
    }),
  240_000,
)

it.sequential('brings a receiver that was away for a day everything, by retries and by cursor', async () => {
  const receiver = await openWebhookReceiver()
  const secret = 'a secret of the shop, 32 bytes long'
  await rialto.webhookSubscriptions.subscribe({
    ...{ url: receiver.url, secretKey: secret },
    subscriptionDetails: { type: 'ALL' },
  })
  const { data } = await rialto.events.list({}).page()
  const mark = data.at(-1)?.sequence ?? 0
  receiver.answer({ status: 503 })
  for (const type of ['payment.authorized', 'payment.canceled', 'payment.authorized'])
    expect((await rialtoSays('trigger', type)).code).toBe(0)
  await advance('P1D')
  const failed = receiver.requests.length
  receiver.answer({ status: 204 })
  await advance('PT1H')

  const byCursor: RialtoEvent[] = []
  for await (const event of rialto.events.list({ after: mark })) byCursor.push(event)
  const taken = () => verified(receiver, secret).slice(failed)
  await until(
    () => new Set(taken().map(({ id }) => id)).size >= byCursor.length,
    () => `${taken().length} of ${byCursor.length} came`,
  )
  expect(byCursor.length).toBeGreaterThanOrEqual(6)
  const told = [...taken()].sort((one, other) => one.sequence - other.sequence)
  expect(told.map(({ id }) => id)).toEqual(byCursor.map(({ id }) => id))
  await receiver.close()
}, 240_000)
