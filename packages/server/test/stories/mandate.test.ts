import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Json, rows } from '../answer.ts'
import type { Browser } from '../browser.ts'
import { password } from '../fake-banks.ts'
import { openTestApi, type TestApi } from '../test-api.ts'

let t: TestApi
beforeAll(async () => {
  t = await openTestApi()
})
afterAll(() => t.close())

/** A customer who has the text before them. */
async function shown(who: object = {}): Promise<{ browser: Browser; flowId: string; authorization: Json }> {
  const browser = t.browser()
  const flowId = await browser.open(await t.merchant.session(who))
  const { accounts } = (await browser.signIn(flowId, 'harbor', 'ada', password)).body
  const { body } = await browser.step(flowId, 'account', { accountId: rows(accounts)[0]?.id })
  return { browser, flowId, authorization: body.authorization ?? {} }
}
const mandateOf = async (flowId: string) => {
  const [row] = await t.house
    .sql`select m.* from mandate m join session s on s.mandate_id = m.id where s.id = ${flowId}`
  return row
}

it('keeps the evidence of an authorization: the text, its version and hash, when, from where, by which browser', async () => {
  const { browser, flowId, authorization } = await shown()
  const text = String(authorization.text)
  expect(authorization.hash).toBe(createHash('sha256').update(text).digest('hex'))
  t.clock.forward(60_000)
  await browser.step(flowId, 'authorize', { authorizationTextHash: authorization.hash })
  expect(await mandateOf(flowId)).toMatchObject({
    ...{ kind: 'debit', version: authorization.version, text, text_hash: authorization.hash },
    ...{ accepted_at: t.clock.now, ip: '127.0.0.1', user_agent: 'Testfox/1.0', revoked_at: null },
  })
})

it('refuses an agreement to a text that has changed since it was shown', async () => {
  const { browser, flowId, authorization } = await shown()
  await t.house.sql`update merchant set name = 'Corner Store & Sons' where id = ${t.merchant.id}`
  const old = await browser.step(flowId, 'authorize', { authorizationTextHash: authorization.hash })
  await t.house.sql`update merchant set name = 'Corner Store' where id = ${t.merchant.id}`
  expect(old).toMatchObject({ status: 409, body: { errorCode: 'FLOW_MOVED' } })
  expect(await mandateOf(flowId)).toBeUndefined()
  const made = await browser.step(flowId, 'authorize', { authorizationTextHash: 'made-up' })
  expect(made).toMatchObject({ status: 409, body: { errorCode: 'FLOW_MOVED' } })
})

it('takes one agreement when the button is pressed twice', async () => {
  const { browser, flowId, authorization } = await shown()
  const press = () => browser.step(flowId, 'authorize', { authorizationTextHash: authorization.hash })
  const statuses = (await Promise.all([press(), press(), press()])).map(({ status }) => status)
  expect(statuses.toSorted()).toEqual([200, 409, 409])
  const [row] = await t.house.sql`select count(*)::int as count from account a
    join session s on s.customer_id = a.customer_id where s.id = ${flowId}`
  expect(row).toEqual({ count: 1 })
})

it('gives the customer a copy, before and after they agree', async () => {
  const { browser, flowId, authorization } = await shown()
  const before = await browser.get(`/api/flows/${flowId}/authorization.txt`)
  expect(before.headers.get('content-disposition')).toBe('attachment; filename="authorization.txt"')
  expect(before.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(before.text).toContain('Not agreed to yet')
  await browser.step(flowId, 'authorize', { authorizationTextHash: authorization.hash })
  const after = await browser.get(`/api/flows/${flowId}/authorization.txt`)
  expect(after.text).toContain(String(authorization.text))
  expect(after.text).toContain(`Agreed to on ${t.clock.now.toISOString()}. Text version ${authorization.version}.`)
  expect((await t.browser().get(`/api/flows/${flowId}/authorization.txt`)).status).toBe(404)
})

it('has no copy to give before an account is chosen', async () => {
  const browser = t.browser()
  const flowId = await browser.open(await t.merchant.session())
  const answer = await browser.get(`/api/flows/${flowId}/authorization.txt`)
  expect(answer).toMatchObject({ status: 409, body: { errorCode: 'FLOW_MOVED' } })
})

it('lets nobody change or remove the evidence; it can be revoked once', async () => {
  const { flowId } = await t.merchant.link()
  const { id } = (await mandateOf(flowId)) ?? {}
  const { sql } = t.house
  await expect(sql`update mandate set text = 'anything' where id = ${id}`).rejects.toThrow('evidence')
  await expect(sql`update mandate set ip = '::1', revoked_at = now() where id = ${id}`).rejects.toThrow('evidence')
  await expect(sql`delete from mandate where id = ${id}`).rejects.toThrow('evidence')
  await sql`update mandate set revoked_at = now() where id = ${id}`
  await expect(sql`update mandate set revoked_at = now() where id = ${id}`).rejects.toThrow('evidence')
  await expect(sql`update mandate set revoked_at = null where id = ${id}`).rejects.toThrow('evidence')
})

it('shows another text for an account that is only verified, and keeps it as such', async () => {
  const { browser, flowId, authorization } = await shown({ product: 'VERIFY' })
  expect(String(authorization.text)).toMatch(/does not allow anybody to debit/)
  await browser.step(flowId, 'authorize', { authorizationTextHash: authorization.hash })
  expect(await mandateOf(flowId)).toMatchObject({ kind: 'verify' })
})

it('lets a customer go: no more payments, consent ended at the bank, numbers and balances erased, evidence kept', async () => {
  const { customerId, flowId } = await t.merchant.link()
  const paid = await t.merchant.pay(customerId, 1)
  const other = await t.newMerchant()
  const remove = (who: typeof other) => who.call('DELETE', `/v1/customers/${customerId}`)
  expect((await remove(other)).status).toBe(404)
  const statuses = (await Promise.all([1, 2, 3, 4, 5].map(() => remove(t.merchant)))).map(({ status }) => status)
  expect(statuses).toEqual(Array(5).fill(204))
  await t.runJobs()
  // Ended already counts as done, so a bank may be told again.
  expect(new Set(t.banks.revoked).size).toBe(1)
  expect((await t.merchant.get(`/v1/customers/${customerId}`)).body.customerStatus).toBe('INACTIVE')
  expect((await t.merchant.pay(customerId, 1)).body.paymentStatus).toBe('TERMINAL_FAILED')
  expect((await t.merchant.get(`/v1/payments/${paid.body.paymentId}`)).body.paymentStatus).toBe('AUTHORIZED')
  const [account] = await t.house.sql`select number_sealed, balance from account where customer_id = ${customerId}`
  expect(account).toEqual({ number_sealed: '', balance: null })
  const [link] = await t.house.sql`select status, grant_sealed from link where customer_id = ${customerId}`
  expect(link).toEqual({ status: 'revoked', grant_sealed: null })
  expect(await mandateOf(flowId)).toMatchObject({ revoked_at: t.clock.now, ip: '127.0.0.1' })
  const told = await t.house
    .sql`select 1 from event where resource_id = ${customerId} and type = 'customer.deactivated'`
  expect(told).toHaveLength(1)
})

it('forgets what else the bank told of a customer who was let go: holders, and the accounts on offer', async () => {
  const { customerId } = await t.merchant.link()
  await t.merchant.call('DELETE', `/v1/customers/${customerId}`)
  await t.runJobs()
  const [link] = await t.house.sql`select holder_names from link where customer_id = ${customerId}`
  const [session] = await t.house.sql`select offered from session where customer_id = ${customerId}`
  expect({ ...link, ...session }).toEqual({ holder_names: [], offered: [] })
})
