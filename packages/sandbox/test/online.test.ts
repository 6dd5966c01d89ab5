import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from './pretend-platform.ts'
import { openTestSandbox, type TestSandbox } from './test-sandbox.ts'

const SLUG = 'finbank-profiles-b'
let bank: TestSandbox
beforeAll(async () => {
  bank = await openTestSandbox()
})
afterAll(() => bank.close())

const signIn = async (login: string, password = login) => {
  const browser = bank.browser()
  const home = await browser.go(`/${SLUG}`)
  return { browser, page: await browser.submit(home, '/sign-in', { login, password }) }
}

describe('online banking', () => {
  it('shows accounts, balances, transactions and no whole account number', async () => {
    const { browser, page } = await signIn('profile_522')
    expect(page.html).toContain('Hello Ada')
    expect(page.html).toContain('$48,250.75')
    expect(page.html).toContain('$60,300.75')
    const account = await browser.go(/href="([^"]+accounts\/[^"]+)"/.exec(page.html)?.[1] ?? '')
    expect(account.html).toContain('Payroll, Halcyon Works')
    const { body } = await bank.control(`/accounts/${SLUG}/profile_522/checking`)
    expect(page.html + account.html).not.toContain(body.accountNumber)
    expect(page.html).toContain(body.accountNumber.slice(-4))
  })

  it('lets a customer revoke an app, which is obeyed at once', async () => {
    const { access_token } = await bank.link(SLUG, 'profile_08')
    const { browser } = await signIn('profile_08')
    const apps = await browser.go(`/${SLUG}/online/apps`)
    expect(apps.html).toContain('Revoke access for Rialto')
    const after = await browser.submit(apps, '/revoke', {})
    expect(after.html).toContain('Access was revoked')
    expect(await call(bank.api(SLUG), '/accounts', access_token)).toMatchObject({ status: 403, body: { code: '602' } })
  })

  it('keeps customers apart, and strangers outside', async () => {
    await bank.link(SLUG, 'profile_522')
    const ada = (await signIn('profile_522')).browser
    const marcus = (await signIn('profile_08')).browser
    const adasAccount = /href="([^"]+accounts\/[^"]+)"/.exec((await ada.go(`/${SLUG}/online`)).html)?.[1] ?? ''
    expect((await marcus.go(adasAccount)).status).toBe(404)
    const hers = /action="([^"]+\/revoke)"/.exec((await ada.go(`/${SLUG}/online/apps`)).html)?.[1] ?? ''
    const own = await marcus.go(`/${SLUG}/online`)
    const stolen = { ...own, html: own.html.replace(`/${SLUG}/sign-out`, hers) }
    expect((await marcus.submit(stolen, '/revoke', {})).status).toBe(404)
    expect((await bank.browser().go(`/${SLUG}/online`)).html).toContain('Online banking')
  })

  it('signs out for good', async () => {
    const { browser, page } = await signIn('profile_522')
    const before = new Map(browser.jar)
    await browser.submit(page, '/sign-out', {})
    for (const [key, cookie] of before) browser.jar.set(key, cookie)
    expect((await browser.go(`/${SLUG}/online`)).url).toMatch(new RegExp(`/${SLUG}$`))
  })

  it('asks profile_mfa for a code, and answers the others as published', async () => {
    const { browser, page } = await signIn('profile_mfa')
    expect((await browser.submit(page, '/code', { code: '123456' })).html).toContain('Hello Noor')
    expect((await signIn('profile_wrong')).page.html).toContain('password is not right')
    expect((await signIn('profile_locked')).page.html).toContain('This account is locked')
    expect((await signIn('profile_offline')).page.status).toBe(503)
  })

  it('escapes what was typed', async () => {
    expect((await signIn('"><script>', 'x')).page.html).toContain('value="&quot;&gt;&lt;script&gt;"')
  })
})

describe('every page', () => {
  it('runs no script, loads nothing from elsewhere and cannot be framed', async () => {
    for (const path of ['/', `/${SLUG}`, `/${SLUG}/help`, `/${SLUG}/no/such/page`]) {
      const { headers, html } = await bank.browser().go(path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(html).not.toContain('<script')
      expect(html).not.toMatch(/(src|href)="(https?:)?\/\//)
    }
  })

  it('lists the published customers on the help page', async () => {
    const { html } = await bank.browser().go(`/${SLUG}/help`)
    for (const login of ['profile_522', 'profile_08', 'profile_slow_balance', 'profile_revoked'])
      expect(html).toContain(login)
  })
})
