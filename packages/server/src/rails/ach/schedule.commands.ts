import { transact } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { remindOfRelease } from '../../payments/funds.jobs.ts'
import { remindOfCutOff } from './cut-off.jobs.ts'
import { remindOfCollecting } from './report.jobs.ts'

/** Puts on the agenda what recurs and is not there yet: called when a worker starts. */
export function scheduleRails(house: House): Promise<void> {
  return transact(house.sql, async (tx) => {
    const known = new Set(
      (await tx<{ key: string }[]>`select key from agenda where key like 'ach:%' or key = 'funds:release'`).map(
        ({ key }) => key,
      ),
    )
    const now = house.now()
    for (const bank of house.originatingBanks) {
      if (!known.has(`ach:${bank.id}:cut-off`)) await remindOfCutOff(tx, bank, now)
      if (!known.has(`ach:${bank.id}:collect`)) await remindOfCollecting(tx, bank, now)
    }
    if (!known.has('funds:release')) await remindOfRelease(tx, now)
  })
}
