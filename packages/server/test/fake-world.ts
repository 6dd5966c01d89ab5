import type { OutsideWorld, WishAnswer, WorldClock } from '../src/simulations/outside-world.ts'

export type FakeWorld = OutsideWorld & {
  /** What happens when: each does something, and answers how many files it left. */
  readonly plan: { at: Date; happens: () => number | Promise<number> }[]
  /** Every turn it was given, and every wish. */
  readonly told: string[]
  now: Date
  standing: boolean
  /** Thrown by every call. */
  broken: Error | undefined
  /** What it says to the next wish. */
  answer: WishAnswer
}

/** An outside world whose future a test writes down. It never runs on by itself. */
export function openFakeWorld(now: Date): FakeWorld {
  const answers = async <T>(value: () => T | Promise<T>): Promise<T> => {
    if (world.broken) throw world.broken
    return value()
  }
  const show = (): WorldClock => {
    const [next] = world.plan.toSorted((a, b) => a.at.getTime() - b.at.getTime())
    return { now: world.now, standing: world.standing, nextDueAt: next?.at ?? null }
  }
  const wish = (...words: string[]) =>
    answers(() => {
      world.told.push(words.join(' '))
      return world.answer
    })
  const world: FakeWorld = {
    ...{ plan: [], told: [], now, standing: false, broken: undefined, answer: { kind: 'done', wrote: 1 } },
    clock: () => answers(show),
    turnTo: (at, standing) =>
      answers(async () => {
        if (at < world.now) return 'ahead'
        world.told.push(`clock ${at.toISOString()}${standing ? ' standing' : ''}`)
        Object.assign(world, { now: at, standing })
        let wrote = 0
        for (const due of world.plan.filter((one) => one.at <= at)) {
          world.plan.splice(world.plan.indexOf(due), 1)
          wrote += await due.happens()
        }
        return { ...show(), wrote }
      }),
    settle: (trace) => wish('settle', trace),
    returnEntry: (trace, how) => wish('return', trace, JSON.stringify(how)),
    correct: (trace, how) => wish('correct', trace, JSON.stringify(how)),
    listRules: () => answers(() => []),
    addRule: (rule) => answers(() => ({ ...rule, id: 'rule-1', timesLeft: rule.times ?? null })),
    removeRule: (id) => answers(() => id === 'rule-1'),
    listFaults: () => answers(() => []),
    addFault: (fault) => answers(() => ({ ...fault, id: 'fault-1', timesLeft: fault.times ?? null })),
    clearFaults: () => answers(() => 0),
  }
  return world
}
