import { launch } from 'chrome-launcher'
import lighthouse from 'lighthouse'

export type Scores = Readonly<{ performance: number; accessibility: number; bestPractices: number }>

const flags = ['--no-sandbox', '--headless=new', '--disable-gpu', '--disable-background-networking', '--no-first-run']

/** Lighthouse's mobile preset on one address, in a browser of its own. From 0 to 100. */
export async function scoresOf(chromePath: string, url: string): Promise<Scores> {
  const chrome = await launch({ chromePath, chromeFlags: flags, logLevel: 'silent' })
  try {
    const options = { port: chrome.port, logLevel: 'silent', maxWaitForLoad: 45_000 } as const
    const run = await lighthouse(url, {
      ...options,
      onlyCategories: ['performance', 'accessibility', 'best-practices'],
    })
    const report = run?.lhr
    if (!report || report.runtimeError) throw new Error(`Lighthouse: ${report?.runtimeError?.message ?? 'no result'}`)
    if (!report.finalDisplayedUrl.endsWith('/consent'))
      throw new Error(`Lighthouse ended at ${report.finalDisplayedUrl}`)
    const score = (name: string) => (report.categories[name]?.score ?? Number.NaN) * 100
    return {
      performance: score('performance'),
      accessibility: score('accessibility'),
      bestPractices: score('best-practices'),
    }
  } finally {
    chrome.kill()
  }
}
