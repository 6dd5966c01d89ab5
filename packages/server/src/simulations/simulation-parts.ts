import type { House } from '../house.ts'
import type { OutsideWorld } from './outside-world.ts'
import type { TurnableClock } from './turnable-clock.ts'

/** What the simulations are lent, beside the house. */
export type SimulationParts = Readonly<{
  house: House
  clock: TurnableClock
  world: OutsideWorld
  /** Asks the jobs that fetch what a bank has left for us; of every bank when none is named. */
  collect(bankId?: string): Promise<void>
  /** The newest entry of a payment that was put into a file. */
  entryOf(paymentId: string): Promise<Readonly<{ traceNumber: string; bankId: string }> | undefined>
  /** When what is authorized now goes out. Undefined: nobody knows. */
  nextCutOff(): Date | undefined
}>
