import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { password } from '../fake-banks.ts'
import { fire, leak, type Route, routesOf, type Schema, type Shot, shots } from '../garbage.ts'
import { openTestApi, type TestApi } from '../test-api.ts'

/** Printed, so that a night's finding can be had again: GARBAGE_SEED=… GARBAGE_RUNS=… */
const seed = Number(process.env.GARBAGE_SEED ?? Date.now() % 1e9)
const numRuns = Number(process.env.GARBAGE_RUNS ?? 300)

let t: TestApi
let known: string[]
beforeAll(async () => {
  console.info(`garbage seed ${seed}, ${numRuns} runs`)
  t = await openTestApi({ balanceBudgetMs: 100 })
  const { customerId, flowId } = await t.merchant.link()
  const paid = await t.merchant.pay(customerId, 1)
  const words = ['CUSTOMER', 'MERCHANT', 'USD', 'PAY', 'ada@example.com', 'Link-Core', 'client_credentials', '25']
  known = [t.merchant.id, customerId, flowId, String(paid.body.paymentId), t.merchant.clientId, ...words]
})
afterAll(() => t.close())

const barrage = async (origin: string, arbitrary: fc.Arbitrary<Shot>, bodyOfErrors: RegExp) => {
  const seen = new Map<number, number>()
  const property = fc.asyncProperty(arbitrary, async (shot) => {
    const hit = await fire(origin, shot)
    seen.set(hit.status, (seen.get(hit.status) ?? 0) + 1)
    expect(hit.status).toBeLessThan(500)
    expect(hit.text).not.toMatch(leak)
    if (hit.status >= 400 && shot.method !== 'HEAD') expect(hit.text).toMatch(bodyOfErrors)
  })
  await fc.assert(property, { seed, numRuns, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true })
  return seen
}

it('answers garbage at every documented route with what was wrong: never a 5xx, a hang or its own inside', async () => {
  const authorization = `Bearer ${await t.merchant.token()}`
  const routes = routesOf(t.api.swagger())
  expect(routes.length).toBeGreaterThan(12)
  const seen = await barrage(t.apiUrl, shots(routes, known, { authorization }), /"errorCode":"[A-Z_]+"/)
  expect(seen.get(400)).toBeGreaterThan(numRuns / 10)
  expect(seen.get(200)).toBeGreaterThan(numRuns / 50)
}, 90_000)

/** The hosted flow's routes: docs/internals/hosted-flow-api.md. */
const body = (...members: string[]): Schema => ({
  properties: Object.fromEntries(members.map((name) => [name, { type: 'string' }])),
})
const at = (method: string, path: string, members?: Schema): Route => ({
  method,
  path,
  query: {},
  body: members,
  form: false,
})
const hosted: Route[] = [
  { ...at('GET', '/'), query: { sessionKey: {}, redirect: {}, custom: {} } },
  { ...at('GET', '/bank/return'), query: { state: {}, code: {}, error: {}, iss: {} } },
  ...['/s/{id}/bank', '/s/{id}/to-bank', '/used', '/unknown', '/terms', '/bank-marks/{id}', '/assets/{id}'].map(
    (path) => at('GET', path),
  ),
  ...['', '/', '/banks', '/authorization.txt'].map((path) => at('GET', `/api/flows/{id}${path}`)),
  ...['consent', 'leave'].map((step) => at('POST', `/api/flows/{id}/${step}`, body())),
  at('POST', '/api/flows/{id}/bank', body('bankId')),
  at('POST', '/api/flows/{id}/sign-in', body('username', 'password')),
  at('POST', '/api/flows/{id}/sign-in/code', body('code')),
  at('POST', '/api/flows/{id}/account', body('accountId')),
  at('POST', '/api/flows/{id}/authorize', body('authorizationTextHash')),
  at('POST', '/api/flows/{id}/back', body('to')),
]

it('answers garbage at every route of the hosted flow, in the middle of one', async () => {
  const browser = t.browser()
  const flows: string[] = []
  for (const bank of ['harbor', 'meadow', 'river']) {
    const flowId = await browser.open(await t.merchant.session())
    await browser.signIn(flowId, bank, 'ada', password)
    flows.push(flowId)
  }
  const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
  const words = [
    ...known,
    ...flows,
    ...flows,
    'harbor',
    'river',
    'ada',
    password,
    'bank',
    'accounts',
    'harbor.svg',
    'flow.js',
  ]
  const own = { cookie, 'x-rialto-flow': '1' }
  await barrage(t.hostedUrl, shots(hosted, words, own), /"errorCode":"[A-Z_]+"|<!doctype html>/)
}, 90_000)

it('still pays afterwards, and has nothing to be ashamed of in its log', async () => {
  const { customerId } = await t.merchant.link()
  expect((await t.merchant.pay(customerId, 1)).body.paymentStatus).toBe('AUTHORIZED')
  expect(t.logged()).not.toContain('broken promise')
})
