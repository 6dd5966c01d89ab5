import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { findChromium } from '../scripts/chromium.ts'
import { exitAfter, Problem } from '../scripts/problem.ts'
import { root } from '../scripts/run.ts'
import { openBrowser, openContext } from './browser.ts'
import { startWorld, type World } from './world.ts'

/** Takes the README's picture of the hosted flow again: `node e2e/screenshots.ts`. */

const images = join(root, 'docs/images')
const person = { firstName: 'Ada', lastName: 'Byron', email: 'ada@example.com' }
const screen = { width: 390, height: 780 }

async function takeAll(): Promise<void> {
  const chromium = await findChromium(process.env)
  if (!chromium) throw new Problem('The picture needs Chromium: npm run verify installs it.')
  const { world, stop } = await startWorld()
  const browser = await openBrowser(chromium)
  try {
    mkdirSync(images, { recursive: true })
    await compose(browser, await takeScreens(browser, world), join(images, 'flow.png'))
  } finally {
    await browser.close()
    await stop()
  }
}

async function takeScreens(browser: Browser, world: World): Promise<Buffer[]> {
  const context = await openContext(browser, { device: 'phone', reducedMotion: 'reduce', sharpness: 2 })
  const page = await context.newPage()
  await page.setViewportSize(screen)
  const screens: Buffer[] = []
  const take = async (heading: string) => {
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await page.evaluate('document.fonts.ready')
    screens.push(await page.screenshot({ animations: 'disabled' }))
  }
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()

  const query = new URLSearchParams({ sessionKey: await sessionKey(world), redirect: `${world.store}/` })
  await page.goto(`${world.client}/?${query}`)
  await take('Pay from your bank')
  await press('Continue')
  await page.getByRole('option', { name: 'Finbank OAuth' }).waitFor()
  await take('Find your bank')
  await page.getByRole('option', { name: 'FinBank Profiles - A' }).click()
  await signIn(page)
  await take('Choose an account')
  await context.close()
  return screens
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('User name').fill('profile_522')
  await page.getByLabel('Password', { exact: true }).fill('profile_522')
  await page.getByRole('button', { name: 'Sign in' }).click()
}

async function sessionKey({ api, credentials: { id, secret } }: World): Promise<string> {
  const form = { client_id: id, client_secret: secret, grant_type: 'client_credentials', scope: 'Link-Core' }
  const granted = await fetch(`${api}/v1/tokens`, { method: 'POST', body: new URLSearchParams(form) })
  const { access_token: token } = (await granted.json()) as { access_token: string }
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const opened = await fetch(`${api}/v1/sessions`, { method: 'POST', headers, body: JSON.stringify(person) })
  return ((await opened.json()) as { sessionKey: string }).sessionKey
}

/** The screens side by side on the stone that the flow stands on. */
async function compose(browser: Browser, screens: Buffer[], path: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1380, height: 892 }, deviceScaleFactor: 1.5 })
  const shown = screens.map((bytes) => `<img src="data:image/png;base64,${bytes.toString('base64')}">`)
  await page.setContent(`<!doctype html><style>
    body { margin: 0; height: 100vh; display: flex; align-items: center; justify-content: center; gap: 48px;
      background: #f1efe8 }
    img { width: ${screen.width}px; height: ${screen.height}px; border-radius: 28px; border: 1px solid #e0ddd3;
      box-shadow: 0 1px 2px #1f2a2614, 0 18px 40px -12px #1f2a2633 }
  </style>${shown.join('')}`)
  await page.evaluate('Promise.all([...document.images].map((image) => image.decode()))')
  await page.screenshot({ path })
  await page.close()
}

await exitAfter(takeAll)
