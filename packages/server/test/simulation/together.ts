import { setTimeout as sleep, setImmediate as tick } from 'node:timers/promises'
import type { Random } from './random.ts'

/** When a process may take its next step: at once, unless another is at work at the same time. */
export type Turn = Readonly<{
  isAlone(): boolean
  /** Comes back when it is this process's turn. */
  pass(): Promise<void>
  /** Something has been sent to the database. To be called, and awaited, when the answer is there. */
  send(): () => Promise<void>
}>

export type Ended<T> = Readonly<{ value: T } | { error: unknown }>

/** Two processes that work at once, one step of one of them after another. */
export type Turns = Readonly<{
  of: readonly [Turn, Turn]
  /**
   * Both at once. Who takes the next step is chance, and the same chance in every run: whoever waits for the other's
   * lock in the database is left out until it has it. Answers how both ended, and whether one waited for the other.
   */
  together<T>(random: Random, works: readonly [() => Promise<T>, () => Promise<T>]): Promise<Together<T>>
}>
export type Together<T> = Readonly<{ ended: readonly [Ended<T>, Ended<T>]; waited: boolean }>

type Player = { index: number; queue: (() => void)[]; sent: number; finished: boolean; waited: boolean }

/** Two that wait for each other are told apart by the database soon. */
const patienceMs = 20_000

/** `waits`: whether a process waits for a lock in the database. */
export function openTurns(waits: (process: number) => Promise<boolean>): Turns {
  let players: readonly [Player, Player] | null = null
  let current: Player | null = null
  let bell = Promise.withResolvers<void>()
  const ring = () => {
    bell.resolve()
    bell = Promise.withResolvers()
  }
  const queueUp = async (me: Player | undefined) => {
    if (!me || me.finished) return
    await new Promise<void>((go) => {
      me.queue.push(go)
      ring()
    })
  }
  const turnOf = (index: 0 | 1): Turn => ({
    isAlone: () => players === null,
    pass: () => queueUp(players?.[index]),
    send() {
      const me = players?.[index]
      if (!me) return async () => undefined
      me.sent++
      return async () => {
        me.sent--
        ring()
        // The other has been at work while this one waited in the database.
        if (current !== me) await queueUp(me)
      }
    },
  })

  /** Until a process has stopped before its next step, waits for a lock, or has ended. */
  async function untilItStands(player: Player): Promise<void> {
    for (;;) {
      await tick()
      if (player.finished || (player.sent === 0 && player.queue.length > 0)) return
      const rung = await Promise.race([bell.promise.then(() => true), sleep(2)])
      if (!rung && player.sent > 0 && (await waits(player.index))) {
        player.waited = true
        return
      }
    }
  }

  async function conduct(random: Random, both: readonly [Player, Player]): Promise<void> {
    let stuckSince: number | undefined
    while (both.some(({ finished }) => !finished)) {
      for (const player of both) await untilItStands(player)
      const ready = both.filter(({ finished, sent, queue }) => !finished && sent === 0 && queue.length > 0)
      if (ready.length === 0) {
        stuckSince ??= performance.now()
        if (performance.now() - stuckSince > patienceMs) throw new Error('two processes wait for each other for ever')
        continue
      }
      stuckSince = undefined
      current = random.pick(ready)
      current.queue.shift()?.()
    }
  }

  const of = [turnOf(0), turnOf(1)] as const
  return {
    of,
    async together(random, works) {
      const both = [0, 1].map((index) => ({ index, queue: [], sent: 0, finished: false, waited: false }))
      const [one, other] = both as unknown as [Player, Player]
      players = [one, other]
      const run = async (me: Player, work: (typeof works)[0]) => {
        try {
          await queueUp(me)
          return { value: await work() }
        } catch (error) {
          return { error }
        } finally {
          me.finished = true
          for (const go of me.queue.splice(0)) go()
          ring()
        }
      }
      try {
        const running = [run(one, works[0]), run(other, works[1])] as const
        await conduct(random, players)
        return { ended: await Promise.all(running), waited: one.waited || other.waited }
      } finally {
        players = null
        current = null
      }
    },
  }
}
