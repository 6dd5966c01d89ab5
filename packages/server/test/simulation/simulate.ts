import { addDays, asDay, atEastern, easternDay } from '../../src/kernel/banking-day.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { proveBooks } from '../../src/ledger/proof/prove.ts'
import { schedulePayouts } from '../../src/payouts/payout.jobs.ts'
import { scheduleRails } from '../../src/rails/ach/schedule.commands.ts'
import { type Auditor, openAuditor } from './auditor/auditor.ts'
import { type Deployment, openDeployment } from './deployment.ts'
import { failureOf, type JobHand, type Kills, openJobHand } from './job-hand.ts'
import { type Customer, newCustomer, newMerchant } from './people.ts'
import { openPretendBank, type PretendBank } from './pretend-bank.ts'
import { randomOf } from './random.ts'
import { openDatabase, type SimulationServer } from './server.ts'
import { nextWish, type Stage } from './wishes.ts'

export type Options = Readonly<{
  seed: number
  days: number
  /** How many wishes. */
  stories: number
  kills: Kills
  /**
   * Breaks something on purpose, to see the auditor object: a statement, run after so many steps
   * and as soon as it changes something.
   */
  spoil?: Readonly<{ atStep: number; statement: string }>
}>

export type Outcome = Readonly<{
  /** Balances that are not zero, by account. */
  books: Readonly<Record<string, bigint>>
  counts: Readonly<Record<string, number>>
}>

/** The house and its auditor do not agree, or the house broke a promise. */
export class Disagreement extends Error {
  override name = 'Disagreement'
}

type Play = Readonly<{
  options: Options
  deployment: Deployment
  hand: JobHand
  bank: PretendBank
  auditor: Auditor
  stage: Stage
  story: string[]
  wishes: Date[]
  spoiled: { done: boolean }
}>

/**
 * Plays one seed from its first day to its last: wishes, jobs, the bank and deaths in turn, and after every step the
 * auditor. Throws a Disagreement that tells the story so far.
 */
export async function simulate(server: SimulationServer, options: Options): Promise<Outcome> {
  const { sql, close } = await openDatabase(server)
  try {
    const start = atEastern(addDays(asDay('2026-01-05'), options.seed % 180), '09:00')
    const deployment = openDeployment(sql, options.seed, start)
    const play = await setUp(options, deployment, start)
    try {
      await playOn(play, new Date(start.getTime() + options.days * 86_400_000))
      return await endOf(play)
    } catch (error) {
      throw tellStory(play, error)
    }
  } finally {
    await close()
  }
}

async function setUp(options: Options, deployment: Deployment, start: Date): Promise<Play> {
  const { seed, days, stories, kills } = options
  const { eternal } = deployment
  const random = randomOf(seed, 'people')
  const customers: Customer[] = []
  for (let index = random.between(1, 3); index > 0; index--) {
    const merchantId = await newMerchant(eternal, random, `Merchant ${index}`)
    for (let many = random.between(1, 3); many > 0; many--) customers.push(await newCustomer(eternal, merchantId))
  }
  await scheduleRails(eternal)
  await schedulePayouts(eternal)
  const bank = openPretendBank(deployment.bankDrop, seed)
  let keys = 0
  const stage = { deployment, bank, random: randomOf(seed, 'wishes'), customers, key: () => `wish-${++keys}` }
  const wishes = Array.from({ length: stories }, () => new Date(start.getTime() + random.next() * days * 86_400_000))
  return {
    ...{ options, deployment, bank, stage, story: [], spoiled: { done: false } },
    hand: openJobHand(deployment, seed, kills),
    auditor: openAuditor(eternal.sql, { drop: deployment.bankDrop.outgoing, processed: bank.processed }),
    wishes: wishes.toSorted((a, b) => a.getTime() - b.getTime()),
  }
}

/** From one thing that is due to the next; ours before the bank's, the bank's before the merchants'. */
async function playOn(play: Play, end: Date): Promise<void> {
  const { deployment, hand, bank, wishes } = play
  const { clock } = deployment
  for (;;) {
    const due = [await hand.nextDue(), bank.nextDue(), wishes[0]].filter((at) => at !== undefined)
    const next = due.toSorted((a, b) => a.getTime() - b.getTime())[0]
    if (!next || next > end) break
    if (next > clock.now) clock.now = next
    while (await hand.handOver()) await work(play)
    await work(play)
    for (let does = bank.act(clock.now); does !== undefined; does = bank.act(clock.now)) note(play, does)
    for (let at = wishes[0]; at && at <= clock.now; at = wishes[0]) {
      wishes.shift()
      await wishFor(play)
      await work(play)
    }
  }
  clock.now = end
  deployment.bankDrop.down(false)
}

const note = ({ story, deployment }: Play, line: string) =>
  story.push(`${deployment.clock.now.toISOString().slice(0, 16)}  ${line}`)

/** Jobs until none waits. */
async function work(play: Play): Promise<void> {
  for (;;) {
    const did = await play.hand.work()
    if (did === undefined) return
    note(play, did)
    for (const line of play.bank.look(play.deployment.clock.now)) note(play, line)
    await judge(play)
  }
}

async function judge(play: Play): Promise<void> {
  await spoil(play)
  const wrong = await play.auditor.audit()
  if (wrong.length > 0) throw new Disagreement(wrong.slice(0, 12).join('\n'))
}

async function spoil({ options, story, deployment, spoiled }: Play): Promise<void> {
  if (!options.spoil || spoiled.done || story.length < options.spoil.atStep) return
  // Not yet, if there is nothing that it would break.
  const { count } = await deployment.eternal.sql.unsafe(options.spoil.statement)
  spoiled.done = count > 0
}

/** Somebody asks, and asks again when the process that should have answered died. */
async function wishFor(play: Play): Promise<void> {
  const { deployment, options, stage } = play
  const wish = await nextWish(stage)
  if (!wish) return
  for (let asked = 1; ; asked++) {
    const dies = options.kills !== 'none' && asked < 4 && randomOf(options.seed, play.story.length, asked).chance(0.2)
    deployment.kill.arm(dies ? randomOf(options.seed, play.story.length, asked, 'at').between(1, 25) : null)
    const error = await failureOf(wish.ask)
    const died = deployment.kill.died()
    deployment.kill.arm(null)
    const refused = error instanceof Refusal ? error.code : undefined
    if (error !== undefined && died === null && refused === undefined)
      throw new Error(`the wish ${wish.says} failed`, { cause: error })
    note(play, `${wish.says}: ${died === null ? (refused ?? 'done') : `killed ${died}`}`)
    await judge(play)
    if (died === null) return
    play.hand.counts.kills++
  }
}

/** Once more with fresh eyes, and with the house's own proof. */
async function endOf(play: Play): Promise<Outcome> {
  const { deployment, bank, hand, auditor } = play
  const { sql } = deployment.eternal
  const fresh = openAuditor(sql, { drop: deployment.bankDrop.outgoing, processed: bank.processed })
  const wrong = await fresh.audit()
  if (wrong.length > 0) throw new Disagreement(`read anew:\n${wrong.slice(0, 12).join('\n')}`)
  const { checks } = await proveBooks(deployment.eternal)
  const differences = checks.flatMap(({ name, difference }) => (difference ? [`${name}: ${difference.says}`] : []))
  if (differences.length > 0) throw new Disagreement(`the house's own proof says otherwise:\n${differences.join('\n')}`)
  const rows = await sql<{ id: string; balance: bigint }[]>`
    select id, balance from ledger_account where balance <> 0 order by id`
  const [many] = await sql<Record<string, number>[]>`
    select (select count(*)::int from payment) as payments, (select count(*)::int from payout) as payouts,
      (select count(*)::int from rail_exception) as exceptions`
  const { files, rejected, returns, reports } = bank.counts
  return {
    books: Object.fromEntries(rows.map(({ id, balance }) => [id, balance])),
    counts: {
      ...{ ...many, files, rejected, reports, returns },
      ...{ ...hand.counts, audits: auditor.counts.audits, steps: play.story.length },
    },
  }
}

const shownLines = 60

function tellStory({ options, deployment, story }: Play, error: unknown): Error {
  const { seed, days, stories, kills } = options
  const again = `npm run simulate -- --seed ${seed} --days ${days} --stories ${stories} --kills '${kills}'`
  const tail = story.slice(-shownLines).map((line) => `  ${line}`)
  const said = error instanceof Error ? error.message : String(error)
  const cause =
    error instanceof Error && error.cause instanceof Error ? `\n${error.cause.stack ?? error.cause.message}` : ''
  const when = `${easternDay(deployment.clock.now)}, step ${story.length}`
  return new Disagreement(`seed ${seed}, ${when}\n\n${tail.join('\n')}\n\n${said}${cause}\n\nAgain: ${again}`, {
    cause: error,
  })
}
