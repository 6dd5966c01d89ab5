import { chromium } from 'playwright-core'
import { findChromium } from '../../scripts/chromium.ts'
import { stop } from '../measuring/processes.ts'
import { type Status, startBanks, tokenFor, withServer } from '../measuring/server.ts'
import { kb, median, type Report, type Row } from '../measuring/table.ts'
import { type Scores, scoresOf } from './lighthouse.ts'
import { linkAccount, type Transfer } from './transfer.ts'

const mostBytes = 130_000
const leastPerformance = 95
const tries = 3

/**
 * What the hosted flow costs a customer's phone: bytes over the whole way, and Lighthouse's opinion of its first page.
 */
export async function benchFlow(): Promise<Report> {
  const executable = await findChromium(process.env)
  if (!executable) throw new Error('there is no Chromium; install one, or set CHROMIUM to its path')
  return withServer(async (server, status) => {
    const banks = await startBanks(server.place, status)
    try {
      const transfer = await transferOf(executable, status)
      const scores: Scores[] = []
      for (let n = 0; n < tries; n++) scores.push(await scoresOf(executable, await newDoor(status)))
      return {
        title: 'The linking flow in a real Chromium',
        notes: [
          'Bytes as they came over the wire, headers and redirects included: a new browser goes from the door through consent, bank, sign-in, accounts and authorization to the end.',
          `Lighthouse's mobile preset (slow 4G, a slow phone), a fresh session's door each time; median of ${tries}.`,
        ],
        rows: [...transferRows(transfer), ...scoreRows(scores)],
      }
    } finally {
      await stop(banks)
    }
  })
}

async function transferOf(executablePath: string, status: Status): Promise<Transfer> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run']
  const browser = await chromium.launch({ executablePath, args })
  try {
    return await linkAccount(browser, await newDoor(status))
  } finally {
    await browser.close()
  }
}

let visits = 0

/** What the merchant's server and the browser SDK do: a session, and the address that opens it. */
async function newDoor(status: Status): Promise<string> {
  const customer = { firstName: 'Ada', lastName: 'Byron', email: `ada-${++visits}@example.com` }
  const answer = await fetch(`${status.urls.api}/v1/sessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await tokenFor(status, 'Link-Core')}`, 'content-type': 'application/json' },
    body: JSON.stringify(customer),
  })
  const { sessionKey } = (await answer.json()) as { sessionKey?: string }
  if (!sessionKey) throw new Error(`no session: ${answer.status}`)
  return `${status.urls.client}/?${new URLSearchParams({ sessionKey, environment: 'sandbox', version: 'bench' })}`
}

function transferRows({ bytes, requests, kinds, plain }: Transfer): Row[] {
  const shares = Object.entries(kinds).map(([kind, size]) => `${kind} ${kb(size)}`)
  return [
    {
      metric: 'the whole flow',
      ours: `${kb(bytes)} in ${requests} requests`,
      bar: `≤ ${kb(mostBytes)}`,
      clears: bytes <= mostBytes,
    },
    { metric: '  of these', ours: shares.join(', ') },
    ...(plain.length > 0 ? [{ metric: '  text sent uncompressed', ours: plain.join(', ') }] : []),
  ]
}

function scoreRows(scores: readonly Scores[]): Row[] {
  const middle = (name: keyof Scores) => Math.round(median(scores.map((score) => score[name])))
  const all = (name: keyof Scores) => `${middle(name)} (${scores.map((score) => Math.round(score[name])).join(', ')})`
  const row = (metric: string, name: keyof Scores, least: number): Row => ({
    ...{ metric, ours: all(name), bar: least === 100 ? '100' : `≥ ${least}`, clears: middle(name) >= least },
  })
  return [
    row('Lighthouse: performance', 'performance', leastPerformance),
    row('Lighthouse: accessibility', 'accessibility', 100),
    { metric: 'Lighthouse: best practices', ours: all('bestPractices') },
  ]
}
