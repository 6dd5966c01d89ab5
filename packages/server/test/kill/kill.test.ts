import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../test-house.ts'
import { endOf, type KillStory, openKillStory } from './story.ts'

/** The most that a worker is killed in each half of a story, and how many stories there are. */
const kills = Number(process.env.KILLS ?? 4)
const stories = Number(process.env.KILL_STORIES ?? 1)

let t: TestHouse
let story: KillStory
beforeEach(async () => {
  t = await openTestHouse()
  story = openKillStory(t)
})
afterEach(async () => {
  await t.close()
  story.close()
})

/** Ends by itself when nothing is left to do, or is killed after so many milliseconds. Answers whether it ended. */
async function work(killAfterMs?: number): Promise<boolean> {
  const child = story.startWorker()
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  const { code, signal, words } = await endOf(child)
  clearTimeout(timer)
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`the worker ended with ${code}: ${words}`)
  return signal === null
}

/** Killed at moments spread over the work, then left to finish. */
async function workThroughKills(): Promise<number> {
  let killed = 0
  for (let turn = 0; turn < kills; turn++) {
    // A process needs about a second to begin; what comes after is its work.
    if (await work(700 + (turn * 1_300) / kills)) return killed
    killed++
    await sleep(20)
  }
  await work()
  return killed
}

const title = 'ends with the same books, and no entry in two files, however often a worker is killed'
it.each(Array.from({ length: stories }, (_, index) => index + 1))(
  `${title} (story %i)`,
  async () => {
    await story.cutOff()
    let killed = await workThroughKills()
    await story.receive()
    killed += await workThroughKills()
    await story.end()
    expect(killed, 'somebody was killed').toBeGreaterThan(0)
  },
  300_000,
)
