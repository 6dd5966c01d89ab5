import { transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { ask } from '../jobs/tasks.ts'
import { findLatestEntry } from '../rails/ach/ach-entry.queries.ts'
import { nextCutOff } from '../rails/ach/window.ts'
import { openHttpWorld } from '../simulations/http-world.ts'
import type { OutsideWorld } from '../simulations/outside-world.ts'
import type { SimulationParts } from '../simulations/simulation-parts.ts'
import type { TurnableClock } from '../simulations/turnable-clock.ts'

/** What is mounted in a sandbox and nowhere else: the turnable clock, and the controls of the pretend outside world. */
export const simulationsOf = (house: House, clock: TurnableClock, world: string | OutsideWorld): SimulationParts => ({
  house,
  clock,
  world: typeof world === 'string' ? openHttpWorld(world) : world,
  collect: (bankId) =>
    transact(house.sql, async (tx) => {
      for (const { id } of house.originatingBanks)
        if (bankId === undefined || id === bankId) await ask(tx, 'collect-reports', { bankId: id })
    }),
  entryOf: (paymentId) => findLatestEntry(house, paymentId),
  nextCutOff() {
    const cutOffs = house.originatingBanks.map((bank) => nextCutOff(bank, clock.now()).at)
    return cutOffs.sort((a, b) => a.getTime() - b.getTime())[0]
  },
})
