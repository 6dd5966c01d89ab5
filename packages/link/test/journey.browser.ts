import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { serveFlow } from './serve.ts'

/** The built flow in a real Chromium, against the mock. `npm run build` comes first; `npm run test:browser` runs it. */

const axe = readFileSync(new URL('../../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update']
const shop = 'https://shop.example/thanks?status=200'
const mostTransferBytes = 100_000

let browser: Browser
let flow: Awaited<ReturnType<typeof serveFlow>>

before(async () => {
  flow = await serveFlow()
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args })
})

after(async () => {
  await browser?.close()
  await flow?.close()
})

type Look = { width?: number; height?: number; colorScheme?: 'light' | 'dark' }

/** A browser of its own. What must never happen is collected while the test runs, and judged when it ends. */
async function visit(run: (page: Page, context: BrowserContext) => Promise<void>, look: Look = {}): Promise<void> {
  const { width = 390, height = 844, colorScheme = 'light' } = look
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' })
  const wrong: string[] = []
  context.setDefaultTimeout(8000)
  await context.route(/^https:\/\/shop\.example/, (route) =>
    route.fulfill({ body: '<title>Elsewhere</title><h1>Elsewhere</h1>', contentType: 'text/html' }),
  )
  context.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url())
    const isKnown = protocol === 'data:' || ['127.0.0.1', 'shop.example'].includes(hostname)
    if (!isKnown) wrong.push(`asked a third party: ${request.url()}`)
  })
  context.on('weberror', (error) => wrong.push(`threw: ${error.error().message}`))
  context.on('console', (message) => {
    if (/Content Security Policy|Warning:/i.test(message.text())) wrong.push(message.text())
  })
  try {
    await run(await context.newPage(), context)
  } finally {
    await context.close()
  }
  assert.deepEqual(wrong, [])
}

const open = (page: Page, wish: string) => page.goto(`${flow.origin}/?${wish}`)
const at = (page: Page, step: string) => page.waitForURL((url) => url.pathname.endsWith(`/${step}`))
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()

async function signIn(page: Page, login: string, password = login): Promise<void> {
  await page.getByLabel('User name').fill(login)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

const pages: [string, string, prepare?: (page: Page) => Promise<void>][] = [
  ['consent', '?page=consent'],
  ['the popular banks', '?page=bank'],
  ['the banks found', '?page=bank', (page) => page.getByRole('combobox').fill('finb')],
  [
    'no bank found',
    '?page=bank',
    async (page) => {
      await page.getByRole('combobox').fill('zzxq')
      await page.getByRole('heading', { level: 2 }).getByText('No bank matches').waitFor()
    },
  ],
  ['sign-in at the bank', '?page=sign-in&bank=finbank-oauth'],
  ['sign-in inside the flow', '?page=sign-in'],
  [
    'a wrong password',
    '?page=sign-in',
    async (page) => {
      await signIn(page, 'profile_wrong')
      await page.getByRole('alert').waitFor()
    },
  ],
  [
    'a locked account',
    '?page=sign-in',
    async (page) => {
      await signIn(page, 'profile_locked')
      await page.getByRole('alert').waitFor()
    },
  ],
  [
    'the code',
    '?page=sign-in',
    async (page) => {
      await signIn(page, 'profile_mfa')
      await page.getByLabel('6-digit code').waitFor()
    },
  ],
  ['accounts', '?page=accounts'],
  ['accounts in a difficult brand colour', '?page=accounts&color=%23ffe600&bare=1'],
  ['authorize', '?page=authorize'],
  ['done', '?page=done&nowhere=1'],
  ['left', '?page=left&nowhere=1'],
  ['expired', '?page=expired'],
  ['bank unavailable', '?page=bank-unavailable'],
  ['no eligible account', '?page=no-eligible-account'],
  ['error', '?page=error'],
  ['used', 'used'],
  ['unknown', 'unknown'],
  [
    'leaving',
    '?page=accounts',
    async (page) => {
      await page.getByRole('button', { name: 'Leave' }).click()
      await page.getByRole('dialog').waitFor()
    },
  ],
  [
    'trouble',
    '?page=consent&fail=500',
    async (page) => {
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByRole('alert').waitFor()
    },
  ],
]

type AxeResult = { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }

for (const [device, width, height] of [
  ['phone', 390, 844],
  ['small phone', 320, 568],
  ['desktop', 1280, 800],
] as const)
  for (const colorScheme of ['light', 'dark'] as const)
    test(`every page is accessible on a ${device} in ${colorScheme}`, () =>
      visit(
        async (page) => {
          for (const [name, address, prepare] of pages) {
            await page.goto(`${flow.origin}/${address}`)
            await heading(page, /./)
            await prepare?.(page)
            // A button's colour takes 120 ms to change; what it passes through on the way is not what is judged.
            await page.waitForTimeout(200)
            await page.evaluate(axe)
            const { violations } = await page.evaluate(() =>
              (window as unknown as { axe: { run: (options: object) => Promise<AxeResult> } }).axe.run({
                runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
              } as object),
            )
            const found = violations.map(({ id, nodes }) => [
              id,
              nodes.map(({ failureSummary, html }) => [html, failureSummary]),
            ])
            assert.deepEqual(found, [], name)
            const spill = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
            assert.ok(spill <= 0, `${name} is ${spill} px too wide`)
          }
        },
        { width, height, colorScheme },
      ))

test('the whole way, with the keyboard alone', () =>
  visit(async (page) => {
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '')
    await open(page, `redirect=${encodeURIComponent(shop)}`)
    await page.getByRole('button', { name: 'Continue' }).press('Enter')
    await at(page, 'bank')
    assert.equal(await page.title(), 'Find your bank · Northwind Coffee')
    assert.equal(await focused(), 'Find your bank')
    await page.getByText('Step 2 of 5').waitFor({ state: 'attached' })

    const search = page.getByRole('combobox')
    await search.focus()
    await search.pressSequentially('fbprof', { delay: 20 })
    await page.getByText('2 banks found').waitFor({ state: 'attached' })
    await search.press('ArrowDown')
    await search.press('ArrowUp')
    const marked = page.getByRole('option', { selected: true })
    assert.match((await marked.textContent()) ?? '', /FinBank Profiles - A/)
    assert.equal(await search.getAttribute('aria-activedescendant'), await marked.getAttribute('id'))
    await search.press('Enter')

    await at(page, 'sign-in')
    await page.getByLabel('User name').fill('profile_mfa')
    await page.getByLabel('Password', { exact: true }).fill('nonsense')
    await page.getByLabel('Password', { exact: true }).press('Enter')
    assert.match((await page.getByRole('alert').textContent()) ?? '', /not right/)
    assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '')
    assert.equal(await page.getByLabel('User name').inputValue(), 'profile_mfa')
    await page.keyboard.type('profile_mfa')
    await page.keyboard.press('Enter')

    await page.getByLabel('6-digit code').fill('000000')
    await page.keyboard.press('Enter')
    assert.match((await page.getByRole('alert').textContent()) ?? '', /not right/)
    await page.keyboard.type('123456')
    await page.keyboard.press('Enter')

    await at(page, 'accounts')
    assert.equal(await page.getByRole('radio', { name: /Everyday/ }).isChecked(), true)
    assert.equal(await page.getByRole('radio', { name: /Travel/ }).isDisabled(), true)
    await page.getByRole('radio', { name: /Everyday/ }).press('ArrowDown')
    assert.equal(await page.getByRole('radio', { name: /Rainy Day Savings ending in 7730/ }).isChecked(), true)
    await page.keyboard.press('Enter')

    await at(page, 'authorize')
    await page.getByText('This authorization stays in force').waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Get a copy' }).press('Enter')
    assert.equal((await download).suggestedFilename(), 'authorization.txt')
    await page.getByRole('button', { name: 'Authorize and link' }).press('Enter')

    await at(page, 'done')
    await page.getByText('Taking you back to Northwind Coffee').waitFor()
    await page.waitForURL(shop)
  }))

test('refresh, back, forward and a second tab all show where the flow is', () =>
  visit(async (page, context) => {
    await open(page, '')
    await page.getByRole('button', { name: 'Continue' }).click()
    await at(page, 'bank')
    await page.getByRole('option', { name: /Profiles - A/ }).click()
    await at(page, 'sign-in')
    await page.reload()
    await heading(page, /^Sign in to/)

    await page.goBack()
    await at(page, 'bank')
    await heading(page, 'Find your bank')
    await page.goForward()
    await at(page, 'bank')
    await page.getByRole('option', { name: /Profiles - A/ }).click()
    await at(page, 'sign-in')

    const second = await context.newPage()
    await second.goto(page.url().replace('sign-in', 'authorize'))
    await at(second, 'sign-in')
    await signIn(second, 'profile_522')
    await at(second, 'accounts')
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await at(page, 'accounts')

    await second.getByRole('button', { name: 'Continue' }).click()
    await at(second, 'authorize')
    await page.getByRole('button', { name: 'Continue' }).click()
    await at(page, 'authorize')
    await second.goBack()
    await at(second, 'accounts')
  }))

test('the way over the bank’s own site, and back again before it', () =>
  visit(async (page) => {
    await open(page, 'page=bank')
    await page.getByRole('option', { name: /Finbank OAuth/ }).click()
    await heading(page, 'Continue at Finbank OAuth')
    const link = page.getByRole('link', { name: 'Continue to Finbank OAuth' })
    await link.click()
    await heading(page, 'The bank’s own page')
    await page.goBack()
    await at(page, 'sign-in')
    await page.getByRole('button', { name: 'Choose another bank' }).click()
    await at(page, 'bank')
    await page.getByRole('option', { name: /Finbank OAuth/ }).click()
    await link.click()
    await page.getByRole('link', { name: 'Sign in as Ada Byron' }).click()
    await at(page, 'accounts')
    await page.getByText('signed in as Ada Byron').waitFor()
  }))

test('leaving asks first, and goes back to the shop', () =>
  visit(async (page) => {
    await open(page, `page=accounts&redirect=${encodeURIComponent(shop)}`)
    const leave = page.getByRole('button', { name: 'Leave', exact: true }).first()
    await leave.click()
    await page.getByRole('dialog').press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    assert.equal(await leave.evaluate((button) => button === document.activeElement), true)
    await leave.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
    await at(page, 'left')
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'You left without linking')
    await page.waitForURL(shop)
  }))

test('an ending waits for somebody who is reading, and is no trap on the way back', () =>
  visit(async (page) => {
    await open(page, `page=done&redirect=${encodeURIComponent(shop)}`)
    await heading(page, 'Your account is linked')
    await page.keyboard.press('Tab')
    await page.waitForTimeout(2000)
    await page.getByRole('link', { name: 'Back to Northwind Coffee' }).click()
    await page.waitForURL(shop)
    await page.goBack()
    await heading(page, 'Your account is linked')
    await page.waitForTimeout(2000)
    assert.match(page.url(), /\/done$/)
  }))

test('a slow bank is waited for in words', () =>
  visit(async (page) => {
    await open(page, 'page=sign-in')
    await signIn(page, 'profile_slow')
    await page.getByRole('button', { name: 'Signing in…' }).waitFor()
    await page.getByText('Still waiting for FinBank Profiles - A').waitFor()
    await at(page, 'accounts')
  }))

test('trouble on the line can be tried again', () =>
  visit(async (page, context) => {
    await open(page, 'fail=503')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('alert').getByText('on our side').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await at(page, 'bank')
    await page.getByRole('option').first().waitFor()

    await context.setOffline(true)
    await page.getByRole('combobox').fill('harb')
    await page.getByRole('alert').getByText('could not load the banks').waitFor()
    await context.setOffline(false)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('option', { name: /Harbor/ }).waitFor()
  }))

test('only the answer to the last question is shown', () =>
  visit(async (page) => {
    await page.route(/banks\?q=fin$/, async (route) => {
      await new Promise((resume) => setTimeout(resume, 900))
      await route.continue().catch(() => undefined)
    })
    await open(page, 'page=bank')
    const search = page.getByRole('combobox')
    await search.fill('fin')
    await page.waitForTimeout(250)
    await search.fill('harbor')
    await page.getByRole('option', { name: /Harbor/ }).waitFor()
    await page.waitForTimeout(1100)
    assert.equal(await page.getByRole('option').count(), 1)
  }))

test('another bank can be tried when one is down or has no account to use', () =>
  visit(async (page) => {
    await open(page, 'page=sign-in')
    await signIn(page, 'profile_offline')
    await at(page, 'bank-unavailable')
    await page.getByRole('button', { name: 'Try again' }).click()
    await at(page, 'sign-in')
    await signIn(page, 'profile_none')
    await at(page, 'no-eligible-account')
    await page.getByRole('button', { name: 'Choose another bank' }).click()
    await at(page, 'bank')
  }))

test('a flow of another browser is unknown here', () =>
  visit(async (page, context) => {
    await open(page, '')
    await heading(page, 'Pay from your bank')
    await context.clearCookies()
    await page.reload()
    await heading(page, 'We can’t find this page')
  }))

test('the server may write the first view into the page, and is then not asked for it', () =>
  visit(async (page) => {
    await open(page, 'page=accounts')
    await heading(page, 'Choose an account')
    const flowId = new URL(page.url()).pathname.split('/')[2]
    const view = await page.evaluate((id) => fetch(`/api/flows/${id}/`).then((answer) => answer.text()), flowId)
    let asked = 0
    page.on('request', (request) => {
      if (request.url().includes('/api/')) asked += 1
    })
    await page.route('**/s/**', async (route) => {
      const response = await route.fetch()
      const html = (await response.text()).replace(
        '</body>',
        `<script type="application/json" id="view">${view.replaceAll('<', '\\u003c')}</script></body>`,
      )
      await route.fulfill({ response, body: html })
    })
    await page.goto(page.url().replace('accounts', 'consent'))
    await heading(page, 'Choose an account')
    await at(page, 'accounts')
    assert.equal(asked, 0)
  }))

test(`the whole flow weighs at most ${mostTransferBytes} bytes`, () => {
  const dist = new URL('../dist/', import.meta.url)
  const files = ['index.html', ...readdirSync(new URL('assets', dist)).map((file) => `assets/${file}`)].filter(
    (file) => !/\.(br|gz)$/.test(file),
  )
  const weigh = (compress: (bytes: Buffer) => Buffer) =>
    files.reduce((sum, file) => {
      const bytes = readFileSync(new URL(file, dist))
      return sum + (file.endsWith('.woff2') ? bytes : compress(bytes)).length
    }, 0)
  assert.ok(weigh(gzipSync) <= mostTransferBytes)
  assert.ok(weigh(brotliCompressSync) <= mostTransferBytes)
})
