import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Browser } from '../browser.ts'
import { openTestApi, type TestApi } from '../test-api.ts'

let t: TestApi
let browser: Browser
beforeAll(async () => {
  t = await openTestApi()
})
beforeEach(() => {
  browser = t.browser()
  t.banks.away.clear()
  t.banks.held.finish = undefined
})
afterAll(() => t.close())

const finishes = () => t.banks.calls.filter((call) => call.startsWith('finish'))

it('opens at the step where the flow is, with a cookie that no script and no other site can use', async () => {
  const flowId = await browser.open(await t.merchant.session())
  expect(flowId).toMatch(/^[0-9a-f-]{36}$/)
  expect(browser.setCookie).toMatch(/^rialto_browser=[\w-]{43}; /)
  expect(browser.setCookie).toMatch(/; HttpOnly/)
  expect(browser.setCookie).toMatch(/; SameSite=Lax/)
  expect(browser.setCookie).toMatch(/; Path=\//)
})

it('marks the cookie Secure where the flow has https', async () => {
  const secure = await openTestApi({ clientUrl: 'https://client.example' })
  const visitor = secure.browser()
  await visitor.open(await secure.merchant.session())
  expect(visitor.setCookie).toMatch(/; Secure/)
  await secure.close()
})

it('lets the same browser come again with the key, and shows another one nothing of the customer', async () => {
  const key = await t.merchant.session({ firstName: 'Secretive' })
  const place = await browser.enter(key)
  expect(place).toMatch(/\/consent$/)
  expect(await browser.enter(key)).toBe(place)
  const stranger = t.browser()
  const door = await stranger.enter(key)
  expect(door).toMatch(/^\/used\?/)
  const { status, text } = await stranger.get(door)
  expect(text).toContain('"returnTo":"https://shop.example/done')
  expect(status).toBe(200)
  expect(text).not.toContain('Secretive')
  const flowId = place.split('/')[2] ?? ''
  for (const answer of [
    await stranger.get(place),
    await stranger.view(flowId),
    await stranger.step(flowId, 'consent'),
  ]) {
    expect(answer.status).toBe(404)
    expect(answer.text).not.toContain('Secretive')
  }
})

it('gives a key that two browsers bring at the same moment to one of them', async () => {
  const key = await t.merchant.session()
  const places = await Promise.all(Array.from({ length: 8 }, () => t.browser().enter(key)))
  expect(places.filter((place) => place.endsWith('/consent'))).toHaveLength(1)
  expect(places.filter((place) => place.startsWith('/used?'))).toHaveLength(7)
})

it.each(['', 'undefined', 'null', 'made-up', 'x'.repeat(201), "' or 1=1", '%00'])(
  'knows nothing of a key that never was: %s',
  async (key) => {
    expect(await browser.enter(key)).toBe('/unknown')
    expect((await browser.get('/unknown')).status).toBe(200)
  },
)

it('shows a key that is too old its end, with the way back to the merchant', async () => {
  const key = await t.merchant.session()
  t.clock.forward(30 * 60_000)
  expect(await browser.enter(key)).toMatch(/\/expired$/)
  const late = await t.merchant.session()
  t.clock.forward(30 * 60_000)
  await t.runJobs()
  const place = await browser.enter(late)
  expect(place).toMatch(/\/expired$/)
  const { body } = await browser.view(place.split('/')[2] ?? '')
  expect(body).toMatchObject({ page: 'expired', returnTo: expect.stringContaining('done?cart=7&status=500') })
})

it.each([
  ['another host', 'https://evil.example/done'],
  ['a path that is not listed', 'https://shop.example/other'],
  ['a script', 'javascript:alert(1)'],
  ['the host as a user name', 'https://shop.example@evil.example/done'],
  ['nothing', ''],
  ['the word of the reference SDK', 'undefined'],
])('sends nobody to an address that is not on the list, but goes on: %s', async (_what, redirect) => {
  const flowId = await browser.open(await t.merchant.session(), { redirect })
  expect((await browser.view(flowId)).body).toMatchObject({ page: 'consent', returnTo: null })
})

it('sends a developer back to localhost', async () => {
  const flowId = await browser.open(await t.merchant.session(), { redirect: 'http://localhost:3000/back?x=1' })
  expect((await browser.view(flowId)).body.returnTo).toMatch(/^http:\/\/localhost:3000\/back\?x=1&status=204/)
})

it('tolerates what the reference SDK sends: the word undefined, and members we do not know', async () => {
  const extra = { custom: 'undefined', environment: 'undefined', version: 'web-v1.2.3', status: '200' }
  const flowId = await browser.open(await t.merchant.session(), extra)
  expect((await browser.view(flowId)).body).toMatchObject({ page: 'consent' })
})

it('refuses calls that change something without the header of the flow', async () => {
  const flowId = await browser.open(await t.merchant.session())
  const answer = await browser.send('POST', `/api/flows/${flowId}/consent`, {})
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: 'x-rialto-flow' }] } })
  expect((await browser.view(flowId)).body.page).toBe('consent')
})

it('never lets an answer about a flow be kept by a cache', async () => {
  const flowId = await browser.open(await t.merchant.session())
  for (const path of [`/api/flows/${flowId}/`, `/s/${flowId}/consent`, `/api/flows/${flowId}/banks`])
    expect((await browser.get(path)).headers.get('cache-control')).toBe('no-store')
})

it('allows a page only the scripts of its own nonce, a new one for each answer', async () => {
  const flowId = await browser.open(await t.merchant.session({ firstName: '</script><script>alert(1)</script>' }))
  const nonces = new Set<string>()
  for (const path of [`/s/${flowId}/consent`, `/s/${flowId}/consent`, '/used', '/unknown', '/terms', '/privacy']) {
    const { headers, text } = await browser.get(path)
    const policy = headers.get('content-security-policy') ?? ''
    const nonce = /script-src 'nonce-([\w-]+)'/.exec(policy)?.[1] ?? ''
    expect(nonce).toMatch(/^[\w-]{22}$/)
    nonces.add(nonce)
    expect(policy).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
    expect(policy).not.toContain("'unsafe-")
    const tags = text.match(/<(script|style)\b[^>]*>/g) ?? []
    expect(tags.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([])
    expect(text).not.toMatch(/__CSP_NONCE__|\son\w+=|<script>alert/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  }
  expect(nonces.size).toBe(6)
})

it('serves the browser SDK with our addresses in it, to any page', async () => {
  const { status, headers, text } = await browser.get('/linkmoney-web/v1/latest/linkmoney-web.min.js')
  expect([status, headers.get('access-control-allow-origin')]).toEqual([200, '*'])
  expect(text).toContain('http://localhost:4000')
})

it('draws the mark of a bank, and of none that does not exist', async () => {
  expect((await browser.get('/bank-marks/harbor.svg')).text).toContain('<svg')
  expect((await browser.get('/bank-marks/nowhere.svg')).status).toBe(404)
  expect((await browser.get('/assets/../index.html')).status).toBe(404)
})

/** To the bank's own site: answers the state it was given. */
async function toBank(flowId: string): Promise<string> {
  const { headers } = await browser.get(`/s/${flowId}/to-bank`)
  return new URL(headers.get('location') ?? '').searchParams.get('state') ?? ''
}
const back = (state: string, more: Record<string, string> = {}) =>
  `/bank/return?${new URLSearchParams({ code: 'ada', state, iss: 'https://river.example', ...more })}`
async function atRiver(): Promise<string> {
  const flowId = await browser.open(await t.merchant.session())
  await browser.step(flowId, 'consent')
  const { body } = await browser.step(flowId, 'bank', { bankId: 'river' })
  expect(body.signIn).toEqual({ kind: 'redirect', redirectTo: `/s/${flowId}/to-bank` })
  return flowId
}
const locationOf = async (path: string, who = browser) => (await who.get(path)).headers.get('location')

it("links through the bank's own site", async () => {
  const flowId = await atRiver()
  const state = await toBank(flowId)
  expect(await locationOf(back(state))).toBe(`/s/${flowId}/accounts`)
  expect((await browser.authorize(flowId)).body.page).toBe('done')
})

it('exchanges a code once, however often and however fast the browser comes back with it', async () => {
  const flowId = await atRiver()
  const state = await toBank(flowId)
  const before = finishes().length
  const places = await Promise.all([1, 2, 3, 4].map(() => locationOf(back(state))))
  expect(places.every((place) => place?.startsWith(`/s/${flowId}/`))).toBe(true)
  expect(await locationOf(back(state))).toBe(`/s/${flowId}/accounts`)
  expect(finishes().length - before).toBe(1)
})

it('takes only the newest way back when the customer went to the bank twice', async () => {
  const flowId = await atRiver()
  const [first, second] = [await toBank(flowId), await toBank(flowId)]
  expect(await locationOf(back(first))).toBe(`/s/${flowId}/sign-in`)
  expect(await locationOf(back(second))).toBe(`/s/${flowId}/accounts`)
})

it('does not let another browser come back for the customer', async () => {
  const flowId = await atRiver()
  const state = await toBank(flowId)
  const before = finishes().length
  expect(await locationOf(back(state), t.browser())).toBe('/unknown')
  expect(finishes()).toHaveLength(before)
  expect(await locationOf(back(state))).toBe(`/s/${flowId}/accounts`)
})

it.each(['', 'made-up', '01890000-0000-7000-8000-000000000000.made-up', '.'])(
  'knows nothing of a state that was never given: %s',
  async (state) => {
    expect(await locationOf(back(state))).toBe('/unknown')
  },
)

it('takes the customer who said no at the bank back to the list of banks', async () => {
  const flowId = await atRiver()
  const state = await toBank(flowId)
  expect(await locationOf(back(state, { error: 'access_denied' }))).toBe(`/s/${flowId}/bank`)
})

it('stays at the sign-in when what came back is not from that bank', async () => {
  const flowId = await atRiver()
  const state = await toBank(flowId)
  expect(await locationOf(back(state, { iss: 'https://evil.example' }))).toBe(`/s/${flowId}/sign-in`)
})

it('says so when the bank goes away before or during the visit to its site', async () => {
  const flowId = await atRiver()
  const state = await toBank(flowId)
  t.banks.away.add('river')
  expect(await locationOf(back(state))).toBe(`/s/${flowId}/bank-unavailable`)
  await browser.step(flowId, 'bank', { bankId: 'river' })
  expect(await locationOf(`/s/${flowId}/to-bank`)).toBe(`/s/${flowId}/bank-unavailable`)
})

it('shows a page, never a bare error, when the customer chose another bank while the first was answering', async () => {
  for (const code of ['ada', 'denied']) {
    const flowId = await atRiver()
    const state = await toBank(flowId)
    let letGo: (value?: unknown) => void = () => undefined
    t.banks.held.finish = new Promise((done) => {
      letGo = done
    })
    const before = finishes().length
    const returning = browser.get(back(state, code === 'ada' ? {} : { error: 'access_denied' }))
    while (finishes().length === before) await new Promise((done) => setTimeout(done, 5))
    await browser.step(flowId, 'back', { to: 'bank' })
    await browser.step(flowId, 'bank', { bankId: 'meadow' })
    letGo()
    const answer = await returning
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/s/${flowId}/sign-in`])
  }
})

it('sends nobody anywhere from the page of a used link', async () => {
  for (const back of ['https://evil.example/', 'javascript:alert(1)', 'https://shop.example@evil.example/done'])
    for (const merchant of [t.merchant.id, '', 'no-id']) {
      const { status, text } = await browser.get(`/used?${new URLSearchParams({ merchant, back })}`)
      expect(status).toBe(200)
      expect(text).not.toContain('evil')
      expect(text).not.toContain('alert')
    }
})

it('does not use a link up when somebody only looks at it with HEAD', async () => {
  const key = await t.merchant.session()
  await fetch(`${t.hostedUrl}/?sessionKey=${key}`, { method: 'HEAD', redirect: 'manual' })
  expect(await t.browser().enter(key)).toMatch(/\/consent$/)
})
