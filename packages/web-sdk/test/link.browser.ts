import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type LinkExport from '../src/link.ts'
import { bundleText, withAddresses } from './bundle.ts'

declare global {
  interface Window {
    Link: typeof LinkExport
  }
}

const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'none'"
let server: Server
let origin: string
let browser: Browser
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  const sdk = await bundleText()
  const files: Record<string, () => [string, string]> = {
    '/shop': () => [
      'text/html',
      '<!doctype html><title>Shop</title><main></main><script type="module" src="/shop.js"></script>',
    ],
    '/shop.js': () => ['text/javascript', "import Link from '/linkmoney-web.min.js'; window.Link = Link"],
    '/linkmoney-web.min.js': () => ['text/javascript', withAddresses(sdk, origin, `${origin}/client`)],
  }
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', origin).pathname
    const [type, body] = files[path]?.() ?? ['text/html', '<!doctype html><title>Hosted flow</title>']
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(body)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
})
afterAll(async () => {
  await browser?.close()
  server?.close()
})
beforeEach(async () => {
  complaints.length = 0
  await page?.close()
  page = await browser.newPage()
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await page.goto(`${origin}/shop`)
})

it('takes the page to the hosted flow', async () => {
  await page.evaluate(() => {
    window.Link.LinkInstance({
      sessionKey: 'k 1',
      redirect: 'https://shop.example/b?x=1',
      environment: 'sandbox',
    }).action()
  })
  await page.waitForURL('**/client/?**')
  const query = Object.fromEntries(new URL(page.url()).searchParams)
  expect(query).toMatchObject({ sessionKey: 'k 1', redirect: 'https://shop.example/b?x=1', environment: 'sandbox' })
  expect(query).not.toHaveProperty('custom')
})

it('makes a button that the keyboard can press, under the strictest content security policy', async () => {
  const sessionUrl = `${origin}/session/2`
  await page.evaluate((url) => {
    const link = window.Link.LinkInstance({ sessionUrl: url, environment: 'sandbox', sessionVersion: 2 })
    document.querySelector('main')?.append(link.createButton())
  }, sessionUrl)
  const button = page.getByRole('button', { name: 'Pay by Bank', exact: true })
  const box = await button.boundingBox()
  expect(box?.height).toBeGreaterThanOrEqual(44)
  expect(await button.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe('rgb(14, 102, 86)')
  await page.keyboard.press('Tab')
  expect(await button.evaluate((element) => element === document.activeElement)).toBe(true)
  expect(await button.evaluate((element) => getComputedStyle(element).outlineStyle)).not.toBe('none')
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/button.png` })
  await page.keyboard.press('Enter')
  await page.waitForURL(sessionUrl)
  expect(complaints).toEqual([])
})
