import { createHash } from 'node:crypto'
import { addDays, asDay, atEastern, type Day, easternDay, onOrAfter } from '../../src/kernel/banking-day.ts'
import { proveBooks } from '../../src/ledger/proof/prove.ts'
import { schedulePayouts } from '../../src/payouts/payout.jobs.ts'
import { scheduleRails } from '../../src/rails/ach/schedule.commands.ts'
import { scheduleReports } from '../../src/reports/make-reports.jobs.ts'
import { addThresholds } from '../../src/risk/return-rate.commands.ts'
import { scheduleWatch } from '../../src/risk/return-rate.jobs.ts'
import { openAuditor } from './auditor/auditor.ts'
import { type Counts, whatHappened } from './counts.ts'
import { type Deployment, openDeployment } from './deployment.ts'
import { openJobHand } from './job-hand.ts'
import { type Customer, newCustomer, newMerchant } from './people.ts'
import { Disagreement, type Options, type Play, playOn } from './play.ts'
import { openPretendBank } from './pretend-bank.ts'
import { type Random, randomOf } from './random.ts'
import type { Lane } from './server.ts'
import { nextWish } from './wishes.ts'

export type Outcome = Readonly<{
  /** Balances that are not zero, by account. */
  books: Readonly<Record<string, bigint>>
  counts: Counts
  /** Of the whole story: equal only if everything happened in the same way. */
  digest: string
}>

/**
 * Plays one seed from its first day to its last: wishes, jobs, the bank and deaths in turn, and after every step the
 * auditor. Throws a Disagreement that tells the story so far.
 */
export async function simulate(lane: Lane, options: Options): Promise<Outcome> {
  await lane.clean()
  const firstDay = dayOf(options.seed)
  const start = atEastern(firstDay, '09:00')
  const play = await setUp(options, openDeployment(lane, options.seed, start), firstDay)
  try {
    await playOn(play, lastInstant(firstDay, options.days))
    return await endOf(play)
  } catch (error) {
    throw tellStory(play, error)
  }
}

/** Some day of half a year; most often one after which banks work for two days more. */
function dayOf(seed: number): Day {
  let day = addDays(asDay('2026-01-05'), seed % 180)
  const isOpen = (later: number) => onOrAfter(addDays(day, later)) === addDays(day, later)
  while (seed % 5 !== 0 && ![0, 1, 2].every(isOpen)) day = addDays(day, 1)
  return day
}

const lastInstant = (firstDay: Day, days: number): Date => atEastern(addDays(firstDay, days - 1), '23:30')

async function setUp(options: Options, deployment: Deployment, firstDay: Day): Promise<Play> {
  const { seed, days, stories, kills } = options
  const { eternal, bankDrop, reportDrop } = deployment
  const random = randomOf(seed, 'people')
  const customers: Customer[] = []
  for (let index = random.between(1, 3); index > 0; index--) {
    const merchantId = await newMerchant(eternal, random, `Merchant ${index}`)
    for (let many = random.between(1, 3); many > 0; many--) customers.push(await newCustomer(eternal, merchantId))
  }
  await watchClosely(deployment, random)
  for (const schedule of [scheduleRails, schedulePayouts, scheduleReports, scheduleWatch]) await schedule(eternal)
  const bank = openPretendBank(bankDrop, seed)
  let keys = 0
  const wishRandom = randomOf(seed, 'wishes')
  const stage = { deployment, bank, random: wishRandom, customers, key: () => `wish-${++keys}` }
  const [from, until] = [atEastern(firstDay, '09:00').getTime(), lastInstant(firstDay, days).getTime()]
  // Most of them soon: what comes of them is to be seen.
  const when = () => new Date(from + wishRandom.next() ** wishRandom.pick([1, 3]) * (until - from))
  const wishes = Array.from({ length: stories }, () => ({ at: when(), make: nextWish }))
  const [told, watched] = [[], { at: null }] as [Play['told'], Play['watched']]
  const outside = { bank: { put: bankDrop.outgoing, processed: bank.processed }, merchants: reportDrop.outgoing }
  return {
    ...{ options, deployment, bank, stage, story: [], told, watched, spoiled: { done: false }, called: new Set() },
    ...{ company: randomOf(seed, 'company'), turns: randomOf(seed, 'turns'), deaths: randomOf(seed, 'deaths') },
    hand: openJobHand(deployment, seed, kills),
    auditor: openAuditor(eternal.sql, { ...outside, told, watched }),
    wishes: wishes.sort((a, b) => a.at.getTime() - b.at.getTime()),
    tally: { jobs: 0, wishes: 0, refused: 0, killed: 0, failed: 0, together: 0, waited: 0, steps: 0, audits: 0 },
  }
}

/** Return rates of so few debits say nothing, as a rule; here they often do. */
async function watchClosely({ eternal }: Deployment, random: Random): Promise<void> {
  const fewestDebits = random.pick([1, 3, 100])
  const bps = { unauthorized: 50, administrative: 300, overall: 1_500 }
  await addThresholds(eternal, { from: asDay('2020-01-01'), bps, fewestDebits })
}

/** Once more with fresh eyes, and with the house's own proof. */
async function endOf(play: Play): Promise<Outcome> {
  const { deployment, bank, auditor, told } = play
  const { sql } = deployment.eternal
  const drop = { put: deployment.bankDrop.outgoing, processed: bank.processed }
  const outside = { bank: drop, merchants: deployment.reportDrop.outgoing, told, watched: { at: null } }
  const wrong = await openAuditor(sql, outside).audit()
  if (wrong.length > 0) throw new Disagreement(`read anew:\n${wrong.slice(0, 12).join('\n')}`)
  const { checks } = await proveBooks(deployment.eternal)
  const differences = checks.flatMap(({ name, difference }) => (difference ? [`${name}: ${difference.says}`] : []))
  if (differences.length > 0) throw new Disagreement(`the house's own proof says otherwise:\n${differences.join('\n')}`)
  const rows = await sql<{ id: string; balance: bigint }[]>`
    select id, balance from ledger_account where balance <> 0 order by id`
  return {
    books: Object.fromEntries(rows.map(({ id, balance }) => [id, balance])),
    counts: whatHappened(auditor.records, bank.counts, { ...play.tally, audits: auditor.counts.audits }),
    digest: createHash('sha256').update(play.story.join('\n')).digest('hex'),
  }
}

const shownLines = 60

function tellStory({ options, deployment, story }: Play, error: unknown): Error {
  const { seed, days, stories, kills, together } = options
  const again = `npm run simulate -- --seed ${seed} --days ${days} --stories ${stories} --kills '${kills}'`
  const tail = story.slice(-shownLines).map((line) => `  ${line}`)
  const said = error instanceof Error ? error.message : String(error)
  const cause =
    error instanceof Error && error.cause instanceof Error ? `\n${error.cause.stack ?? error.cause.message}` : ''
  const when = `${easternDay(deployment.clock.now)}, step ${story.length}`
  return new Disagreement(
    `seed ${seed}, ${when}\n\n${tail.join('\n')}\n\n${said}${cause}\n\nAgain: ${again}${together ? '' : ' --alone'}`,
    { cause: error },
  )
}
