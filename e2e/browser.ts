import { type Browser, type BrowserContext, chromium } from 'playwright-core'

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]
const patienceMs = 15_000

export type Look = Readonly<{
  device?: 'phone' | 'desktop'
  colorScheme?: 'light' | 'dark'
  reducedMotion?: 'reduce' | 'no-preference'
  /** Device pixels in one of CSS. */
  sharpness?: number
}>

export const openBrowser = (executablePath: string): Promise<Browser> => chromium.launch({ executablePath, args })

/** Somebody's browser: nothing in it is shared with anybody else's. */
export async function openContext(browser: Browser, look: Look = {}): Promise<BrowserContext> {
  const { device = 'desktop', colorScheme = 'light', reducedMotion = 'no-preference', sharpness = 1 } = look
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
  const desktop = { viewport: { width: 1280, height: 800 } }
  const context = await browser.newContext({
    ...(device === 'phone' ? phone : desktop),
    ...{ colorScheme, reducedMotion, deviceScaleFactor: sharpness, locale: 'en-US', timezoneId: 'America/New_York' },
  })
  context.setDefaultTimeout(patienceMs)
  return context
}

/**
 * Collects what must never happen in a customer's browser: errors, refusals of the content policy, requests that leave
 * this machine. What `expected` names may happen, such as the 422 a bank answers to a wrong password.
 */
export async function watch(context: BrowserContext, expected: readonly RegExp[]): Promise<string[]> {
  const wrong: string[] = []
  const note = (what: string) => {
    if (!expected.some((pattern) => pattern.test(what))) wrong.push(what)
  }
  await context.addInitScript(`addEventListener('securitypolicyviolation', (event) =>
    console.error('The content policy refused ' + event.violatedDirective + ' ' + event.blockedURI))`)
  context.on('weberror', (error) => note(`threw on ${error.page()?.url()}: ${error.error().message}`))
  context.on('console', (message) => {
    if (message.type() !== 'error') return
    note(`console: ${message.text()} (${message.location().url || message.page()?.url()})`)
  })
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (/^https?:$/.test(protocol) && hostname !== 'localhost') note(`asked a third party: ${request.url()}`)
  })
  return wrong
}
