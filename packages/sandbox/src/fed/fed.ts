import { setTimeout as sleep } from 'node:timers/promises'
import type { Tx } from '../db/connect.ts'
import type { World } from '../world.ts'
import { nextDue } from './agenda.store.ts'
import { doDayWork } from './day-work.ts'
import { countWaiting, type Drop, leave, openDrop } from './drop.ts'
import { isBankDown } from './fault.store.ts'
import { listUnleft, markLeft } from './report.store.ts'
import { takeFiles } from './take.ts'

export type Standing = Readonly<{ now: Date; standing: boolean; nextDueAt: Date | undefined }>

/** The originating bank and the Federal Reserve. One thing happens after the other, whoever asks for it. */
export type Fed = Readonly<{
  /** Takes what lies in the drop and does what is due by now. Answers how many files were left. */
  catchUp: () => Promise<number>
  /** Turns the clock forward and does everything on the way, each at its own time. Undefined: it would be backwards. */
  turn: (wish: Readonly<{ to?: Date | undefined; standing?: boolean | undefined }>) => Promise<number | undefined>
  /** Does one thing now, out of turn, in one transaction. Answers it, and how many files were left. */
  act: <T>(work: (tx: Tx, at: Date) => Promise<T>) => Promise<{ result: T; wrote: number }>
  clock: () => Promise<Standing>
  close: () => Promise<void>
}>

/** Lets one piece of work begin when the one before has ended, however that ended. */
function oneAfterTheOther() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work)
    last = mine.catch(() => undefined)
    return mine
  }
}

/** Leaves every report that is written and not yet in the drop. Answers how many. */
async function leaveReports(world: World, drop: Drop): Promise<number> {
  let count = 0
  while (!(await isBankDown(world.sql))) {
    const reports = await listUnleft(world.sql)
    if (reports.length === 0) break
    for (const { id, name, body } of reports) {
      await leave(drop, name, body)
      await markLeft(world.sql, id, world.now())
      count += 1
    }
  }
  return count
}

const take = async (world: World, drop: Drop): Promise<void> => {
  if (!(await isBankDown(world.sql))) await takeFiles(world, drop)
}

/** Does what is due up to an instant, in the order of time. `onTheWay` hears of each instant before it is worked on. */
async function workUntil(
  world: World,
  drop: Drop,
  until: Date,
  onTheWay: (at: Date) => Promise<void>,
): Promise<number> {
  let wrote = await leaveReports(world, drop)
  let last: number | undefined
  for (;;) {
    const at = await nextDue(world.sql)
    if (!at || at > until) return wrote
    // What is due for ever would be worked on for ever.
    if (at.getTime() === last) throw new Error(`broken promise: what was due at ${at.toISOString()} is done`)
    last = at.getTime()
    await onTheWay(at)
    await doDayWork(world.sql, at)
    wrote += await leaveReports(world, drop)
  }
}

/** Opens the drop and, unless it shall only move when asked, looks after it every `everyMs` of the machine's time. */
export async function openFed(world: World, dropFolder: string, everyMs: number): Promise<Fed> {
  const drop = await openDrop(dropFolder)
  const inTurn = oneAfterTheOther()
  const stopping = new AbortController()

  const catchUp = () =>
    inTurn(async () => {
      await take(world, drop)
      return workUntil(world, drop, world.now(), async () => undefined)
    })

  const ticking = (async () => {
    while (everyMs > 0 && !stopping.signal.aborted) {
      await catchUp().catch((error: Error) => world.log.error({ error: error.message }, 'the bank will try again'))
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  })()

  return {
    catchUp,
    turn: ({ to, standing = world.clock.isStanding() }) =>
      inTurn(async () => {
        const target = to ?? world.now()
        if (target < world.now()) return undefined
        await take(world, drop)
        try {
          const wrote = await workUntil(world, drop, target, async (at) => {
            // What was due before now is late, and is no reason to turn the clock back.
            if (at > world.now()) await world.clock.set({ at, standing, held: true })
          })
          await world.clock.set({ at: target, standing })
          return wrote
        } catch (error) {
          // It goes on from where the trouble was.
          await world.clock.set({ at: world.now(), standing })
          throw error
        }
      }),
    act: <T>(work: (tx: Tx, at: Date) => Promise<T>) =>
      inTurn(async () => {
        let result: T | undefined
        await world.sql.begin(async (tx) => {
          result = await work(tx, world.now())
        })
        return { result: result as T, wrote: await leaveReports(world, drop) }
      }),
    clock: () =>
      inTurn(async () => {
        const now = world.now()
        const due = await nextDue(world.sql)
        const hasFiles = !(await isBankDown(world.sql)) && (await countWaiting(drop)) > 0
        const nextDueAt = hasFiles || (due && due < now) ? now : due
        return { now, standing: world.clock.isStanding(), nextDueAt }
      }),
    close: async () => {
      stopping.abort()
      await ticking
      await inTurn(async () => undefined)
    },
  }
}
