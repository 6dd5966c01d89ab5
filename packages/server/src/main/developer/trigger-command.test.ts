import { afterAll, beforeAll, expect, it } from 'vitest'
import { turnable } from '../../../test/advance.ts'
import { type Developer, openDeveloper } from '../../../test/developer.ts'
import { password } from '../../../test/fake-banks.ts'
import { openFakeWorld } from '../../../test/fake-world.ts'
import { openTestApi, type TestApi } from '../../../test/test-api.ts'
import type { MerchantId } from '../../kernel/id.ts'
import { setTerms } from '../../merchants/merchant-terms.commands.ts'
import { type EventType, eventTypes } from '../../webhooks/event.ts'
import { startWorker } from '../worker.ts'

let t: TestApi
let ada: Developer
let worker: { stop(): Promise<void> }
beforeAll(async () => {
  t = await openTestApi({}, ({ house, clock }) => ({
    ...{ house, clock: turnable(clock), world: openFakeWorld(clock.now), nextCutOff: () => undefined },
    ...{ collect: async () => undefined, entryOf: async () => undefined },
  }))
  worker = await startWorker(t.house, t.databaseUrl)
  ada = openDeveloper(t)
})
afterAll(async () => {
  ada.close()
  await worker.stop()
  await t.close()
})

/** At the pretend banks the password is the user name; these take any user name with theirs. */
const bank = ['--bank', 'harbor', '--login', password]
const trigger = (type: EventType, ...more: string[]) => ada.rialto('trigger', type, ...bank, ...more)
type Answered = { event: { eventType: string; resourceId: string; metadata: Record<string, string> } }
const triggered = async (type: EventType, ...more: string[]) =>
  (await ada.json<Answered>('trigger', type, ...bank, ...more)).event

it('says which events there are', async () => {
  const { out, code } = await ada.rialto('trigger')
  expect(code).toBe(0)
  expect(out.trimEnd().split('\n')).toHaveLength(eventTypes.length)
  expect(out).toMatch(/^payment\.created +The request was received/m)
  expect(await ada.rialto('trigger', 'payment.lost')).toMatchObject({
    ...{ code: 2, note: expect.stringContaining('payment.double_refund_risk') },
  })
})

it('makes a payment, says each step, and answers the event', async () => {
  const first = await trigger('payment.authorized')
  expect(first.code).toBe(0)
  expect(first.note).toMatch(
    /^- a new customer links an account at harbor as .*\n- a payment of \$5\.00 by customer \S+\n$/,
  )
  expect(first.out).toMatch(/^ +5 {2}2026-01-05 15:00:00Z {2}payment\.authorized +payment \S+\n +event \S+\n$/)
  // The customer is there by now.
  const second = await trigger('payment.created', '--amount', '12.50')
  expect(second.note).toMatch(/^- a payment of \$12\.50 by customer \S+\n$/)
})

it.each([
  'payment.created',
  'payment.pending',
  'payment.canceled',
  'payment.scheduled',
  'payment.initiated',
  'customer.created',
  'customer.activated',
  'customer.deactivated',
  'customer.account.linked',
  'customer.account.deactivated',
  'webhook.failing',
] as const)('makes %s happen', async (type) => {
  const event = await triggered(type)
  expect(event.eventType).toBe(type)
  const { body } = await t.merchant.get(`/v1/events?resourceId=${event.resourceId}&types=${type}`)
  expect(body.data).toHaveLength(1)
})

it('lets a payment be declined', async () => {
  expect((await triggered('payment.failed', '--declined')).metadata.reason).toBe('over_payment_limit')
})

it('makes held payments for a merchant whose payments are held, and otherwise says who can change that', async () => {
  const no = await trigger('payment.held')
  expect(no).toMatchObject({ code: 1, out: '' })
  expect(no.note).toContain(`rialto merchant set ${t.merchant.id} --hold-payments on`)
  await setTerms(t.house, t.merchant.id as MerchantId, { holdsPayments: true })
  expect((await triggered('payment.held')).eventType).toBe('payment.held')
  const released = await trigger('payment.authorized')
  expect(released.note).toContain('releasing it')
  await setTerms(t.house, t.merchant.id as MerchantId, { holdsPayments: false })
})

it('ends what it subscribed to', async () => {
  const { body } = await t.merchant.get('/v1/webhook/subscriptions')
  expect(body.data).toHaveLength(0)
})

it('uses the customer that is named, and says when somebody else is needed', async () => {
  const { customerId } = await t.merchant.link()
  expect((await triggered('payment.created', '--customer', customerId)).metadata.customerId).toBe(customerId)
  expect(await trigger('payment.created', '--customer', t.merchant.id)).toMatchObject({ code: 1 })
  t.banks.balance.dollars = 1
  const poor = await trigger('payment.authorized', '--customer', (await t.merchant.link()).customerId)
  expect(poor).toMatchObject({ code: 1, note: expect.stringContaining('The payment was declined') })
  t.banks.balance.dollars = 100_000
})

it('says where linking does not go on', async () => {
  const link = (...words: string[]) => ada.rialto('trigger', 'customer.activated', ...words)
  expect((await link('--bank', 'nowhere', '--login', 'ada')).note).toContain("There is no bank 'nowhere'")
  expect((await link('--bank', 'river', '--login', 'ada')).note).toContain('signs in on its own site')
  expect((await link('--bank', 'harbor', '--login', 'ada')).note).toContain('Linking as ada did not go through')
  t.banks.away.add('harbor')
  const away = await link('--bank', 'harbor', '--login', password)
  expect(away).toMatchObject({ code: 1, note: expect.stringContaining('it ends at bank-unavailable') })
  t.banks.away.clear()
  const running = ada.running.file
  ada.running.file = running && { ...running, urls: { ...running.urls, client: 'http://127.0.0.1:9' } }
  expect((await link(...bank)).note).toContain('The hosted flow at http://127.0.0.1:9 does not answer')
  ada.running.file = undefined
  const { clientId, clientSecret } = t.merchant
  Object.assign(ada.environment, { apiUrl: t.apiUrl, clientId, clientSecret })
  expect((await link(...bank)).note).toContain('set RIALTO_CLIENT_URL')
  Object.assign(ada.environment, { clientUrl: t.hostedUrl })
  expect(await link(...bank)).toMatchObject({ code: 0 })
})

it('refuses where there is no sandbox', async () => {
  const production = await openTestApi()
  const eve = openDeveloper(production)
  const no = await eve.rialto('trigger', 'payment.created')
  expect(no).toMatchObject({ code: 1, out: '', note: expect.stringContaining('is not a sandbox') })
  expect((await production.merchant.get('/v1/customers')).body.data).toHaveLength(0)
  eve.close()
  await production.close()
})

it('takes no amount and no code that cannot be', async () => {
  for (const wrong of [
    ['--amount', '0'],
    ['--amount', '1.005'],
    ['--code', 'C01'],
    ['--customer', 'ada'],
  ])
    expect(await trigger('payment.failed', ...wrong)).toMatchObject({ code: 2 })
})
