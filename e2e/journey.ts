import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject } from 'vitest'
import { root } from '../scripts/run.ts'
import { inspect } from './accessibility.ts'
import { type Look, openBrowser, openContext, watch } from './browser.ts'
import { keepSecret, keepSecretsOf } from './secrets.ts'

export const world = inject('world')
const pictures = join(root, '.screenshots')
export const devices = ['phone', 'desktop'] as const

/** Somebody in front of a browser. */
export type Visitor = Readonly<{
  page: Page
  context: BrowserContext
  /** Waits for the page with this heading; it must be accessible, and fit into its window. */
  see(heading: string | RegExp): Promise<void>
  /** The same without judging: for a page that goes on by itself. */
  pass(heading: string | RegExp): Promise<void>
  /** Another tab of the same browser. */
  openTab(): Promise<Visitor>
}>

type Wish = Look & Readonly<{ expected?: readonly RegExp[] }>

/** One Chromium for a test file, and a browser of their own for every visitor. */
export function browsers(): (wish: Wish, run: (visitor: Visitor) => Promise<void>) => Promise<void> {
  let browser: Browser | undefined
  const seen = new Set<string>()
  beforeAll(async () => {
    browser = await openBrowser(inject('chromium'))
  })
  afterAll(() => browser?.close())

  return async ({ expected = [], ...look }, run) => {
    if (!browser) throw new Error('A visit needs the browser, which is opened before the first test.')
    const context = await openContext(browser, look)
    const wrong = await watch(context, expected)
    keepSecretsOf(context, world)
    const page = await context.newPage()
    try {
      await run(visitorAt(page, wrong, seen)).catch((error: unknown) => tellWhere(page, error))
      for (const { value } of await context.cookies()) keepSecret(world, value)
    } finally {
      await context.close()
    }
    expect(wrong).toEqual([])
  }
}

/** Adds to an error where the browser was, and a picture of it. */
async function tellWhere(page: Page, error: unknown): Promise<never> {
  const path = join(pictures, `${new URL(page.url()).pathname.replaceAll(/\W+/g, '-')}-${Date.now()}.png`)
  const taken = await page.screenshot({ path }).then(
    () => ` (${path})`,
    () => '',
  )
  if (error instanceof Error) error.message += `\nThe browser was at ${page.url()}${taken}`
  throw error
}

function visitorAt(page: Page, wrong: string[], seen: Set<string>): Visitor {
  const context = page.context()
  const pass = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()
  return {
    page,
    context,
    pass,
    async see(heading) {
      await pass(heading)
      wrong.push(...(await inspect(page, seen)))
    },
    async openTab() {
      return visitorAt(await context.newPage(), wrong, seen)
    },
  }
}
