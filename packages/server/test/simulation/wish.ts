import type { House } from '../../src/house.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { type Act, attempt } from './act.ts'
import type { Promised } from './auditor/answers.ts'
import type { Deployment, Process } from './deployment.ts'
import type { Customer } from './people.ts'
import type { PretendBank } from './pretend-bank.ts'
import type { Random } from './random.ts'

/** What the house said about a promise: that it is done, or why not. */
export type Said = string

/** What somebody wants. The same is asked again, with the same key, until the house has answered. */
export type Wish = Readonly<{
  says: string
  /** What the house promises with its answer: for each, it says something of its own. */
  promised: readonly Promised[]
  /** Undefined: done. */
  ask(house: House): Promise<readonly Said[] | undefined>
}>

export type Stage = Readonly<{
  deployment: Deployment
  random: Random
  customers: Customer[]
  bank: Pick<PretendBank, 'goAway'>
  /** A key that was never used. */
  key(): string
}>

/** Undefined: there is nothing to wish for. */
export type Maker = (stage: Stage) => Promise<Wish | undefined>

/** Something is done, and nothing of it has to be remembered. */
export const plain = (says: string, ask: (house: House) => Promise<unknown>, promised: Promised[] = []): Wish => ({
  ...{ says, promised },
  ask: async (house) => {
    await ask(house)
    return undefined
  },
})

/** What was promised by a wish, and what was said of it: what is heard, the auditor holds against the house. */
export type Heard = (promised: Promised, said: Said) => void

/** `diesAt`: at which step whoever does it dies; null: not at all. */
export const actOf = (wish: Wish, heard: Heard, diesAt: () => number | null): Act => ({
  says: wish.says,
  async by(process: Process) {
    let said: readonly Said[] | undefined
    const told = await attempt(process, diesAt(), async () => {
      said = await wish.ask(process.house)
    })
    if (told.kind === 'failed') return { ...told, kind: 'broken' }
    if (told.kind !== 'killed')
      for (const [index, promised] of wish.promised.entries())
        heard(promised, told.kind === 'refused' ? told.says : (said?.[index] ?? 'done'))
    return said ? { ...told, says: said.join(', ') } : told
  },
  end: async () => undefined,
})

/** What a command that answers for several says of one of them. */
export const saidOf = (outcome: { refused: unknown } | { value: unknown }): Said => {
  if (!('refused' in outcome)) return 'done'
  if (outcome.refused instanceof Refusal) return outcome.refused.code
  throw outcome.refused
}
