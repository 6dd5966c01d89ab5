import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

type Violation = { id: string; nodes: { html: string; failureSummary: string }[] }

/** What comes in or changes colour does so for a moment; what it passes through on the way is not what is judged. */
const settled = `Promise.allSettled(document.getAnimations()
  .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity)
  .map((animation) => animation.finished))`

/** The same page in the same state, however it was reached, looks the same. Ids do not matter. */
const state = `[location.host, location.pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|NW-\\d+|interaction.+/g, '…'),
  innerWidth, matchMedia('(prefers-color-scheme: dark)').matches,
  ...[...document.querySelectorAll('h1, [role=alert], dialog[open], .notice')].map((one) => one.textContent)].join(' ')`

/**
 * WCAG 2.2 AA and axe's best practices, and that the page is no wider than its window. Answers what is wrong.
 * With `seen`, a page that was judged before in the same state is not judged again.
 */
export async function inspect(page: Page, seen = new Set<string>()): Promise<string[]> {
  await page.evaluate(settled)
  const key = await page.evaluate<string>(state)
  if (seen.has(key)) return []
  seen.add(key)
  // Handed over by the debugger: the page's own policy would refuse a script element.
  await page.evaluate(axe)
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    `axe.run({ runOnly: ${JSON.stringify(rules)} })`,
  )
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id} on ${key}: ${node.html}\n  ${node.failureSummary}`),
  )
  const spill = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  return spill > 0 ? [...found, `${key} is ${spill} px too wide`] : found
}
