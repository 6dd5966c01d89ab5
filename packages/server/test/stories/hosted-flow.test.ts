import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { rows } from '../answer.ts'
import type { Browser } from '../browser.ts'
import { password, rightCode } from '../fake-banks.ts'
import { openTestApi, type TestApi } from '../test-api.ts'

let t: TestApi
let browser: Browser
let flowId: string
beforeAll(async () => {
  t = await openTestApi()
})
beforeEach(async () => {
  t.banks.away.clear()
  Object.assign(t.banks.held, { numbers: undefined, finish: undefined })
  browser = t.browser()
  flowId = await browser.open(await t.merchant.session())
})
afterAll(() => t.close())

const step = (what: string, body: object = {}) => browser.step(flowId, what, body)
const page = async () => String((await browser.view(flowId)).body.page)
const moved = { status: 409, body: { errorCode: 'FLOW_MOVED' } }
const linkRows = () => t.house.sql<{ status: string; grant_sealed: string | null }[]>`
  select link.status, grant_sealed from link join session s on s.customer_id = link.customer_id
  where s.id = ${flowId} order by link.id`

it('leads from consent over bank, sign-in and accounts to the authorization, and ends linked', async () => {
  expect((await browser.view(flowId)).body).toMatchObject({
    ...{ id: flowId, page: 'consent', environment: 'sandbox', product: 'PAY', bank: null, signIn: null, accounts: [] },
    ...{ merchant: { name: 'Corner Store' }, customer: { firstName: 'Ada' }, authorization: null, signedInAs: null },
  })
  expect((await step('consent')).body.page).toBe('bank')
  const { banks } = (await browser.get(`/api/flows/${flowId}/banks?q=mead`)).body
  expect(rows(banks).map(({ id }) => id)).toEqual(['meadow'])
  const signIn = (await step('bank', { bankId: 'meadow' })).body
  expect(signIn).toMatchObject({
    page: 'sign-in',
    bank: { id: 'meadow' },
    signIn: { kind: 'credentials', problem: null },
  })
  const accounts = (await step('sign-in', { username: 'ada', password })).body
  expect(accounts).toMatchObject({ page: 'accounts', signedInAs: 'ADA BYRON', chosenAccountId: null })
  expect(rows(accounts.accounts).map(({ type, eligible, reason }) => [type, eligible, reason])).toEqual([
    ['checking', true, null],
    ['savings', true, null],
    ['other', false, 'A card cannot be debited.'],
  ])
  const accountId = rows(accounts.accounts)[1]?.id
  const shown = (await step('account', { accountId })).body
  expect(shown).toMatchObject({
    page: 'authorize',
    chosenAccountId: accountId,
    authorization: { hash: expect.any(String) },
  })
  expect(String(shown.authorization?.text)).toMatch(
    /Corner Store.*savings account "Rainy Day" ending in 4322 at The meadow bank/,
  )
  const done = (await step('authorize', { authorizationTextHash: shown.authorization?.hash })).body
  expect(done).toMatchObject({ page: 'done', returnTo: expect.stringContaining('status=200&customerId=') })
})

it('asks for a code when the bank does, and says what was wrong with it', async () => {
  const asked = (await browser.signIn(flowId, 'harbor', 'mfa', password)).body
  expect(asked).toMatchObject({
    page: 'sign-in',
    signIn: { kind: 'mfa', prompt: 'Code sent to ••89', digits: 6, problem: null },
  })
  expect((await step('sign-in/code', { code: '000000' })).body.signIn?.problem?.code).toBe('wrong_code')
  expect((await step('sign-in/code', { code: 'late' })).body.signIn).toMatchObject({
    ...{ kind: 'credentials', problem: { code: 'code_expired' } },
  })
  expect(await step('sign-in/code', { code: rightCode })).toMatchObject(moved)
  await step('sign-in', { username: 'mfa', password })
  expect((await step('sign-in/code', { code: ` ${rightCode} ` })).body.page).toBe('accounts')
})

it('stays at the sign-in with a wrong password or a locked account, and says so', async () => {
  const wrong = (await browser.signIn(flowId, 'harbor', 'ada', 'wrong')).body
  expect(wrong).toMatchObject({ page: 'sign-in', signIn: { problem: { code: 'wrong_credentials' } } })
  const locked = (await step('sign-in', { username: 'locked', password })).body
  expect(locked).toMatchObject({ page: 'sign-in', signIn: { problem: { code: 'account_locked' } } })
  expect((await step('sign-in', { username: 'ada', password })).body.page).toBe('accounts')
})

it('lets a customer whose bank is away choose another one', async () => {
  t.banks.away.add('harbor')
  expect((await browser.signIn(flowId, 'harbor', 'ada', password)).body).toMatchObject({
    ...{ page: 'bank-unavailable', returnTo: expect.stringContaining('status=500') },
  })
  expect((await step('back', { to: 'bank' })).body).toMatchObject({ page: 'bank', bank: null })
  await step('bank', { bankId: 'meadow' })
  expect((await step('sign-in', { username: 'ada', password })).body.page).toBe('accounts')
})

it('gives back what a first bank granted when it fails at the end and the customer takes another', async () => {
  await browser.signIn(flowId, 'harbor', 'ada', password)
  const { accounts } = (await browser.view(flowId)).body
  const shown = (await step('account', { accountId: rows(accounts)[0]?.id })).body
  t.banks.away.add('harbor')
  const failed = await step('authorize', { authorizationTextHash: shown.authorization?.hash })
  expect(failed.body.page).toBe('bank-unavailable')
  expect((await step('bank', { bankId: 'meadow' })).body.page).toBe('sign-in')
  expect(await linkRows()).toMatchObject([{ status: 'ending' }])
  t.banks.away.clear()
  await t.runJobs()
  expect(await linkRows()).toEqual([{ status: 'revoked', grant_sealed: null }])
  expect(t.banks.revoked).toHaveLength(1)
  await step('sign-in', { username: 'ada', password })
  expect((await browser.authorize(flowId)).body.page).toBe('done')
})

it('says when there is no account that can be used, and lets the customer try another bank', async () => {
  const none = (await browser.signIn(flowId, 'harbor', 'none', password)).body
  expect(none).toMatchObject({
    page: 'no-eligible-account',
    accounts: [],
    returnTo: expect.stringContaining('status=204'),
  })
  expect((await step('bank', { bankId: 'meadow' })).body.page).toBe('sign-in')
})

it('refuses an account that cannot be used or was not offered', async () => {
  const { accounts } = (await browser.signIn(flowId, 'harbor', 'ada', password)).body
  expect(await step('account', { accountId: rows(accounts)[2]?.id })).toMatchObject(moved)
  expect(await step('account', { accountId: 'checking-of-somebody-else' })).toMatchObject(moved)
})

it('says that there is no such bank', async () => {
  await step('consent')
  expect(await step('bank', { bankId: 'nowhere' })).toMatchObject({ status: 404, body: { errorCode: 'NOT_FOUND' } })
})

it('goes back, to the accounts and to the banks', async () => {
  await browser.signIn(flowId, 'harbor', 'ada', password)
  const { accounts } = (await browser.view(flowId)).body
  await step('account', { accountId: rows(accounts)[0]?.id })
  expect((await step('back', { to: 'accounts' })).body).toMatchObject({ page: 'accounts', chosenAccountId: null })
  expect((await step('back', { to: 'bank' })).body).toMatchObject({ page: 'bank', bank: null, accounts: [] })
  expect((await linkRows()).map(({ status }) => status)).toEqual(['ending'])
  expect(await step('back', { to: 'bank' })).toMatchObject(moved)
})

it('tells a second tab that the flow has moved on, and shows every tab the same page', async () => {
  await step('consent')
  expect(await step('consent')).toMatchObject(moved)
  await step('bank', { bankId: 'harbor' })
  await Promise.all([step('sign-in', { username: 'ada', password }), step('sign-in', { username: 'ada', password })])
  expect(await page()).toBe('accounts')
  await t.runJobs()
  expect((await linkRows()).filter(({ status }) => status === 'active')).toHaveLength(1)
  for (const asked of ['consent', 'bank', 'sign-in', 'done']) {
    const { status, text } = await browser.get(`/s/${flowId}/${asked}`)
    expect(status).toBe(200)
    expect(text).toContain('"page":"accounts"')
  }
})

it('leaves the account alone when the customer changed banks in a second tab while the first agreed', async () => {
  await browser.signIn(flowId, 'harbor', 'ada', password)
  const { accounts } = (await browser.view(flowId)).body
  const shown = (await step('account', { accountId: rows(accounts)[0]?.id })).body
  let letGo: (value?: unknown) => void = () => undefined
  t.banks.held.numbers = new Promise((done) => {
    letGo = done
  })
  const agreed = step('authorize', { authorizationTextHash: shown.authorization?.hash })
  while (!t.banks.calls.at(-1)?.startsWith('numbers')) await new Promise((done) => setTimeout(done, 5))
  await step('back', { to: 'bank' })
  await step('bank', { bankId: 'meadow' })
  const second = (await step('sign-in', { username: 'ada', password })).body
  await step('account', { accountId: rows(second.accounts)[0]?.id })
  letGo()
  expect(await agreed).toMatchObject(moved)
  expect(await page()).toBe('authorize')
  const kept = await t.house.sql`select a.institution_id from account a join session s on s.customer_id = a.customer_id
    where s.id = ${flowId}`
  expect(kept).toEqual([])
})

it('ends with 204 when the customer leaves, also when they leave twice, and gives the grant back', async () => {
  await browser.signIn(flowId, 'harbor', 'ada', password)
  const left = (await step('leave')).body
  expect(left).toMatchObject({ page: 'left', returnTo: expect.stringContaining('done?cart=7&status=204') })
  expect((await step('leave')).body.page).toBe('left')
  expect(await step('bank', { bankId: 'harbor' })).toMatchObject(moved)
  await t.runJobs()
  expect((await linkRows()).map(({ status }) => status)).toEqual(['revoked'])
})

it('does not let a customer leave who is done', async () => {
  const { browser: linked, flowId: done } = await t.merchant.link()
  expect(await linked.step(done, 'leave')).toMatchObject(moved)
  expect(await linked.step(done, 'back', { to: 'bank' })).toMatchObject(moved)
})

it('ends by itself after half an hour, and gives back what the bank granted', async () => {
  await browser.signIn(flowId, 'harbor', 'ada', password)
  t.clock.forward(29 * 60_000)
  await t.runJobs()
  expect(await page()).toBe('accounts')
  t.clock.forward(60_000)
  await t.runJobs()
  const [row] = await t.house.sql`select step from session where id = ${flowId}`
  expect(row).toEqual({ step: 'expired' })
  expect((await browser.view(flowId)).body).toMatchObject({
    page: 'expired',
    returnTo: expect.stringContaining('status=500'),
  })
  expect(await step('account', { accountId: 'x' })).toMatchObject(moved)
  expect((await linkRows()).map(({ status }) => status)).toEqual(['revoked'])
})

it('ends on sight when the half hour is over and the agenda has not come round yet', async () => {
  t.clock.forward(30 * 60_000)
  expect(await step('consent')).toMatchObject(moved)
  expect(await page()).toBe('expired')
})

it('keeps what is linked when the half hour is over', async () => {
  const { browser: linked, flowId: done } = await t.merchant.link()
  t.clock.forward(31 * 60_000)
  await t.runJobs()
  expect((await linked.view(done)).body.page).toBe('done')
})
