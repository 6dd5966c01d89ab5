import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Browser } from '../browser.ts'
import { openTestApi, send, type TestApi } from '../test-api.ts'

let t: TestApi
beforeAll(async () => {
  t = await openTestApi()
})
afterAll(() => t.close())

/** What a merchant's backend learns from the address its customer came back to. */
async function resultOf(browser: Browser, flowId: string) {
  const { body } = await browser.view(flowId)
  const token = new URL(String(body.returnTo)).searchParams.get('linkResult') ?? ''
  const discovery = await send(`${t.apiUrl}/.well-known/oauth-authorization-server`, 'GET')
  const { pathname } = new URL(String(discovery.body.jwks_uri))
  const keys = JSON.parse((await send(t.apiUrl + pathname, 'GET')).text) as JSONWebKeySet
  const expected = { issuer: 'http://localhost:4000', audience: t.merchant.id, currentDate: t.clock.now }
  return { token, payload: (await jwtVerify(token, createLocalJWKSet(keys), expected)).payload }
}

it('tells the merchant what came of a visit in a token that our published keys verify', async () => {
  const { browser, flowId, customerId } = await t.merchant.link()
  const { payload } = await resultOf(browser, flowId)
  expect(payload).toMatchObject({ status: '200', sessionId: flowId, sub: customerId, customerId })
  const left = t.browser()
  const leftId = await left.open(await t.merchant.session())
  await left.step(leftId, 'leave')
  const result = await resultOf(left, leftId)
  expect(result.payload).toMatchObject({ status: '204', sessionId: leftId })
  expect(result.payload).not.toHaveProperty('customerId')
})

it('signs nothing before the visit is over', async () => {
  const browser = t.browser()
  const flowId = await browser.open(await t.merchant.session())
  expect(String((await browser.view(flowId)).body.returnTo)).not.toContain('linkResult')
})

it('does not take such a token for an access token', async () => {
  const { browser, flowId } = await t.merchant.link()
  const { token } = await resultOf(browser, flowId)
  const answer = await send(`${t.apiUrl}/v1/payments`, 'GET', { headers: { authorization: `Bearer ${token}` } })
  expect(answer.status).toBe(401)
})
