import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Seen } from './pretend-browser.ts'
import { type Originator, openOriginator } from './pretend-originator.ts'

const SLUG = 'finbank-profiles-a'
let bank: Originator
beforeAll(async () => {
  bank = await openOriginator('2026-01-05 18:00')
})
afterAll(() => bank.close())

async function signIn(login: string): Promise<{ browser: Browser; account: () => Promise<Seen> }> {
  const browser = bank.sandbox.browser()
  const home = await browser.submit(await browser.go(`/${SLUG}`), '/sign-in', { login, password: login })
  const path = /href="([^"]+accounts\/[^"]+)"/.exec(home.html)?.[1] ?? ''
  return { browser, account: () => browser.go(path) }
}

/** Follows the first form of a page that leads so, as a button without JavaScript does. */
async function press(browser: Browser, page: Seen, ends: string): Promise<Seen> {
  const action = [...page.html.matchAll(/action="([^"]+)"/g)]
    .map(([, path = '']) => path)
    .find((path) => path.endsWith(ends))
  if (!action) throw new Error(`no button leads to ${ends}`)
  return browser.go(action)
}

describe('the statement', () => {
  it('shows what came by ACH, and lets the customer dispute it with a signed statement', async () => {
    const before = await bank.balance()
    const [trace = ''] = await bank.send({ amount: 40_00n, company: 'NORTHWIND COFFEE' })
    await bank.turn('2026-01-06 12:00')
    const { browser, account } = await signIn('profile_522')
    const statement = await account()
    expect(statement.html).toContain('NORTHWIND COFFEE PURCHASE')
    expect(statement.html).toContain('I did not authorize this')
    const asked = await press(browser, statement, '/dispute')
    expect(asked.html).toContain('I, Ada Byron, state that I did not authorize NORTHWIND COFFEE to take $40.00')
    expect(asked.html).toContain('You can do this until March 7, 2026.')
    const unsigned = await browser.submit(asked, '/dispute', { story: 'It was <not> me.' })
    expect(unsigned.status).toBe(422)
    expect(unsigned.html).toContain('Please sign the statement')
    expect(unsigned.html).toContain('It was &lt;not&gt; me.')
    expect(await bank.entry(trace)).toMatchObject({ status: 'settled' })
    const done = await browser.submit(asked, '/dispute', { signed: 'yes', story: 'It was not me.' })
    expect(done.html).toContain('You have your money back')
    expect(done.html).toContain('RETURNED NORTHWIND COFFEE PURCHASE')
    expect(done.html).toContain('Came back')
    expect(done.html).not.toContain('I did not authorize this')
    expect(await bank.balance()).toBe(before)
    expect((await browser.submit(asked, '/dispute', { signed: 'yes' })).status).toBe(409)
    expect(await bank.cameBack(await bank.turn('2026-01-07 08:30'))).toEqual([`R10 for ${trace}`])
  })

  it('offers it for sixty days, and not one more', async () => {
    await bank.turn('2026-01-07 18:00')
    await bank.send({ effective: '2026-01-08', to: 'profile_slow' })
    await bank.turn('2026-03-09 12:00')
    const { browser, account } = await signIn('profile_slow')
    const asked = await press(browser, await account(), '/dispute')
    expect(asked.html).toContain('until March 9, 2026')
    await bank.turn('2026-03-10 12:00')
    expect((await account()).html).not.toContain('I did not authorize this')
    const late = await browser.submit(asked, '/dispute', { signed: 'yes' })
    expect(late.status).toBe(409)
    expect(late.html).toContain('More than 60 days have passed')
  })

  it('lets the customer stop a company, which is R08 until it is allowed again', async () => {
    const send = async (company: string, day: string, next: string) => {
      await bank.send({ effective: day, to: 'profile_mfa', company })
      return (await bank.cameBack(await bank.turn(`${next} 08:30`))).map((one) => one.slice(0, 3))
    }
    expect(await send('OAK & THREAD', '2026-03-11', '2026-03-12')).toEqual([])
    const browser = bank.sandbox.browser()
    const login = { login: 'profile_mfa', password: 'profile_mfa' }
    const code = await browser.submit(await browser.go(`/${SLUG}`), '/sign-in', login)
    const home = await browser.submit(code, '/code', { code: '123456' })
    const path = /href="([^"]+accounts\/[^"]+)"/.exec(home.html)?.[1] ?? ''
    const asked = await press(browser, await browser.go(path), '/stop')
    expect(asked.html).toContain('Stop payments to OAK &amp; THREAD?')
    const stopped = await browser.submit(asked, '/stop', {})
    expect(stopped.html).toContain('Stopped companies')
    expect(await send('OAK & THREAD', '2026-03-13', '2026-03-16')).toEqual(['R08'])
    expect(await send('NORTHWIND COFFEE', '2026-03-17', '2026-03-18')).toEqual([])
    const allowed = await browser.submit(await browser.go(path), '/allow', {})
    expect(allowed.html).not.toContain('Stopped companies')
    expect(await send('OAK & THREAD', '2026-03-19', '2026-03-20')).toEqual([])
  })

  it('keeps one customer from disputing the payments of another', async () => {
    await bank.turn('2026-03-20 18:00')
    const [trace = ''] = await bank.send({ effective: '2026-03-23' })
    await bank.turn('2026-03-23 12:00')
    const ada = await signIn('profile_522')
    const asked = await press(ada.browser, await ada.account(), '/dispute')
    const marcus = await signIn('profile_08')
    expect((await marcus.browser.go(asked.url)).status).toBe(404)
    const own = await marcus.account()
    const hers = /action="([^"]+\/dispute)"/.exec(asked.html)?.[1] ?? ''
    const stolen = { ...own, html: own.html.replace(`/${SLUG}/sign-out`, hers) }
    expect((await marcus.browser.submit(stolen, '/dispute', { signed: 'yes' })).status).toBe(404)
    // Without the form the bank made for this browser, nothing happens either.
    const forged = await ada.browser.go(hers, { method: 'POST', body: new URLSearchParams({ signed: 'yes' }) })
    expect(forged.html).toContain('I did not authorize this')
    expect(await bank.entry(trace)).toMatchObject({ status: 'settled' })
  })
})
