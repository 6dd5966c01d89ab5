import type { Act, Attempt } from './act.ts'
import type { Told } from './auditor/answers.ts'
import type { Auditor } from './auditor/auditor.ts'
import type { Watched } from './auditor/rates.ts'
import type { Deployment } from './deployment.ts'
import type { JobHand, Kills } from './job-hand.ts'
import { lift, release, stopPayout, withdraw } from './operators.ts'
import type { PretendBank } from './pretend-bank.ts'
import type { Random } from './random.ts'
import { actOf, type Heard, type Maker, type Stage, type Wish } from './wish.ts'
import { nextWish, twoWishes, whileAtWork } from './wishes.ts'

export type Options = Readonly<{
  seed: number
  days: number
  /** How many wishes. */
  stories: number
  kills: Kills
  /** Whether, now and then, two processes are at work at once. */
  together: boolean
  /**
   * Breaks something on purpose, to see the auditor object: a statement, run after so many steps
   * and as soon as it changes something.
   */
  spoil?: Readonly<{ atStep: number; statement: string }>
}>

/** The house and its auditor do not agree, or the house broke a promise. */
export class Disagreement extends Error {
  override name = 'Disagreement'
}

/** What a run did besides what stands in the tables. */
export type Tally = Record<
  'jobs' | 'wishes' | 'refused' | 'killed' | 'failed' | 'together' | 'waited' | 'steps' | 'audits',
  number
>

export type Play = Readonly<{
  options: Options
  deployment: Deployment
  hand: JobHand
  bank: PretendBank
  auditor: Auditor
  stage: Stage
  /** Apart from everything else: whether two are at once, who is next then, and who dies of a wish. */
  company: Random
  turns: Random
  deaths: Random
  story: string[]
  /** What is going to be wished for, the next first. */
  wishes: { at: Date; make: Maker }[]
  told: Told[]
  watched: Watched
  tally: Tally
  spoiled: { done: boolean }
  /** What people were called to. */
  called: Set<string>
}>

/** From one thing that is due to the next; ours before the bank's, the bank's before the merchants'. */
export async function playOn(play: Play, end: Date): Promise<void> {
  const { deployment, hand, bank, wishes } = play
  const { clock } = deployment
  await work(play)
  for (;;) {
    const due = [hand.nextDue(), bank.nextDue(), wishes[0]?.at].filter((at) => at !== undefined)
    const next = due.toSorted((a, b) => a.getTime() - b.getTime())[0]
    if (!next || next > end) break
    if (next > clock.now) clock.now = next
    for (let at = hand.nextDue(); at && at <= clock.now; at = hand.nextDue()) {
      await hand.handOver()
      await work(play)
    }
    for (let does = bank.act(clock.now); does !== undefined; does = bank.act(clock.now)) note(play, does)
    for (let first = wishes[0]; first && first.at <= clock.now; first = wishes[0]) {
      wishes.shift()
      await wishFor(play, first.make)
      await work(play)
    }
  }
  clock.now = end
  hand.finish()
  await work(play)
}

const note = ({ story, deployment }: Play, line: string) =>
  story.push(`${deployment.clock.now.toISOString().slice(0, 16)}  ${line}`)

type Acts = readonly [Act] | readonly [Act, Act]

/** Jobs until none waits. */
async function work(play: Play): Promise<void> {
  for (let job = await play.hand.take(); job; job = await play.hand.take()) await doJob(play, job)
}

/**
 * Now and then a job is not alone: it is done by two, as when the first was only thought dead; or the next job is done
 * at the same time, or somebody wishes for something.
 */
async function doJob(play: Play, job: Act): Promise<void> {
  const { company, options, hand, stage } = play
  play.tally.jobs++
  const with_ = options.together && company.chance(0.1) ? company.pick(['itself', 'next', 'wish', 'wish']) : 'nobody'
  const next = with_ === 'next' ? await hand.take() : undefined
  const wish = with_ === 'wish' ? await whileAtWork(stage) : undefined
  const other = next ?? (wish ? actFor(play, wish) : with_ === 'itself' ? job : undefined)
  const told = await step(play, other ? [job, other] : [job])
  if (wish && told[1]?.kind === 'killed') await askUntilTold(play, wish)
}

/** Somebody asks, alone, or two at once: the same twice, or two things that do not go together. */
async function wishFor(play: Play, make: Maker): Promise<void> {
  const { company, options, stage } = play
  const pair = make === nextWish && options.together && company.chance(0.2) ? await twoWishes(stage) : undefined
  const wish = pair ? undefined : await make(stage)
  const isTwice = options.together && company.chance(0.04)
  const wishes = pair ?? (wish ? (isTwice ? ([wish, wish] as const) : ([wish] as const)) : [])
  const [one, other] = wishes
  if (!one) return
  if (!other) return askUntilTold(play, one)
  const told = await step(play, [actFor(play, one), actFor(play, other)])
  for (const [index, { kind }] of told.entries())
    if (kind === 'killed') await askUntilTold(play, index === 0 ? one : other)
}

/** Asks again when the process that should have answered died. */
async function askUntilTold(play: Play, wish: Wish): Promise<void> {
  for (let asked = 1; ; asked++) {
    const [told] = await step(play, [actFor(play, wish, asked < 4)])
    if (told?.kind !== 'killed') return
  }
}

function actFor(play: Play, wish: Wish, mayDie = true): Act {
  const { deaths, options, told } = play
  const diesAt = () => (options.kills !== 'none' && mayDie && deaths.chance(0.2) ? deaths.between(1, 25) : null)
  play.tally.wishes++
  const heard: Heard = (promised, said) => {
    told.push({ promised, said })
    if (said !== 'done') play.tally.refused++
  }
  return actOf(wish, heard, diesAt)
}

/** One process does something, or two do something at once; then the bank looks, and the auditor judges. */
async function step(play: Play, acts: Acts): Promise<readonly Attempt[]> {
  const { deployment, bank, tally } = play
  tally.steps++
  const [one, other] = acts
  const { attempts, waited } = other
    ? await both(play, one, other)
    : { attempts: [await one.by(deployment.processes[0])], waited: false }
  const what = other && other !== one ? `${one.says} | ${other.says}` : other ? `by two: ${one.says}` : one.says
  note(play, `${what}: ${attempts.map(({ says }) => says).join(' | ')}${waited ? ' (one waited)' : ''}`)
  for (const told of attempts) {
    if (told.kind === 'broken') throw new Error(`this failed: ${what}`, { cause: told.error })
    if (told.kind === 'killed') tally.killed++
    if (told.kind === 'failed') tally.failed++
  }
  if (one === other) await one.end(attempts)
  else for (const [index, act] of acts.entries()) await act.end(attempts.slice(index, index + 1))
  const isLook = one.says.startsWith('watch-return-rates') && attempts.every(({ kind }) => kind === 'done')
  if (isLook) play.watched.at = deployment.clock.now
  for (const line of bank.look(deployment.clock.now)) note(play, line)
  await judge(play)
  callPeople(play)
  return attempts
}

async function both(play: Play, one: Act, other: Act): Promise<{ attempts: Attempt[]; waited: boolean }> {
  const { deployment, tally } = play
  const [first, second] = deployment.processes
  const { ended, waited } = await deployment.turns.together(play.turns, [() => one.by(first), () => other.by(second)])
  tally.together++
  if (waited) tally.waited++
  const attempts = ended.map((end) => {
    if ('error' in end) throw end.error
    return end.value
  })
  return { attempts, waited }
}

async function judge(play: Play): Promise<void> {
  const { options, story, deployment, spoiled, auditor } = play
  if (options.spoil && !spoiled.done && story.length >= options.spoil.atStep) {
    // Not yet, if there is nothing that it would break.
    const { count } = await deployment.eternal.sql.unsafe(options.spoil.statement)
    spoiled.done = count > 0
  }
  const wrong = await auditor.audit()
  if (wrong.length > 0) throw new Disagreement(wrong.slice(0, 12).join('\n'))
}

const minuteMs = 60_000

/**
 * A file that two people have to let go: as a rule they come soon. Anything may be wanted back before it has left, and
 * a merchant whose debits are held explains.
 */
function callPeople({ auditor, called, company, deployment, wishes }: Play): void {
  const wishSoon = (make: Maker, soonest: number, latest: number) => {
    const at = new Date(deployment.clock.now.getTime() + company.between(soonest, latest) * minuteMs)
    wishes.push({ at, make })
    wishes.sort((a, b) => a.at.getTime() - b.at.getTime())
  }
  const isNew = (id: string) => !called.has(id) && called.add(id)
  const { files, payouts, holds } = auditor.records
  for (const { id, status, needsRelease } of files.values()) {
    if (status !== 'built' || !isNew(id)) continue
    if (company.chance(0.15)) wishSoon(withdraw, 0, 40)
    if (needsRelease && company.chance(0.9)) for (const soonest of [2, 10]) wishSoon(release, soonest, 40)
  }
  for (const { id, status } of payouts.values())
    if (status === 'accepted' && isNew(id) && company.chance(0.15)) wishSoon(stopPayout, 0, 150)
  for (const { id, did } of holds.values())
    if (did === 'held' && isNew(id) && company.chance(0.6)) wishSoon(lift, 0, 2_000)
}
