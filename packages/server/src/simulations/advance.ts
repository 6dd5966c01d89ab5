import { handOverDue } from '../agenda/agenda.commands.ts'
import { findNextDue } from '../agenda/agenda.queries.ts'
import type { House } from '../house.ts'
import { countJobs, untilQuiet } from '../jobs/turns.ts'
import { assert } from '../kernel/assert.ts'
import { easternDay } from '../kernel/banking-day.ts'
import { Refusal } from '../kernel/refusal.ts'
import { numberEvents } from '../webhooks/event.commands.ts'
import { follow } from './follow.ts'
import type { OutsideWorld } from './outside-world.ts'
import type { ClockHand, TurnableClock } from './turnable-clock.ts'

export type AdvanceParts = Readonly<{
  house: Pick<House, 'sql' | 'log'>
  clock: TurnableClock
  /** Null: there is none, and only our own things happen. */
  world: OutsideWorld | null
  /** The outside world has left files for us: asks the jobs that fetch them. */
  afterWrote: () => Promise<void>
  /** Aborted when the process ends: the clock runs on from where it is. */
  signal?: AbortSignal
}>

export type AdvanceWish = Readonly<{
  to: Date
  /** It stands at the end, or else runs on. */
  standing: boolean
  /** Ends the advance early, as soon as it answers true. Asked whenever something has happened. */
  isEnough?: () => Promise<boolean>
}>

export type Advanced = Readonly<{
  from: Date
  now: Date
  standing: boolean
  /** How many things were due. */
  steps: number
  /** How many jobs were asked for. */
  jobs: number
  /** How many have failed by the end and wait to be tried again, those from before among them. */
  failedJobs: number
  /** `isEnough` ended it. */
  enough: boolean
}>

/** What reminds of itself at its own instant would never end. */
const mostAtOneInstant = 100_000

type Journey = AdvanceParts & {
  readonly hand: ClockHand
  readonly wish: AdvanceWish
  readonly signal: AbortSignal
  steps: number
  enough: boolean
}

/**
 * Moves house time forward, from one thing that is due to the next, ours before the outside world's, and lets all jobs
 * run out before it moves on. One after another, so that the same calls give the same events. The clock stands
 * meanwhile. What fails, fails as it would have on the day: it is tried again by the job runner, and not waited for.
 *
 * Refuses: clock_advancing, outside_world_unreachable, no_worker. Whatever was done until then stays done, and the
 * clock runs on from where it is.
 */
export async function advance(parts: AdvanceParts, wish: AdvanceWish): Promise<Advanced> {
  const { house, clock, world, signal = new AbortController().signal } = parts
  // Asked first: where there should be a world and none answers, nothing is turned.
  await world?.clock()
  const stood = clock.read().standing
  const hand = await clock.take(wish.to)
  const from = clock.now()
  const journey: Journey = { ...parts, hand, wish, signal, steps: 0, enough: false }
  try {
    const { asked } = await countJobs(house.sql)
    // Ids of two processes are in order from one millisecond to the next, and much may have happened in this one.
    if (stood && from < wish.to) await hand.turnTo(new Date(from.getTime() + 1))
    await travel(journey)
    const end = journey.enough || wish.to < clock.now() ? clock.now() : wish.to
    await hand.turnTo(end)
    const after = await countJobs(house.sql)
    await hand.letGo(wish.standing)
    if (world) await follow(world, end, wish.standing)
    const { steps, enough } = journey
    const jobs = after.asked - asked
    return { from, now: end, standing: wish.standing, steps, jobs, failedJobs: after.failed, enough }
  } catch (error) {
    await hand.letGo(false).catch((lost: unknown) => house.log.error({ err: lost }, 'the clock could not be let go'))
    if (world) await follow(world, clock.now(), false).catch(() => undefined)
    throw error
  }
}

async function travel(journey: Journey): Promise<void> {
  const { house, clock, hand, wish } = journey
  for (;;) {
    const nextOutside = await liveThrough(journey)
    if (journey.enough) return
    const ours = await findNextDue(house.sql)
    const next = [ours, nextOutside].reduce((one, other) => (one && (!other || one <= other) ? one : other))
    if (!next || next > wish.to) return
    if (next <= clock.now()) continue
    sayTheDay(journey, next)
    await hand.turnTo(next)
  }
}

/** Everything that is due at the instant at which the clock stands. Answers when the outside world has more to do. */
async function liveThrough(journey: Journey): Promise<Date | null> {
  const { house, clock, world } = journey
  await settle(journey)
  for (let done = 0; !journey.enough; done++) {
    assert(done < mostAtOneInstant, `what is due at ${clock.now().toISOString()} comes to an end`)
    if ((await handOverDue(house.sql, clock.now(), 1)) > 0) {
      journey.steps++
      await settle(journey)
      continue
    }
    if (!world) return null
    const { wrote, nextDueAt } = await follow(world, clock.now(), true)
    if (wrote > 0) {
      journey.steps++
      await journey.afterWrote()
    }
    await settle(journey)
    if (wrote === 0 && (!nextDueAt || nextDueAt > clock.now())) return nextDueAt
  }
  return null
}

/**
 * Lets the jobs run out and events get their places, until neither leads to the other; looks whether that is enough.
 */
async function settle(journey: Journey): Promise<void> {
  const { house, signal } = journey
  do {
    if ((await untilQuiet(house.sql, signal)) === 'untaken') throw new Refusal('no_worker')
  } while ((await numberEvents(house)) > 0)
  journey.enough = (await journey.wish.isEnough?.()) ?? false
}

/** A line for each day that begins, so that a long advance is seen to go on. */
function sayTheDay({ house, clock, steps, wish }: Journey, next: Date): void {
  const day = easternDay(next)
  if (day !== easternDay(clock.now())) house.log.info({ day, steps, to: wish.to }, 'the clock is advanced to a new day')
}
