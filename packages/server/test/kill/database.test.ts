import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../test-house.ts'
import { type MortalDatabase, openMortalDatabase } from './mortal-database.ts'
import { endOf, type KillStory, openKillStory } from './story.ts'

/** How often the database is killed in each half of a story, and how many stories there are. */
const kills = Number(process.env.KILLS ?? 3)
const stories = Number(process.env.KILL_STORIES ?? 1)
const linux = process.platform === 'linux'

let database: MortalDatabase
let t: TestHouse
let story: KillStory
let worker: ChildProcess | undefined
beforeEach(async () => {
  if (!linux) return
  database = await openMortalDatabase()
  t = await openTestHouse({ server: database })
  story = openKillStory(t)
}, 120_000)
afterEach(async () => {
  worker?.kill('SIGKILL')
  await t?.close()
  story?.close()
  await database?.stop()
}, 120_000)

type Shift = { isOver: boolean; over: Promise<void>; isAtWork: boolean }

/** As a supervisor does: whenever a worker ends badly, another is started, until one has nothing left to do. */
function supervise(): Shift {
  const shift: Shift = { isOver: false, over: Promise.resolve(), isAtWork: false }
  const run = async () => {
    for (let ended = 0; ; await sleep(100)) {
      worker = story.startWorker()
      worker.stdout?.once('data', () => {
        shift.isAtWork = true
      })
      const { code, words } = await endOf(worker)
      shift.isAtWork = false
      if (code === 0) break
      if (++ended > 20 * (kills + 1)) throw new Error(`workers end again and again:\n${words}`)
    }
    shift.isOver = true
  }
  shift.over = run()
  return shift
}

/**
 * The database is killed while a worker is at it, at moments spread over what it does; then it is left to finish.
 * Answers how often it was.
 */
async function workThroughKills(): Promise<number> {
  const shift = supervise()
  let killed = 0
  while (killed < kills && !shift.isOver) {
    while (!shift.isAtWork && !shift.isOver) await sleep(10)
    await Promise.race([sleep(((killed * 7) % 10) * 120 + 30), shift.over])
    if (shift.isOver) break
    await database.killAndRestart()
    killed++
  }
  await shift.over
  return killed
}

const title = 'ends with the same books, and no entry in two files, however often PostgreSQL itself is killed'
it.runIf(linux).each(Array.from({ length: stories }, (_, index) => index + 1))(
  `${title} (story %i)`,
  async () => {
    await story.cutOff()
    const sending = await workThroughKills()
    await story.receive()
    const receiving = await workThroughKills()
    await story.end()
    expect(sending + receiving, 'it was killed').toBeGreaterThan(0)
  },
  600_000,
)
